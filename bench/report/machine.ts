import { availableParallelism, cpus, totalmem } from 'node:os'
import type { Cores } from '../measure/pin.ts'

/** What was measured on. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly node: string
  /** Whether server and load had a core of their own. */
  readonly isPinned: boolean
}

/** This machine, as far as it matters. */
export function describeMachine(cores: Cores | null): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length || availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    isPinned: cores !== null,
  }
}

/** The same in a line. */
export function machineLine({ cpu, cores, memoryGb, node, isPinned }: Machine): string {
  const pinned = isPinned
    ? 'server and load on a core each'
    : 'server and load not kept apart: there is only one core, or no taskset'
  return `${cores} cores of ${cpu}, ${memoryGb} GB, Node ${node}; ${pinned}`
}
