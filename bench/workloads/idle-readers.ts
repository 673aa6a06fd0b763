import type { Bench, Workload } from '../bench.ts'
import { ask } from '../load/ask.ts'
import { Connection } from '../load/connection.ts'
import { encodeGet, postEncoder } from '../load/encode-request.ts'
import { wrongStatus } from '../load/exchange.ts'
import { openReaders, unendingChat } from '../load/open-readers.ts'
import { measureUse } from '../measure/measure-use.ts'
import { inOrder, quantile } from '../measure/spread.ts'
import { type Bar, compare } from '../report/row.ts'
import type { InsideAnswer } from '../servers/inside-messages.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { withServers } from '../servers/with-servers.ts'

/** How many turns they read. */
const turnCount = 100
/** How often a probe comes meanwhile, in milliseconds. */
const probeMs = 20

/** Readers of turns that go on and say nothing. */
export const idleReaders: Workload = {
  name: 'idle-readers',
  about: 'readers of streams on which nothing happens',
  run: (bench) =>
    withServers(bench, { chat: 'unending', inside: true, rawFlags: ['--record'] }, async ({ ours, raw }) => {
      const count = bench.size(10_000, 200)
      const pair = {
        ours: [await measureIdle(bench, ours, count)],
        raw: [await measureIdle(bench, raw, count)],
      }
      const bar: Bar = { of: 'ours', atMost: 12 }
      const each = (bytes: number) => bytes / count / 1024
      const readers = `${count} idle readers`
      return [
        compare({ what: `${readers}, held for each`, unit: 'KB', bar }, pair, ({ inUse }) => each(inUse)),
        compare({ what: `${readers}, resident for each`, unit: 'KB' }, pair, ({ rss }) => each(rss)),
        compare({ what: `${readers}, a probe's p50`, unit: 'ms' }, pair, ({ p50 }) => p50),
        compare({ what: `${readers}, a probe's p99`, unit: 'ms' }, pair, ({ p99 }) => p99),
        compare({ what: `${readers}, event-loop lag p99`, unit: 'ms' }, pair, ({ lagP99 }) => lagP99),
        compare({ what: `${readers}, CPU, of a core`, unit: '%' }, pair, ({ share }) => share * 100),
      ]
    }),
}

async function measureIdle(bench: Bench, server: MeasuredServer, count: number) {
  const { port } = server
  const chat = postEncoder(port, '/api/v1/chat')(unendingChat)
  bench.progress(`idle readers, ${server.side}: opening`)
  const first = await openReaders(bench, port, turnCount, () => chat)
  const before = await server.ask('memory')
  const paths = first.turnPaths
  const again = (n: number) => encodeGet(port, paths[n % paths.length] ?? '')
  const others = await openReaders(bench, port, count, again)
  const after = await server.ask('memory')
  // Longer than the silence after which a comment is sent, so that those are part of it.
  bench.progress(`idle readers, ${server.side}: waiting`)
  await server.ask('beginLag')
  const { result, cpuUs, wallMs } = await measureUse(bench, server, () =>
    probe(bench, port, bench.size(20_000, 1_000)),
  )
  const { lagP99 = 0 } = await server.ask('endLag')
  first.close()
  others.close()
  const grown = (bytes: (answer: InsideAnswer) => number) => bytes(after) - bytes(before)
  return {
    rss: grown(({ rss = 0 }) => rss),
    inUse: grown(({ inUse = 0 }) => inUse),
    p50: quantile(result, 0.5),
    p99: quantile(result, 0.99),
    lagP99,
    share: cpuUs / 1_000 / wallMs,
  }
}

/** Asks for a sign of life now and then. @returns how long each took, in milliseconds, in ascending order */
async function probe({ faults }: Bench, port: number, forMs: number): Promise<Float64Array> {
  const connection = await Connection.open(port)
  const request = encodeGet(port, '/health/live')
  const times: number[] = []
  try {
    for (const begun = performance.now(); performance.now() - begun < forMs; ) {
      const sentAt = performance.now()
      const fault = wrongStatus(await ask(connection, request), 200)
      times.push(performance.now() - sentAt)
      if (fault !== null) faults.add(fault)
      await new Promise((resolve) => setTimeout(resolve, probeMs))
    }
  } finally {
    connection.close()
  }
  return inOrder(times)
}
