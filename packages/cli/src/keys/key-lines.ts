import { type ApiKeyEntry, readApiKeyEntry } from '@colloquy/server'

/** A line of a file of keys. */
export interface KeyLine {
  /** As it is written, without its end. */
  readonly text: string
  /** null: it is blank, or a comment, which begins with #. */
  readonly entry: ApiKeyEntry | null
}

/** What a file of keys holds: one `name:sha256hex` a line, blank lines and comments. */
export interface KeyLines {
  readonly lines: readonly KeyLine[]
  /** The numbers of the lines, from 1, that are none of these. What they hold may be a key itself: show it to nobody. */
  readonly faultyLines: readonly number[]
}

/** Reads the text of a file of keys. */
export function readKeyLines(text: string): KeyLines {
  const texts = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (texts.at(-1) === '') texts.pop() // what follows the end of the last line is no line
  const lines = texts.map((text) => ({ text, entry: readApiKeyEntry(text) }))
  const isFaulty = ({ text, entry }: KeyLine) => entry === null && !/^\s*(#|$)/.test(text)
  return { lines, faultyLines: lines.flatMap((line, index) => (isFaulty(line) ? [index + 1] : [])) }
}

/** The entries of lines, in their order. */
export function entriesOf(lines: readonly KeyLine[]): readonly ApiKeyEntry[] {
  return lines.flatMap(({ entry }) => (entry === null ? [] : [entry]))
}

/** The text of a file with these lines. */
export function writeKeyLines(lines: readonly KeyLine[]): string {
  return lines.map(({ text }) => `${text}\n`).join('')
}
