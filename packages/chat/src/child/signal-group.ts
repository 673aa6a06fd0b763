import type { ChildProcess } from 'node:child_process'
import { platform } from 'node:os'

/** Sends a signal to a program and everything in its process group; to nothing when they are gone. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (platform() === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // ESRCH: nobody of the group is left
  }
}
