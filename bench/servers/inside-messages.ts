import type { Profiler } from 'node:inspector'
import type { Counted } from '../measure/count-bytes.ts'

/** What can be asked inside a server. */
export interface InsideQuestion {
  readonly ask:
    | 'memory'
    | 'beginProfile'
    | 'endProfile'
    | `count ${Counted}`
    | 'endCount'
    | 'beginLag'
    | 'endLag'
}

/** What is answered: that which was asked for. */
export interface InsideAnswer {
  /** After garbage was collected: what the operating system counts, in bytes. */
  readonly rss?: number
  /** After garbage was collected: what JavaScript holds, in bytes. */
  readonly inUse?: number
  readonly profile?: Profiler.Profile
  /** Since the count began. */
  readonly bytes?: number
  /** How late the event loop was since it was begun to look, in milliseconds: the 99th percentile. */
  readonly lagP99?: number
}
