import type { ChildProcess } from 'node:child_process'
import { signalGroup } from './signal-group.js'

/** The programs that run, of this whole process: one listener is enough for all of them. */
const living = new Set<ChildProcess>()

/** Has a program, and everything in its group, killed if this process exits before it: nobody is left then to end it. */
export function killAtExit(child: ChildProcess): void {
  if (child.pid === undefined) return
  if (living.size === 0) process.once('exit', killLiving)
  living.add(child)
  child.once('exit', () => {
    living.delete(child)
    if (living.size === 0) process.off('exit', killLiving)
  })
}

function killLiving(): void {
  for (const child of living) signalGroup(child, 'SIGKILL')
}
