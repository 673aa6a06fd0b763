import { defaultLimits, type SessionLimits } from './limits.js'

const choices: ReadonlyMap<string, readonly string[]> = new Map([
  ['whenFull', ['evict', 'reject']],
  ['onBusy', ['reject', 'queue', 'interrupt']],
])

/**
 * The limits that hold: those that were given, and the defaults for the rest.
 *
 * @throws RangeError naming every limit that is none
 */
export function checkLimits(given: Partial<SessionLimits>): SessionLimits {
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  const limits: SessionLimits = Object.freeze({ ...defaultLimits, ...Object.fromEntries(set) })
  const faults = Object.entries(limits).flatMap(([name, value]) => {
    const words = choices.get(name)
    if (words !== undefined)
      return words.some((word) => word === value)
        ? []
        : [`${name} has to be ${words.map((word) => `'${word}'`).join(' or ')}`]
    if (name === 'sessionMaxAgeMs' && value === null) return []
    if (!(name in defaultLimits)) return [`there is no limit ${name}`]
    if (name.endsWith('Ms'))
      return typeof value === 'number' && value >= 1 ? [] : [`${name} has to be a number of at least 1`]
    return Number.isSafeInteger(value) && Number(value) >= 0
      ? []
      : [`${name} has to be a whole number of at least 0`]
  })
  if (faults.length > 0)
    throw new RangeError(`The limits of a session manager are wrong: ${faults.join('; ')}.`)
  return limits
}
