/** Cuts a text into pieces of at most so many UTF-16 code units, never between the halves of a surrogate pair. */
export function splitText(text: string, longest: number): readonly string[] {
  const pieces: string[] = []
  for (let from = 0; from < text.length; ) {
    const to = from + longest
    const isInsidePair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(to - 1, to + 1))
    const end = isInsidePair ? Math.max(to - 1, from + 1) : to
    pieces.push(text.slice(from, end))
    from = end
  }
  return pieces
}
