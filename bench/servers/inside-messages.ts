import type { Profiler } from 'node:inspector'
import type { Counted } from '../measure/count-bytes.ts'

/** What can be asked inside a server. */
export interface InsideQuestion {
  readonly ask: 'memory' | 'beginProfile' | 'endProfile' | `count ${Counted}` | 'endCount'
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
}
