import { ChatError, type FinishReason, type JsonValue } from '@colloquy/session'

/** An object that a service sent, and what it is, in the middle of a sentence. */
export interface Fields {
  readonly of: string
  readonly values: Readonly<Record<string, unknown>>
}

/** What came is not what the protocol says. The message tells what should have come, and never what did. */
export function violation(what: string, wanted: string): ChatError {
  const sentence = `${what.slice(0, 1).toUpperCase()}${what.slice(1)} ${wanted}`
  return new ChatError('upstream_failed', `${sentence}. See docs/http-backends.md.`)
}

/**
 * Reads a JSON text that has to be an object.
 *
 * @throws ChatError `upstream_failed`
 */
export function parseFields(of: string, json: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw violation(of, 'is not JSON') // the error of JSON.parse shows a part of the text
  }
  return fieldsOf(of, value)
}

/** Reads a value that has to be an object. */
export function fieldsOf(of: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw violation(of, 'is not a JSON object')
  return { of, values: value as Record<string, unknown> }
}

/** Whether a field says anything: many serializers write null for what is left out. */
export function says({ values }: Fields, name: string): boolean {
  return Object.hasOwn(values, name) && values[name] !== null
}

/** Whether a field is there, of those that null is a value of. */
export function has({ values }: Fields, name: string): boolean {
  return Object.hasOwn(values, name)
}

/** A text. */
export function textField({ of, values }: Fields, name: string): string {
  const value = values[name]
  if (typeof value !== 'string') throw violation(of, `needs a text as its "${name}"`)
  return value
}

/** Any value, as long as there is one: what was parsed is JSON. */
export function jsonField(fields: Fields, name: string): JsonValue {
  if (!has(fields, name)) throw violation(fields.of, `needs a "${name}"`)
  return fields.values[name] as JsonValue
}

/** A number of something. */
export function countField({ of, values }: Fields, name: string): number {
  const value = values[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw violation(of, `needs a whole number as its "${name}"`)
  return value
}

/** The items of a list of objects; none without it, and where it is null. */
export function listField(fields: Fields, name: string): Fields[] {
  const { of, values } = fields
  if (!says(fields, name)) return []
  const list = values[name]
  if (!Array.isArray(list)) throw violation(of, `needs a list as its "${name}"`)
  return list.map((item: unknown) => fieldsOf(`what is in "${name}" of ${of}`, item))
}

const reasons: ReadonlySet<unknown> = new Set<FinishReason>(['stop', 'length', 'content_filter', 'other'])

/** A finish reason; a text that is none counts as `other`. */
export function reasonField(fields: Fields, name: string): FinishReason {
  const reason = textField(fields, name)
  return reasons.has(reason) ? (reason as FinishReason) : 'other'
}
