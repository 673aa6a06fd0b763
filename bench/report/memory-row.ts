import { memoryOfProcessTree } from '../measure/cpu-of-process-tree.ts'
import type { Side } from '../servers/measured-server.ts'
import type { Servers } from '../servers/with-servers.ts'
import { compare, type Row } from './row.ts'

/** What the servers have resident when all has been done. */
export function memoryRow(called: string, servers: Servers): Row {
  const memory = (side: Side) => [memoryOfProcessTree(servers[side].pid) / 1e6]
  const pair = { ours: memory('ours'), raw: memory('raw') }
  return compare({ what: `${called}, memory afterwards`, unit: 'MB' }, pair, (bytes) => bytes)
}
