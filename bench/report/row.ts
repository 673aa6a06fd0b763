import type { Pair } from '../measure/rounds.ts'
import { type Spread, spreadOf } from '../measure/spread.ts'

/** What a figure is counted in. */
export type Unit = 'µs' | 'ms' | 'MB' | 'KB' | '1/s' | '%' | '×'

/** What is to be reached. */
export interface Bar {
  /** Which figure of the row: ours, or its ratio to the baseline's. */
  readonly of: 'ours' | 'ratio'
  readonly atMost?: number
  readonly atLeast?: number
  /** What would be better still. */
  readonly aim?: number
}

/** A line of the table. */
export interface Row {
  readonly what: string
  readonly unit: Unit
  readonly ours: Spread
  /** The baseline's. */
  readonly raw: Spread | null
  /** Ours to the baseline's, or what else `what` says, round by round. */
  readonly ratio: Spread | null
  readonly bar: Bar | null
  /** What one has to know about it. */
  readonly note: string | null
}

/** What a row is called, and what is to be reached. */
export interface RowName {
  readonly what: string
  readonly unit: Unit
  readonly bar?: Bar
  readonly note?: string | null
}

/** A row of both sides, which were measured in the same rounds. */
export function compare<Sample>(
  { what, unit, bar, note }: RowName,
  { ours, raw }: Pair<Sample>,
  figure: (sample: Sample) => number,
): Row {
  const [mine, theirs] = [ours.map(figure), raw.map(figure)]
  return {
    what,
    unit,
    ours: spreadOf(mine),
    raw: spreadOf(theirs),
    ratio: spreadOf(mine.map((value, round) => value / (theirs[round] ?? Number.NaN))),
    bar: bar ?? null,
    note: note ?? null,
  }
}

/** A row of our side alone. */
export function alone({ what, unit, bar, note }: RowName, values: readonly number[]): Row {
  const row = { what, unit, ours: spreadOf(values), raw: null, ratio: null }
  return { ...row, bar: bar ?? null, note: note ?? null }
}

/** A row of our side alone: something against something else of ours, round by round. */
export function against(name: RowName, values: readonly number[], others: readonly number[]): Row {
  const ratio = spreadOf(values.map((value, round) => value / (others[round] ?? Number.NaN)))
  return { ...alone(name, values), ratio }
}

/** Whether a row reaches its bar; null when it has none. */
export function reaches({ bar, ours, ratio }: Row): boolean | null {
  if (bar === null) return null
  const figure = bar.of === 'ours' ? ours.median : (ratio?.median ?? Number.NaN)
  return (
    figure <= (bar.atMost ?? Number.POSITIVE_INFINITY) && figure >= (bar.atLeast ?? Number.NEGATIVE_INFINITY)
  )
}
