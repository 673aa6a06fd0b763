/** A value that JSON (RFC 8259) can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject

/** An object that JSON can carry. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/**
 * Copies a value into plain JSON data, so that nobody can change afterwards what was recorded.
 * Follows `JSON.stringify`: dates become strings, `undefined` properties are left out.
 *
 * @returns the copy and its length as JSON text, in UTF-16 code units
 * @throws TypeError when JSON can't carry the value at all (`undefined`, a function, a cycle, a BigInt)
 */
export function copyJson(value: unknown): { readonly value: JsonValue; readonly length: number } {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new TypeError(`${typeof value} is not JSON`)
  return { value: JSON.parse(text) as JsonValue, length: text.length }
}
