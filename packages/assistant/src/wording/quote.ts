const longest = 60

/** What a customer said, in quotation marks; no more than its beginning. */
export function quote(said: string): string {
  const characters = Array.from(said)
  return characters.length > longest ? `"${characters.slice(0, longest - 1).join('')}…"` : `"${said}"`
}
