/** Refuses what is no number of attempts. */
export function checkCount(name: string, value: number): void {
  if (value === Infinity || (Number.isSafeInteger(value) && value >= 0)) return
  throw new RangeError(`${name} has to be a whole number from 0, or Infinity; got ${value}`)
}
