const segmenter = new Intl.Segmenter()

/** The pieces of a text that a reader takes for one character each: letters with their accents, whole emoji. */
export function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** Where the character before a place begins; 0 at the beginning. */
export function placeBefore(text: string, place: number): number {
  return place - (charactersOf(text.slice(0, place)).at(-1)?.length ?? 0)
}

/** Where the character at a place ends; the length of the text at its end. */
export function placeAfter(text: string, place: number): number {
  return place + (charactersOf(text.slice(place))[0]?.length ?? 0)
}

/** Where the word before a place begins. */
export function wordBefore(text: string, place: number): number {
  return /\S*\s*$/.exec(text.slice(0, place))?.index ?? 0
}

/** Where the word behind a place ends. */
export function wordAfter(text: string, place: number): number {
  return place + (/^\s*\S*/.exec(text.slice(place))?.[0].length ?? 0)
}

/** Where the line that a place is in begins. */
export function lineStart(text: string, place: number): number {
  return text.lastIndexOf('\n', place - 1) + 1
}

/** Where the line that a place is in ends, before its line end. */
export function lineEnd(text: string, place: number): number {
  const end = text.indexOf('\n', place)
  return end === -1 ? text.length : end
}

/** The place as many characters into the line above, or undefined in the first line. */
export function placeAbove(text: string, place: number): number | undefined {
  const start = lineStart(text, place)
  return start === 0 ? undefined : placeInLine(text, lineStart(text, start - 1), columnOf(text, place))
}

/** The place as many characters into the line below, or undefined in the last line. */
export function placeBelow(text: string, place: number): number | undefined {
  const end = lineEnd(text, place)
  return end === text.length ? undefined : placeInLine(text, end + 1, columnOf(text, place))
}

function columnOf(text: string, place: number): number {
  return charactersOf(text.slice(lineStart(text, place), place)).length
}

function placeInLine(text: string, start: number, column: number): number {
  const line = charactersOf(text.slice(start, lineEnd(text, start)))
  return start + line.slice(0, column).join('').length
}
