/** What several measurements of one thing came to. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @throws RangeError when there are none */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: quantile(sorted, 0.5), min: quantile(sorted, 0), max: quantile(sorted, 1) }
}

/** Values as `quantile` takes them. */
export function inOrder(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort()
}

/**
 * The value that a part of the values do not exceed: of `0.99`, the 99th percentile; of an even number, the median is the
 * lower one of the two in the middle.
 *
 * @param sorted in ascending order
 * @param part from 0 to 1
 * @throws RangeError when there are none
 */
export function quantile(sorted: ArrayLike<number>, part: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]
  if (value === undefined) throw new RangeError('Nothing was measured: there is no quantile of no values.')
  return value
}
