import { randomUUID } from 'node:crypto'
import type { Bench, Workload } from '../bench.ts'
import { createSessions } from '../load/create-sessions.ts'
import { jsonTurns, keyedTurns, measureTurns } from '../load/json-turns.ts'
import { noteOfLoad } from '../measure/measure-use.ts'
import { inRounds } from '../measure/rounds.ts'
import { memoryRow } from '../report/memory-row.ts'
import { type Bar, compare, type Row } from '../report/row.ts'
import type { Side } from '../servers/measured-server.ts'
import { type Servers, withServers } from '../servers/with-servers.ts'

/** What is to be reached with sessions in memory. */
const bar: Bar = { of: 'ratio', atMost: 1.7, aim: 1.4 }

/** A message of 200 bytes, and its answer as JSON. */
export const jsonTurn: Workload = {
  name: 'json-turn',
  about: 'a message of 200 bytes in a session, and its answer as JSON',
  run: (bench) =>
    withServers(bench, { chat: 'echo' }, async (servers) => {
      const rows: Row[] = []
      for (const connections of [1, 16, 64]) {
        const called = `JSON turn, c=${connections}`
        rows.push(
          ...(await turnRows(bench, servers, { called, connections, ...(connections > 1 ? { bar } : {}) })),
        )
      }
      rows.push(await keyedRow(bench, servers))
      return [...rows, memoryRow('JSON turn', servers)]
    }),
}

/** Which turns to measure. */
export interface TurnRowsOptions {
  /** What the rows are called. */
  readonly called: string
  readonly connections: number
  /** For the CPU of a request. */
  readonly bar?: Bar
  readonly requests?: number
}

/** How many sessions they are spread over: so many that none grows beyond what a chat interface is given of it. */
const sessionCount = 1_000

/** Measures JSON turns of both servers: CPU, and how long they take. */
export async function turnRows(
  bench: Bench,
  servers: Servers,
  { called, connections, bar, requests = bench.size(10_000, 200) }: TurnRowsOptions,
): Promise<Row[]> {
  const sessions = await sessionsOf(bench, servers)
  await warmUp(bench, servers, sessions)
  const pair = await inRounds(bench, called, servers, (server) =>
    measureTurns(bench, server, { sessions: sessions[server.side], connections, requests }),
  )
  const note = noteOfLoad([...pair.ours, ...pair.raw])
  const cpu = { what: `${called}, CPU per request`, unit: 'µs', note } as const
  return [
    compare(bar === undefined ? cpu : { ...cpu, bar }, pair, ({ cpuPerRequest }) => cpuPerRequest),
    compare({ what: `${called}, p50`, unit: 'ms' }, pair, ({ p50 }) => p50),
    compare({ what: `${called}, p99`, unit: 'ms' }, pair, ({ p99 }) => p99),
    compare({ what: `${called}, throughput`, unit: '1/s' }, pair, ({ perSecond }) => perSecond),
  ]
}

/** Each request with a key of its own, which the baseline does not look at. */
async function keyedRow(bench: Bench, servers: Servers): Promise<Row> {
  const sessions = await sessionsOf(bench, servers)
  const connections = 16
  const requests = bench.size(10_000, 200)
  const what = `JSON turn with Idempotency-Key, c=${connections}`
  const pair = await inRounds(bench, what, servers, (server) => {
    const run = randomUUID()
    const keyOf = (n: number) => `${run}-${n}`
    const load = { sessions: sessions[server.side], connections, requests }
    return measureTurns(bench, server, load, keyedTurns(server.port, load.sessions, connections, keyOf))
  })
  return compare({ what: `${what}, CPU per request`, unit: 'µs' }, pair, ({ cpuPerRequest }) => cpuPerRequest)
}

/** New sessions on both servers. */
export async function sessionsOf(
  bench: Bench,
  { ours, raw }: Servers,
  count = sessionCount,
): Promise<Readonly<Record<Side, readonly string[]>>> {
  return {
    ours: await createSessions(bench, ours.port, count),
    raw: await createSessions(bench, raw.port, count),
  }
}

/** Lets the engine compile what is used often, before anything is measured. */
async function warmUp(
  bench: Bench,
  { ours, raw }: Servers,
  sessions: Readonly<Record<Side, readonly string[]>>,
): Promise<void> {
  for (const server of [ours, raw]) {
    const load = { sessions: sessions[server.side], connections: 16, requests: bench.size(5_000, 100) }
    const exchange = jsonTurns(server.port, load.sessions, load.connections)
    await measureTurns({ ...bench, profiles: null }, server, load, exchange)
  }
}
