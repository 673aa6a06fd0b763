import type { Bench, Workload } from '../bench.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { Connection } from '../load/connection.ts'
import { createSessions, sessionCreates } from '../load/create-sessions.ts'
import { jsonTurns } from '../load/json-turns.ts'
import { type OpenLoopResult, openLoop, type TimedAnswer } from '../load/open-loop.ts'
import { inOrder, quantile } from '../measure/spread.ts'
import { against, alone, type Row } from '../report/row.ts'
import { LogTail } from '../servers/log-tail.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { withOurs } from '../servers/with-servers.ts'

/** How often requests come while sessions are collected. */
const perSecond = 500
/** How long after it has collected what there was the server looks again, in milliseconds. */
const sweepMs = 10_000
/** The longest that a collection may take to begin and to end, once all have expired, in milliseconds. */
const collectedMs = 120_000

/** Very many sessions that expire at the same time, while others are used. */
export const collection: Workload = {
  name: 'collection',
  about: 'sessions that expire all at once and are collected, while others are used',
  run: (bench) =>
    // The line that tells of a collection is at this level.
    withOurs(bench, { chat: 'echo', flags: ['--log-level', 'debug'] }, async (server) => {
      const count = bench.size(1_000_000, 2_000)
      const used = await createSessions(bench, server.port, 1_000)
      const expireAt = await createExpiring(bench, server, count)
      const end = new AbortController()
      return Connection.withMany(server.port, 32, async (connections) => {
        bench.progress(`collection of ${count} sessions: waiting for them to expire`)
        const exchange = jsonTurns(server.port, used, connections.length)
        const serving = openLoop(connections, { perSecond, signal: end.signal, exchange }, bench.faults)
        const collecting = watchCollection(bench, server, { count, expireAt }).finally(() => end.abort())
        const [served, collected] = await Promise.all([serving, collecting])
        return rowsOf(served, { ...collected, count })
      })
    }),
}

/** Makes sessions that expire at the same time, to a second, and not before a sweep has passed; returns when that is. */
async function createExpiring(
  { faults, progress }: Bench,
  { port }: MeasuredServer,
  count: number,
): Promise<number> {
  const step = Math.min(20_000, count / 10)
  return Connection.withMany(port, 16, async (connections) => {
    const create = async (ttlOf: () => number, sessions: number) => {
      const begun = performance.now()
      const body = () => `{"ttl_seconds":${ttlOf()}}`
      await closedLoop(connections, sessions, sessionCreates(port, undefined, body), faults)
      return performance.now() - begun
    }
    // The second ones tell how long the others will take: with the first ones, the engine compiles. All of these live on, and
    // are none of those that are counted.
    await create(() => 86_400, step)
    const stepMs = await create(() => 86_400, step)
    const deadline = performance.now() + (stepMs / step) * count * 1.5 + 1.5 * sweepMs
    for (let made = 0; made < count; made += step) {
      progress(`collection: ${made} of ${count} sessions`)
      if (performance.now() > deadline - 1_000)
        throw new Error('Making the sessions took longer than they live.')
      await create(() => Math.max(1, Math.round((deadline - performance.now()) / 1_000)), step)
    }
    return deadline
  })
}

/** When sessions were collected, in milliseconds since 1970. */
interface Collected {
  readonly from: number
  readonly to: number
}

/**
 * Waits until all are collected. Every sweep that collects anything has a line in the log, so a session that expires every
 * second makes every sweep tell when it was, and thereby when the next one begins. Asking the server how many sessions there
 * are would not do: to count them, it collects them.
 */
async function watchCollection(
  { faults }: Bench,
  server: MeasuredServer,
  { count, expireAt }: { readonly count: number; readonly expireAt: number },
): Promise<Collected> {
  const log = new LogTail(server.log)
  const short = sessionCreates(server.port, undefined, () => '{"ttl_seconds":1}')
  let sweptAt = Number.NaN
  let from = Number.NaN
  let collected = 0
  return Connection.withMany(server.port, 1, async (connections) => {
    for (;;) {
      for (const line of log.read('expired sessions collected')) {
        const { time, sessions = 0 } = JSON.parse(line) as {
          readonly time: number
          readonly sessions?: number
        }
        // Fewer are those that are there to be told of.
        if (sessions > count / 20) {
          if (Number.isNaN(from)) from = sweptAt + sweepMs
          collected += sessions
        }
        if (collected >= count) return { from, to: time }
        sweptAt = time
      }
      if (performance.now() - expireAt > collectedMs) {
        throw new Error(
          `Only ${collected} of ${count} sessions were collected ${collectedMs} ms after their end.`,
        )
      }
      await closedLoop(connections, 1, short, faults)
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  })
}

function rowsOf(
  { answers, missed }: OpenLoopResult,
  { from, to, count }: Collected & { readonly count: number },
): Row[] {
  const sent = ({ sentAt }: TimedAnswer) => performance.timeOrigin + sentAt
  const times = (part: readonly TimedAnswer[]) => inOrder(part.map(({ ms }) => ms))
  const before = times(answers.filter((answer) => sent(answer) < from - 100))
  // What was sent just before has waited for it, too.
  const during = times(answers.filter((answer) => sent(answer) + answer.ms >= from && sent(answer) < to))
  const called = `JSON turns while ${count} sessions are collected`
  const note = missed === 0 ? null : `${missed} requests could not be sent: no connection was free`
  const bar = { of: 'ratio', atMost: 3 } as const
  const p99 = [quantile(during, 0.99)]
  return [
    against({ what: `${called}, p99 (to that without)`, unit: 'ms', bar, note }, p99, [
      quantile(before, 0.99),
    ]),
    against({ what: `${called}, longest`, unit: 'ms' }, [quantile(during, 1)], [quantile(before, 1)]),
    alone({ what: `collection of ${count} sessions takes`, unit: 'ms' }, [to - from]),
  ]
}
