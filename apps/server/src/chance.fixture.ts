import * as fc from 'fast-check'

/** A source of decisions: the same ones for the same seed. */
export interface Chance {
  /** A whole number from `min` to `max`. */
  number(min: number, max: number): number
  /** Whether something happens that happens so often, from 0 (never) to 1 (always). */
  happens(probability: number): boolean
  pick<const T>(choices: readonly [T, ...T[]]): T
  /** A source of its own, for somebody who decides at the same time as others. */
  split(): Chance
}

const range = 0x7fff_ffff

/** Makes a source of decisions. */
export function createChance(seed: number): Chance {
  const [numbers] = fc.sample(fc.noBias(fc.infiniteStream(fc.nat(range))), { seed, numRuns: 1 })
  const next = () => Number(numbers?.next().value)
  const below = (count: number) => Math.trunc((next() / (range + 1)) * count)
  return {
    number: (min, max) => min + below(max - min + 1),
    happens: (probability) => next() < probability * range,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    split: () => createChance(next()),
  }
}
