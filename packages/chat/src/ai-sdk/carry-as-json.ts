import type { JsonValue } from '@colloquy/session'

/** A value as JSON carries it, or what it is that JSON can't carry. */
export type Carried = { readonly value: JsonValue } | { readonly fault: string }

/** So deep may the data of a chunk be nested. */
const deepest = 128
const tooDeep = 'objects that are nested too deep'

/** Writes a value as JSON carries it: a date as its text, what has a `toJSON` as that says, nothing as `null`. */
export function carryAsJson(value: unknown): Carried {
  if (value === undefined) return { value: null }
  try {
    const text = JSON.stringify(value) as string | undefined
    if (text === undefined) return { fault: `a ${typeof value}` }
    const copy = JSON.parse(text) as JsonValue
    return isDeeperThan(copy, deepest) ? { fault: tooDeep } : { value: copy }
  } catch (error) {
    return { fault: faultOf(error) }
  }
}

/** What a function has done that returned what JSON can't carry. */
export function notCarried(name: string, fault: string): string {
  return `The function ${name} returned what JSON can't carry: ${fault}.`
}

/** Level by level: it may be nested deeper than the stack. */
function isDeeperThan(data: JsonValue, levels: number): boolean {
  let level: readonly JsonValue[] = [data]
  for (let left = levels; left >= 0; left -= 1) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    if (level.length === 0) return false
  }
  return true
}

/** The texts of V8 are not told: they hold the names of what is in the value. */
function faultOf(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  if (/BigInt/.test(message)) return 'a BigInt'
  if (/circular/.test(message)) return 'an object that holds itself'
  return error instanceof RangeError ? tooDeep : 'an object whose toJSON fails'
}
