import type { Bench, Workload } from '../bench.ts'
import { pauseMs } from '../chats/paced-tokens.ts'
import { tokens } from '../chats/tokens.ts'
import { chatStreams, measureStreams } from '../load/streams.ts'
import { noteOfLoad } from '../measure/measure-use.ts'
import { inRounds } from '../measure/rounds.ts'
import { memoryRow } from '../report/memory-row.ts'
import { type Bar, compare, type Row } from '../report/row.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { type Servers, withServers } from '../servers/with-servers.ts'
import { sessionsOf } from './json-turn.ts'

/** How many streams run at once. */
export const atOnceOf = (bench: Bench): number[] =>
  [50, 500, 2_000].map((full) => bench.size(full, full / 50))

/** Streams whose tokens come as fast as they are taken. */
export const stream: Workload = {
  name: 'stream',
  about: `streams of ${tokens.length} tokens that come as fast as they are taken`,
  run: (bench) =>
    withServers(bench, { chat: 'tokens' }, async (servers) => {
      const rows: Row[] = []
      for (const [n, atOnce] of atOnceOf(bench).entries()) {
        const called = `stream, no delay, ${atOnce} at once`
        const each = Math.ceil(bench.size(4_000, 80) / atOnce)
        const bar: Bar = { of: 'ratio', atMost: 0.8 }
        rows.push(
          ...(await streamRows(bench, servers, { called, atOnce, each, ...(n === 1 ? { bar } : {}) })),
        )
      }
      rows.push(memoryRow('stream, no delay', servers))
      return rows
    }),
}

/** Streams whose tokens take their time. */
export const pacedStream: Workload = {
  name: 'paced-stream',
  about: `streams of ${tokens.length} tokens, each after a pause of ${pauseMs} ms`,
  run: (bench) =>
    withServers(bench, { chat: 'paced-tokens' }, async (servers) => {
      const rows: Row[] = []
      for (const [n, atOnce] of atOnceOf(bench).entries()) {
        const called = `stream, ${pauseMs} ms apart, ${atOnce} at once`
        const bars: StreamBars =
          n === 2 ? { bar: { of: 'ratio', atMost: 1.15 }, gapBar: { of: 'ratio', atMost: 2 } } : {}
        rows.push(
          ...(await streamRows(bench, servers, {
            called,
            atOnce,
            each: bench.size(2, 1),
            isPaced: true,
            ...bars,
          })),
        )
      }
      rows.push(memoryRow('stream, paced', servers))
      return rows
    }),
}

interface StreamBars {
  /** For the CPU of a token. */
  readonly bar?: Bar
  /** For the time between two tokens. */
  readonly gapBar?: Bar
}

/** Which streams to measure. */
export interface StreamRowsOptions extends StreamBars {
  /** What the rows are called. */
  readonly called: string
  readonly atOnce: number
  /** How many follow each other on each connection. */
  readonly each: number
  /** Whether tokens have pauses between them, so that there is something to be told of those. Default: false. */
  readonly isPaced?: boolean
}

/** Measures streams of both servers: CPU, and when their events arrive. */
export async function streamRows(
  bench: Bench,
  servers: Servers,
  { called, atOnce, each, isPaced = false, bar, gapBar }: StreamRowsOptions,
): Promise<Row[]> {
  const sessions = await sessionsOf(bench, servers, atOnce)
  const loadOf = ({ port, side }: MeasuredServer, each: number) => {
    return { requestOf: chatStreams(port, sessions[side]), atOnce, each, tokens }
  }
  for (const server of [servers.ours, servers.raw]) {
    await measureStreams({ ...bench, profiles: null }, server, loadOf(server, 1))
  }
  const pair = await inRounds(bench, called, servers, (server) =>
    measureStreams(bench, server, loadOf(server, each)),
  )
  const note = noteOfLoad([...pair.ours, ...pair.raw])
  const cpu = { what: `${called}, CPU per thousand tokens`, unit: 'µs', note } as const
  const gap = { what: `${called}, p99 gap between tokens`, unit: 'ms' } as const
  return [
    compare(bar === undefined ? cpu : { ...cpu, bar }, pair, ({ cpuPerToken }) => cpuPerToken * 1_000),
    compare({ what: `${called}, first event p50`, unit: 'ms' }, pair, ({ firstP50 }) => firstP50),
    compare({ what: `${called}, first event p99`, unit: 'ms' }, pair, ({ firstP99 }) => firstP99),
    ...(isPaced
      ? [compare(gapBar === undefined ? gap : { ...gap, bar: gapBar }, pair, ({ gapP99 }) => gapP99)]
      : []),
  ]
}
