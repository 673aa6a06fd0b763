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
 * @throws TypeError when JSON can't carry the value (`undefined`, a function, a cycle, a BigInt), or something in it
 * stands within more than 128 arrays and objects
 */
export function copyJson(value: unknown): { readonly value: JsonValue; readonly length: number } {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new TypeError(`${typeof value} is not JSON`)
  const copy = JSON.parse(text) as JsonValue
  freezeJson(copy, maxDepth)
  return { value: copy, length: text.length }
}

/**
 * Freezes data with everything in it, level by level: data may be nested deeper than the stack.
 *
 * @param depth within how many arrays and objects something in it may stand
 * @returns the data itself
 * @throws TypeError when something stands deeper
 */
export function freezeJson<Data>(data: Data, depth: number = Number.POSITIVE_INFINITY): Data {
  if (!isNested(data)) return data
  let level: Record<string, unknown>[] = [data]
  for (let left = depth; level.length > 0; left -= 1) {
    const next: Record<string, unknown>[] = []
    for (const item of level) {
      Object.freeze(item)
      for (const inner of Object.values(item)) {
        if (left <= 0) throw new TypeError(`it is nested deeper than ${depth} levels`)
        if (isNested(inner)) next.push(inner)
      }
    }
    level = next
  }
  return data
}

function isNested(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null
}
