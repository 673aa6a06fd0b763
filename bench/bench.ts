import type { Cores } from './measure/pin.ts'
import type { Faults } from './report/faults.ts'
import type { Row } from './report/row.ts'

/** What a workload is given. */
export interface Bench {
  /** How often each side is measured, in turn. */
  readonly rounds: number
  /** How much of something: so much in a full run, so little in a quick one. */
  readonly size: (full: number, quick: number) => number
  /** Where wrong answers are told. */
  readonly faults: Faults
  /** For files of the run; it is removed at the end. */
  readonly folder: string
  readonly cores: Cores | null
  /** Tells people what is being done. */
  readonly progress: (text: string) => void
  /** Where profiles of our server go; null when none are taken. */
  readonly profiles: string | null
}

/** Something that servers are put to. */
export interface Workload {
  readonly name: string
  /** What it is, in a line. */
  readonly about: string
  /** @throws Error when it can't go on: a server has ended, or a connection broke */
  readonly run: (bench: Bench) => Promise<readonly Row[]>
}
