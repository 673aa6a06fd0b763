/**
 * Reads what was kept as JSON text: the value that was written. It is frozen, so that whoever is given it
 * finds out at once that it must not be changed, with this store as with others.
 */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  freeze(value)
  return value
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const inner of Object.values(value)) freeze(inner)
}
