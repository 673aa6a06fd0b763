import type { Bench, Workload } from '../bench.ts'
import { createSessions } from '../load/create-sessions.ts'
import { measureTurns, type TurnSample } from '../load/json-turns.ts'
import { against, type Bar, compare, type Row } from '../report/row.ts'
import type { InsideAnswer } from '../servers/inside-messages.ts'
import type { MeasuredServer, Side } from '../servers/measured-server.ts'
import { withServers } from '../servers/with-servers.ts'

/** What sessions cost that nobody uses. */
export const sessionMemory: Workload = {
  name: 'session-memory',
  about: 'memory of idle sessions, and a turn beside very many of them',
  run: (bench) =>
    withServers(bench, { chat: 'echo', inside: true }, async ({ ours, raw }) => {
      const counts = [bench.size(100_000, 500), bench.size(1_000_000, 1_000)]
      const mine = await fill(bench, ours, counts)
      const theirs = await fill(bench, raw, counts)
      return [
        ...counts.flatMap((count, n) => memoryRows(count, pairOf(mine, theirs, n), n === counts.length - 1)),
        against(
          { what: `JSON turn beside ${counts.at(-1)} sessions (to one beside few)`, unit: 'µs', bar: flat },
          mine.after.map(({ cpuPerRequest }) => cpuPerRequest),
          mine.before.map(({ cpuPerRequest }) => cpuPerRequest),
        ),
      ]
    }),
}

/** The cost of a turn is flat when it stays within it. */
const flat: Bar = { of: 'ratio', atMost: 1.2 }

interface Filling {
  readonly empty: InsideAnswer
  /** After each count. */
  readonly filled: readonly InsideAnswer[]
  readonly before: readonly TurnSample[]
  readonly after: readonly TurnSample[]
}

async function fill(bench: Bench, server: MeasuredServer, counts: readonly number[]): Promise<Filling> {
  const { rounds, progress } = bench
  const connections = 16
  const requests = bench.size(5_000, 100)
  const sessions = await createSessions(bench, server.port, bench.size(1_000, 100))
  const turns = async (): Promise<TurnSample[]> => {
    const samples: TurnSample[] = []
    for (let round = 0; round < rounds; round += 1) {
      samples.push(await measureTurns(bench, server, { sessions, connections, requests }))
    }
    return samples
  }
  await turns() // so that what is compiled, and what is used again, is there
  const before = await turns()
  const empty = await server.ask('memory')
  const filled: InsideAnswer[] = []
  let made = 0
  for (const count of counts) {
    // The ids that are returned are of no use, and of more memory the larger the step.
    for (const step = bench.size(50_000, 500); made < count; made += step) {
      progress(`session memory, ${server.side}: ${made} of ${count} sessions`)
      await createSessions(bench, server.port, step)
    }
    filled.push(await server.ask('memory'))
  }
  return { empty, filled, before, after: await turns() }
}

/** What came of one count, on both sides. */
function pairOf(ours: Filling, raw: Filling, n: number): Readonly<Record<Side, readonly Growth[]>> {
  const growth = ({ empty, filled }: Filling): Growth => ({ empty, filled: filled[n] ?? {} })
  return { ours: [growth(ours)], raw: [growth(raw)] }
}

interface Growth {
  readonly empty: InsideAnswer
  readonly filled: InsideAnswer
}

function memoryRows(count: number, pair: Readonly<Record<Side, readonly Growth[]>>, isLast: boolean): Row[] {
  const each = (bytes: (answer: InsideAnswer) => number) => {
    return ({ empty, filled }: Growth) => (bytes(filled) - bytes(empty)) / count / 1024
  }
  const inUse = ({ inUse = 0 }: InsideAnswer) => inUse
  const rss = ({ rss = 0 }: InsideAnswer) => rss
  const bar: Bar = { of: 'ours', atMost: 1.2 }
  const total = { what: `${count} idle sessions, resident in all`, unit: 'MB' } as const
  return [
    compare({ what: `${count} idle sessions, held for each`, unit: 'KB', bar }, pair, each(inUse)),
    compare({ what: `${count} idle sessions, resident for each`, unit: 'KB' }, pair, each(rss)),
    compare(
      isLast ? { ...total, bar: { of: 'ours', atMost: 1_500 } } : total,
      pair,
      ({ filled }) => rss(filled) / 1e6,
    ),
  ]
}
