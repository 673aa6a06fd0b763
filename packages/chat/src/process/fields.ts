import type { JsonObject, JsonValue } from '@colloquy/session'

/** Thrown for a field that is not as the protocol wants it. The message tells its shape, and nothing that it says. */
export class WrongFieldError extends Error {
  override readonly name = 'WrongFieldError'
}

/** An object that was parsed, and of which nothing is known. */
export type Fields = JsonObject

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function stringOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw wrong(value, name, 'a string')
  return value
}

/** A whole number, from 0. */
export function countOf(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw wrong(value, name, 'a whole number', 'number')
  return value
}

/** Any value, if only it is there. */
export function valueOf(fields: Fields, name: string): JsonValue {
  const value = fields[name]
  if (value === undefined) throw wrong(value, name, 'any value')
  return value
}

/** One of some words. */
export function wordOf<Word extends string>(fields: Fields, name: string, words: readonly Word[]): Word {
  const value = fields[name]
  const word = words.find((word) => word === value)
  if (word === undefined) throw wrong(value, name, `one of ${words.join(', ')}`, 'string')
  return word
}

/** A field that may be left out, or be null. */
export function optional<Value>(
  fields: Fields,
  name: string,
  read: (fields: Fields, name: string) => Value,
): Value | undefined {
  return fields[name] === undefined || fields[name] === null ? undefined : read(fields, name)
}

/** @param type of what is wanted, where not every value of it will do */
export function wrong(
  value: JsonValue | undefined,
  name: string,
  wanted: string,
  type?: 'string' | 'number',
): WrongFieldError {
  const shape = typeof value === type ? `another ${type}` : shapeOf(value)
  return new WrongFieldError(`its ${name} is ${shape}, and has to be ${wanted}`)
}

function shapeOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
