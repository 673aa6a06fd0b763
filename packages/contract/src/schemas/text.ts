import { z } from 'zod'

/** The length of a text in Unicode code points. */
export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** A text whose length is counted in Unicode code points, and which has no half of a surrogate pair. */
export function text({ min, max }: { readonly min: number; readonly max: number }) {
  return z
    .string()
    .check((context) => {
      for (const message of textFaults(context.value, { min, max })) {
        context.issues.push({ code: 'custom', message, input: context.value })
      }
    })
    .meta({ minLength: min, maxLength: max })
}

/** What is wrong with a text. */
export function textFaults(
  value: string,
  { min, max }: { readonly min: number; readonly max: number },
): string[] {
  if (!value.isWellFormed()) return ['Must not have half of a surrogate pair']
  // A text never has more code points than code units: only a long one needs counting.
  const length = value.length <= max ? value.length : codePoints(value)
  if (length < min) return [min === 1 ? 'Must not be empty' : `Must have at least ${min} characters`]
  return length > max ? [`Must have at most ${max} characters, and has ${length}`] : []
}
