/** A value that JSON (RFC 8259) can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject

/** An object that JSON can carry. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** How deep JSON data may be nested. Deeper data can be copied, but nobody can be sure to write it out again. */
const maxDepth = 128

/**
 * Copies a value into plain, frozen JSON data, so that nobody can change afterwards what was recorded.
 * Follows `JSON.stringify`: dates become strings, `undefined` properties are left out.
 *
 * @returns the copy and its length as JSON text, in UTF-16 code units
 * @throws TypeError when JSON can't carry the value (`undefined`, a function, a cycle, a BigInt), or it is nested
 * deeper than 128 levels
 */
export function copyJson(value: unknown): { readonly value: JsonValue; readonly length: number } {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new TypeError(`${typeof value} is not JSON`)
  const copy = JSON.parse(text) as JsonValue
  freeze(copy)
  return { value: copy, length: text.length }
}

/** Freezes data with everything in it, level by level: data may be nested deeper than the stack. */
function freeze(value: JsonValue): void {
  let level: JsonValue[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw new TypeError(`it is nested deeper than ${maxDepth} levels`)
    const next: JsonValue[] = []
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue
      Object.freeze(item)
      for (const inner of Object.values<JsonValue>(item)) next.push(inner)
    }
    level = next
  }
}
