/** Which numbers an option may have. */
export interface NumberRule {
  readonly min: number
  /** Default: false. */
  readonly whole?: boolean
}

/**
 * Checks an option; one that is left out is fine.
 *
 * @param what whose option it is, and which, for the message: `withRetry(): attempts`
 * @throws RangeError
 */
export function checkNumber(
  what: string,
  value: number | undefined,
  { min, whole = false }: NumberRule,
): void {
  if (value === undefined) return
  if (typeof value === 'number' && value >= min && (!whole || Number.isSafeInteger(value))) return
  throw new RangeError(`${what} has to be a ${whole ? 'whole number' : 'number'} of at least ${min}.`)
}
