import type { Bench, Workload } from '../bench.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { Connection } from '../load/connection.ts'
import { createSessions } from '../load/create-sessions.ts'
import { jsonTurns, measureTurns, type TurnSample } from '../load/json-turns.ts'
import { against, alone } from '../report/row.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { withOurs } from '../servers/with-servers.ts'

/** Sessions of one length. */
interface Length {
  readonly messages: number
  readonly sessions: number
}

/** A turn in a session that is long already. */
export const longSession: Workload = {
  name: 'long-session',
  about: 'a turn in a session of few, of many and of very many messages',
  run: (bench) =>
    withOurs(bench, { chat: 'echo' }, async (server) => {
      const lengths: readonly Length[] = [
        { messages: 10, sessions: bench.size(1_000, 50) },
        { messages: bench.size(1_000, 100), sessions: bench.size(100, 5) },
        { messages: bench.size(100_000, 1_000), sessions: 1 },
      ]
      const sessions: (readonly string[])[] = []
      for (const length of lengths) sessions.push(await makeLong(bench, server, length))
      const samples = await measureAll(bench, server, sessions)
      const cpu = samples.map((each) => each.map(({ cpuPerRequest }) => cpuPerRequest))
      const [short = []] = cpu
      return lengths.map(({ messages }, n) => {
        const values = cpu[n] ?? []
        const name = { what: `JSON turn, ${messages} messages in its session, c=1, CPU`, unit: 'µs' } as const
        if (n === 0) return alone(name, values)
        const what = `${name.what} (to one with 10)`
        const isLast = n === lengths.length - 1
        return against(
          { ...name, what, ...(isLast ? { bar: { of: 'ratio', atMost: 1.2 } } : {}) },
          values,
          short,
        )
      })
    }),
}

/** Makes sessions with so many messages each; where several connections do it, some get a few more than others. */
async function makeLong(
  bench: Bench,
  { port }: MeasuredServer,
  { messages, sessions: count }: Length,
): Promise<readonly string[]> {
  const sessions = await createSessions(bench, port, count)
  await Connection.withMany(port, Math.min(10, count), async (connections) => {
    const total = (messages / 2) * count
    const exchange = jsonTurns(port, sessions, connections.length)
    for (let made = 0, step = 0; made < total; made += step) {
      bench.progress(`long session, ${messages} messages: ${made} of ${total} turns`)
      step = Math.min(5_000, total - made)
      await closedLoop(connections, step, exchange, bench.faults)
    }
  })
  return sessions
}

/** Measures turns in sessions of each length, one length after the other in every round. */
async function measureAll(
  bench: Bench,
  server: MeasuredServer,
  sessions: readonly (readonly string[])[],
): Promise<readonly TurnSample[][]> {
  const samples = sessions.map((): TurnSample[] => [])
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const [n, each] of sessions.entries()) {
      bench.progress(`long session, round ${round + 1} of ${bench.rounds}`)
      const load = { sessions: each, connections: 1, requests: bench.size(1_000, 50) }
      samples[n]?.push(await measureTurns(bench, server, load))
    }
  }
  return samples
}
