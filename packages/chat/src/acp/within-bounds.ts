import type { JsonObject, JsonValue } from '@colloquy/session'

/**
 * The most that one call, result or piece of content may have, in UTF-16 code units of its JSON text. A turn may have 2,097,152 of
 * them by default, and an agent reads many files in one.
 */
export const longest = 16_384

/** A value as it is, or, where it is too large to be passed on, how large it was. */
export function boundedJson(value: unknown): JsonValue {
  const length = lengthOf(value)
  // What comes from the agent was JSON text.
  return length <= longest ? (value as JsonValue) : omitted(length)
}

/** A text that is cut where it is too long, with a note of how much is missing. */
export function boundedText(text: string): string {
  if (text.length <= longest) return text
  const end = isInsidePair(text, longest) ? longest - 1 : longest
  return `${text.slice(0, end)}\n[${text.length - end} more characters]`
}

/** Whether a value is passed on as it is. */
export function isBounded(value: unknown): boolean {
  return lengthOf(value) <= longest
}

/** What stands for something that was too large. */
export function omitted(length: number): JsonObject {
  return Number.isFinite(length) ? { omitted_characters: length } : { omitted: true }
}

function lengthOf(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? 0
  } catch {
    return Number.POSITIVE_INFINITY // nested too deep
  }
}

function isInsidePair(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 1, at + 1))
}
