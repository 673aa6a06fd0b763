import { createHash } from 'node:crypto'
import type { JsonValue } from '@colloquy/contract'

/** Stands for a JSON value, the same however it was written: SHA-256 of its canonical form, in hexadecimal. */
export function fingerprintOf(value: JsonValue): string {
  return createHash('sha256').update(canonical(value)).digest('hex')
}

/**
 * A JSON value in its canonical form (RFC 8785): no white space, the members of an object in the order of their names'
 * UTF-16 code units. Numbers and texts are as ECMAScript writes them (sections 3.2.2.2 and 3.2.2.3).
 */
function canonical(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

/** `Array.isArray` does not know arrays that are read only. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
