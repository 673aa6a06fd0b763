import type { Bench, Workload } from '../bench.ts'
import { answerMs } from '../chats/slow-echo.ts'
import type { Answer } from '../load/ask.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { Connection } from '../load/connection.ts'
import { createSessions } from '../load/create-sessions.ts'
import type { Exchange } from '../load/exchange.ts'
import { jsonTurns } from '../load/json-turns.ts'
import { openLoop } from '../load/open-loop.ts'
import { coreTimeOf } from '../measure/core-time.ts'
import { inOrder, quantile } from '../measure/spread.ts'
import { against, alone, type Row } from '../report/row.ts'
import { LogTail } from '../servers/log-tail.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { withOurs } from '../servers/with-servers.ts'

/** How many turns may run at once. With the time that an answer takes, this is the capacity. */
const maxTurns = 100
/** When the server waited for its core for more of the time, figures tell of other programs, too. */
const disturbed = 0.05
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
  /** How long it took inside the server, by its own log, in milliseconds. */
  readonly insideP50: number
  readonly insideP99: number
  /** How long an answer took meanwhile. */
  readonly answerP99: number
  readonly missed: number
  /** How much of its core the server took, and for how much of the time it waited because others had it, from 0 to 1. */
  readonly busyShare: number
  readonly waitShare: number
}

async function measureOverload(
  bench: Bench,
  server: MeasuredServer,
  sessions: readonly string[],
): Promise<Sample> {
  const { port } = server
  return Connection.withMany(port, 400, async (connections) => {
    const few = connections.slice(0, maxTurns)
    const total = bench.size(2_000, 300)
    const begun = performance.now()
    await closedLoop(few, total, jsonTurns(port, sessions, few.length), bench.faults)
    const peak = total / ((performance.now() - begun) / 1_000)

    const ms = bench.size(4_000, 500)
    const exchange = orRefused(jsonTurns(port, sessions, connections.length))
    const log = new LogTail(server.log)
    const before = coreTimeOf(server.pid)
    const load = { perSecond: peak * tooMuch, signal: AbortSignal.timeout(ms), exchange }
    const { answers, missed } = await openLoop(connections, load, bench.faults)
    const after = coreTimeOf(server.pid)
    const inside = log.read('"code":"overloaded"').map((line) => JSON.parse(line) as { duration_ms: number })
    const insideTimes = inOrder(inside.map(({ duration_ms }) => duration_ms))
    const timesOf = (status: number) =>
      inOrder(answers.filter((answer) => answer.status === status).map(({ ms }) => ms))
    const [answered, refused] = [timesOf(200), timesOf(503)]
    return {
      peak,
      goodput: answered.length / (ms / 1_000),
      refusalP50: quantile(refused, 0.5),
      refusalP99: quantile(refused, 0.99),
      insideP50: quantile(insideTimes, 0.5),
      insideP99: quantile(insideTimes, 0.99),
      answerP99: quantile(answered, 0.99),
      missed,
      busyShare: (after.busy - before.busy) / 1e6 / ms,
      waitShare: (after.waiting - before.waiting) / 1e6 / ms,
    }
  })
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
  const kept = Math.max(...figures(({ waitShare }) => waitShare))
  const notes = [
    ...(missed === 0 ? [] : [`${missed} requests could not be sent: no connection was free`]),
    ...(kept < disturbed
      ? []
      : [`for up to ${Math.round(100 * kept)} % of the time, other programs kept the server from its core`]),
  ]
  const note = notes.length === 0 ? null : notes.join('; ')
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
      { what: 'overload, a refusal inside the server, p50', unit: 'ms' },
      figures(({ insideP50 }) => insideP50),
    ),
    alone(
      {
        what: 'overload, a refusal inside the server, p99',
        unit: 'ms',
        bar: { of: 'ours', atMost: 1 },
        note,
      },
      figures(({ insideP99 }) => insideP99),
    ),
    alone(
      { what: 'overload, a refusal as its client sees it, p50', unit: 'ms' },
      figures(({ refusalP50 }) => refusalP50),
    ),
    alone(
      { what: 'overload, a refusal as its client sees it, p99', unit: 'ms' },
      figures(({ refusalP99 }) => refusalP99),
    ),
    alone(
      { what: 'overload, an answer, p99', unit: 'ms' },
      figures(({ answerP99 }) => answerP99),
    ),
    alone(
      { what: "overload, the server's share of its core", unit: '%' },
      figures(({ busyShare }) => 100 * busyShare),
    ),
  ]
}
