import type { Bench, Workload } from '../bench.ts'
import { answerMs } from '../chats/slow-echo.ts'
import type { Answer } from '../load/ask.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { Connection } from '../load/connection.ts'
import { createSessions } from '../load/create-sessions.ts'
import type { Exchange } from '../load/exchange.ts'
import { jsonTurns } from '../load/json-turns.ts'
import { openLoop } from '../load/open-loop.ts'
import { quantile } from '../measure/spread.ts'
import { against, alone, type Row } from '../report/row.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { withOurs } from '../servers/with-servers.ts'

/** How many turns may run at once. With the time that an answer takes, this is the capacity. */
const maxTurns = 100
/** How much more than the capacity is asked for. */
const tooMuch = 3

/** More messages than may be answered. */
export const overload: Workload = {
  name: 'overload',
  about: `${tooMuch} times as many messages as can be answered: ${maxTurns} turns at once, of ${answerMs} ms each`,
  run: (bench) =>
    withOurs(bench, { chat: 'slow-echo', flags: [`--max-turns=${maxTurns}`] }, async (server) => {
      const sessions = await createSessions(bench, server.port, 800)
      const samples: Sample[] = []
      await measureOverload({ ...bench, size: (_, quick) => quick }, server, sessions) // what is used often is compiled
      for (let round = 0; round < bench.rounds; round += 1) {
        bench.progress(`overload, round ${round + 1} of ${bench.rounds}`)
        samples.push(await measureOverload(bench, server, sessions))
      }
      return rowsOf(samples)
    }),
}

interface Sample {
  /** Answers a second, at most. */
  readonly peak: number
  /** Answers a second, while too much was asked for. */
  readonly goodput: number
  /** How long a refusal took, in milliseconds. */
  readonly refusalP50: number
  readonly refusalP99: number
  /** How long an answer took meanwhile. */
  readonly answerP99: number
  readonly missed: number
}

async function measureOverload(
  bench: Bench,
  server: MeasuredServer,
  sessions: readonly string[],
): Promise<Sample> {
  const { port } = server
  const connections = await Connection.openMany(port, 400)
  try {
    const few = connections.slice(0, maxTurns)
    const total = bench.size(6_000, 300)
    const begun = performance.now()
    await closedLoop(few, total, jsonTurns(port, sessions, few.length), bench.faults)
    const peak = total / ((performance.now() - begun) / 1_000)

    const ms = bench.size(4_000, 500)
    const exchange = orRefused(jsonTurns(port, sessions, connections.length))
    const load = { perSecond: peak * tooMuch, signal: AbortSignal.timeout(ms), exchange }
    const { answers, missed } = await openLoop(connections, load, bench.faults)
    const timesOf = (status: number) =>
      Float64Array.from(
        answers.filter((answer) => answer.status === status),
        ({ ms }) => ms,
      ).sort()
    const [answered, refused] = [timesOf(200), timesOf(503)]
    return {
      peak,
      goodput: answered.length / (ms / 1_000),
      refusalP50: quantile(refused, 0.5),
      refusalP99: quantile(refused, 0.99),
      answerP99: quantile(answered, 0.99),
      missed,
    }
  } finally {
    for (const connection of connections) connection.close()
  }
}

/** A refusal is as right as an answer, if it says what it has to. */
function orRefused(exchange: Exchange): Exchange {
  return {
    request: exchange.request,
    faultOf: (answer, n, lane) => (isRefusal(answer) ? null : exchange.faultOf(answer, n, lane)),
  }
}

function isRefusal({ status, head, body }: Answer): boolean {
  return status === 503 && body.includes('"code":"overloaded"') && /\r\nretry-after: \d+/i.test(head)
}

function rowsOf(samples: readonly Sample[]): Row[] {
  const figures = (of: (sample: Sample) => number) => samples.map(of)
  const missed = figures((sample) => sample.missed).reduce((sum, each) => sum + each, 0)
  const note = missed === 0 ? null : `${missed} requests could not be sent: no connection was free`
  return [
    against(
      {
        what: `overload, answers a second at ${tooMuch} times the capacity (to the peak)`,
        unit: '1/s',
        bar: { of: 'ratio', atLeast: 0.9 },
        note,
      },
      figures(({ goodput }) => goodput),
      figures(({ peak }) => peak),
    ),
    alone(
      { what: 'overload, a refusal, p50', unit: 'ms' },
      figures(({ refusalP50 }) => refusalP50),
    ),
    alone(
      { what: 'overload, a refusal, p99', unit: 'ms', bar: { of: 'ours', atMost: 1 } },
      figures(({ refusalP99 }) => refusalP99),
    ),
    alone(
      { what: 'overload, an answer, p99', unit: 'ms' },
      figures(({ answerP99 }) => answerP99),
    ),
  ]
}
