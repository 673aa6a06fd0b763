import { z } from 'zod'
import type { Metadata } from '../types.js'
import { textFaults } from './text.js'

const maxPairs = 16
const key = { min: 1, max: 64 }
const value = { min: 0, max: 512 }

/**
 * A flat object of strings. All its faults are found in one check: zod would leave out the bounds as soon as one value
 * is no string.
 */
export const metadata = metadataOf<Metadata>({ isNullable: false }).meta({
  id: 'Metadata',
  description: 'A flat object of strings: at most 16 pairs, keys of 1 to 64 characters, values of up to 512.',
  examples: [{ channel: 'web' }],
  ...shape('string'),
})

/** A change of metadata: as above, and null removes a key. */
export const metadataChange = metadataOf<Readonly<Record<string, string | null>>>({ isNullable: true }).meta({
  id: 'MetadataChange',
  description: 'Merged into the metadata key by key; null removes a key.',
  examples: [{ channel: 'app', campaign: null }],
  ...shape(['string', 'null']),
})

/** How the document shows it. */
function shape(type: 'string' | ['string', 'null']) {
  return {
    type: 'object',
    maxProperties: maxPairs,
    propertyNames: { minLength: key.min, maxLength: key.max },
    additionalProperties: { type, maxLength: value.max },
  }
}

function metadataOf<T>({ isNullable }: { readonly isNullable: boolean }) {
  return z.custom<T>().check((context) => {
    for (const { path, message } of metadataFaults(context.value, isNullable)) {
      context.issues.push({ code: 'custom', message, path, input: context.value })
    }
  })
}

function metadataFaults(input: unknown, isNullable: boolean): { path: string[]; message: string }[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return [{ path: [], message: 'Must be an object of strings' }]
  }
  const pairs = Object.entries(input as Record<string, unknown>)
  const faults: { path: string[]; message: string }[] = []
  if (pairs.length > maxPairs)
    faults.push({ path: [], message: `Must have at most ${maxPairs} pairs, and has ${pairs.length}` })
  for (const [name, content] of pairs) {
    for (const fault of textFaults(name, key)) faults.push({ path: [name], message: `The key: ${fault}` })
    if (content === null && isNullable) continue
    const contentFaults = typeof content === 'string' ? textFaults(content, value) : ['Must be a string']
    for (const fault of contentFaults) faults.push({ path: [name], message: fault })
  }
  return faults
}
