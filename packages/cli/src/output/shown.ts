import { maskKeys } from './mask-keys.js'

const longest = 60

/** A wrong value as a message shows it: in one line, no more of it than tells which it is, and no key. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(maskKeys(value)))
  return cut(maskKeys(spelled(value)))
}

function spelled(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return `a value of the type ${typeof value}` // a circle, or a bigint
  }
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
