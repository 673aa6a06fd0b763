/** What a value is, without what it says: for messages about somebody else's mistakes. */
export function shapeOf(value: unknown): string {
  if (isClass(value)) return value.name === '' ? 'class without a name' : `class ${value.name}`
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  if (Array.isArray(value)) return 'array'
  // A key may also be somebody's message: only what looks like a name is told.
  const keys = ArrayBuffer.isView(value)
    ? []
    : Object.keys(value).filter((key) => /^[a-z_$][\w$]{0,31}$/i.test(key))
  const named = keys.length > 8 ? [...keys.slice(0, 8), '…'] : keys
  const made = classNameOf(value)
  if (made !== undefined) return named.length === 0 ? made : `${made} with keys ${named.join(', ')}`
  return named.length === 0 ? 'object without keys' : `object with keys ${named.join(', ')}`
}

/** The name of the class that an object was made by; undefined for plain objects. */
export function classNameOf(value: object): string | undefined {
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : undefined
}

/** Tells a class from a function, which only its source text does. */
export function isClass(value: unknown): value is { readonly name: string } {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))
}
