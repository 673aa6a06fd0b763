const longest = 60

/** A wrong value as a message shows it: in one line, no more of it than tells which it is, and no key. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(withoutKeys(value)))
  return cut(withoutKeys(spelled(value)))
}

function spelled(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return `a value of the type ${typeof value}` // a circle, or a bigint
  }
}

/** Somebody may have put an API key where something else belongs. */
function withoutKeys(text: string): string {
  return text.replaceAll(/clq_[\w-]+/g, 'clq_***')
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
