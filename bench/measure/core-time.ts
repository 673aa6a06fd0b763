import { readFileSync } from 'node:fs'

/** What a thread did with its core so far, in nanoseconds. */
export interface CoreTime {
  /** It ran. */
  readonly busy: number
  /** It had something to do, and another program was on the core. */
  readonly waiting: number
}

/**
 * What the first thread of a process did with its core: of a server, the one with the event loop. Where the kernel keeps no
 * such statistics, it is all 0.
 */
export function coreTimeOf(pid: number): CoreTime {
  const [busy = 0, waiting = 0] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8')
    .split(' ')
    .map(Number)
  return { busy, waiting }
}
