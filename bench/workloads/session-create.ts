import type { Bench, Workload } from '../bench.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { Connection } from '../load/connection.ts'
import { sessionCreates } from '../load/create-sessions.ts'
import { measureUse, noteOfLoad } from '../measure/measure-use.ts'
import { inRounds } from '../measure/rounds.ts'
import { quantile } from '../measure/spread.ts'
import { memoryRow } from '../report/memory-row.ts'
import { compare } from '../report/row.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { withServers } from '../servers/with-servers.ts'

const connections = 16

/** Making sessions. */
export const sessionCreate: Workload = {
  name: 'session-create',
  about: 'making sessions',
  run: (bench) =>
    withServers(bench, { chat: 'echo' }, async (servers) => {
      const requests = bench.size(10_000, 200)
      for (const server of [servers.ours, servers.raw]) {
        // The engine compiles on the same core: until it is done, that is most of what would be measured.
        await measureCreates({ ...bench, profiles: null }, server, bench.size(20_000, 100))
      }
      const called = `session create, c=${connections}`
      const pair = await inRounds(bench, called, servers, (server) => measureCreates(bench, server, requests))
      const note = noteOfLoad([...pair.ours, ...pair.raw])
      const name = {
        what: `${called}, CPU per request`,
        unit: 'µs',
        bar: { of: 'ratio', atMost: 2 },
        note,
      } as const
      return [
        compare(name, pair, ({ cpuUs }) => cpuUs / requests),
        compare({ what: `${called}, p50`, unit: 'ms' }, pair, ({ p50 }) => p50),
        compare({ what: `${called}, p99`, unit: 'ms' }, pair, ({ p99 }) => p99),
        memoryRow('session create', servers),
      ]
    }),
}

async function measureCreates(bench: Bench, server: MeasuredServer, requests: number) {
  return Connection.withMany(server.port, connections, async (lanes) => {
    const create = () => closedLoop(lanes, requests, sessionCreates(server.port), bench.faults)
    const { result, ...use } = await measureUse(bench, server, create)
    return { ...use, p50: quantile(result, 0.5), p99: quantile(result, 0.99) }
  })
}
