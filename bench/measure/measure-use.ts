import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { cpuOfProcessTree } from './cpu-of-process-tree.ts'
import { stayAwake } from './stay-awake.ts'

/** What something cost. */
export interface Use<Result> {
  readonly result: Result
  /** How long the server's processes were on a processor, in microseconds. */
  readonly cpuUs: number
  /** How long it took, in milliseconds. */
  readonly wallMs: number
  /** How much of that time what makes the load had something to do, from 0 to 1. */
  readonly loadShare: number
}

/** What a server does when everything is answered (writing its log, say) still belongs to the answers. */
const settleMs = 30

/** Above it, and more than the server's share, what makes the load was what held things up. */
const busyShare = 0.95

let profileCount = 0

/** Does something, and measures what the server needs for it; takes a profile of ours where that is wanted. */
export async function measureUse<Result>(
  { profiles }: Pick<Bench, 'profiles'>,
  server: MeasuredServer,
  act: () => Promise<Result>,
): Promise<Use<Result>> {
  let idleMs = 0
  const isProfiled = profiles !== null && server.side === 'ours'
  if (isProfiled) await server.ask('beginProfile')
  const cpu = cpuOfProcessTree(server.pid)
  const begun = performance.now()
  const sleep = stayAwake()
  const result = await act().finally(() => (idleMs = sleep()))
  const wallMs = performance.now() - begun
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  const cpuUs = (cpuOfProcessTree(server.pid) - cpu) / 1_000
  if (isProfiled) {
    const { profile } = await server.ask('endProfile')
    profileCount += 1
    const name = `${String(profileCount).padStart(3, '0')}.cpuprofile`
    writeFileSync(join(profiles, name), JSON.stringify(profile))
  }
  return { result, cpuUs, wallMs, loadShare: 1 - idleMs / wallMs }
}

/** A note for a row whose figures the load has held back, and not the server; null when it has not. */
export function noteOfLoad(uses: readonly Omit<Use<unknown>, 'result'>[]): string | null {
  const held = uses.filter(
    ({ loadShare, cpuUs, wallMs }) => loadShare > busyShare && loadShare > cpuUs / 1_000 / wallMs,
  )
  return held.length === 0 ? null : `load generator at its limit in ${held.length} of ${uses.length} samples`
}
