/** As deep as the session manager takes data. */
const maxDepth = 128

/**
 * What keeps a value from being JSON, exactly as it is: `JSON.stringify` would leave it out, write something else, or throw.
 *
 * @param path where it stands, for the message
 * @param within the arrays and objects that it stands in
 * @returns what is wrong and where, without the value; null when nothing is
 */
export function jsonFault(value: unknown, path: string, within: readonly object[] = []): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : `${path} is a number that JSON has no word for`
  if (typeof value !== 'object') return `${path} is of the type ${typeof value}, which JSON does not have`
  if (within.includes(value)) return `${path} holds itself`
  if (within.length === maxDepth) return `${path} is nested deeper than ${maxDepth} levels`
  if (!Array.isArray(value) && !isPlain(value))
    return `${path} is an object of a class, which JSON does not have`
  for (const [key, part] of partsOf(value)) {
    const fault = jsonFault(part, `${path}.${key}`, [...within, value])
    if (fault !== null) return fault
  }
  return null
}

/** What is in an array or an object; also the holes of an array, which `Object.entries` leaves out. */
function partsOf(value: object): readonly (readonly [string, unknown])[] {
  return Array.isArray(value)
    ? Array.from(value, (item: unknown, index) => [String(index), item] as const)
    : Object.entries(value)
}

/** Whether it was made by `{}`, in whatever realm, or has no prototype at all. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
