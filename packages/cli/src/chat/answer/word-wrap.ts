import { displayWidth } from '../../output/display-width.js'
import { charactersOf } from '../input/text-places.js'

/** Text that comes piece by piece, in lines of a width. */
export interface WordWrap {
  /** What to write for the next piece. It may move the word that is being written to the next line. */
  push(text: string): string
  /** How many columns of the last line are written. */
  column(): number
  /** Takes note that a new line has begun. */
  reset(): void
}

/**
 * Wraps at the ends of words. Each piece is written at once: when a word turns out not to fit, what is there of it is taken
 * back. One that is wider than a line begins one, and is left to the terminal, so that it can be copied whole.
 *
 * @param columns how wide the screen is now; the last column stays free, unless a word is too wide
 */
export function createWordWrap(columns: () => number): WordWrap {
  let column = 0
  let word = '' // as far as it is written
  return {
    column: () => column,
    reset() {
      column = 0
      word = ''
    },
    push(text) {
      let output = ''
      let written = word // the first token begins with it
      for (const token of tokensOf(word + text)) {
        const piece = token.slice(written.length)
        const before = written
        written = ''
        if (piece !== '') output += write(token, piece, before)
      }
      return output
    },
  }

  function write(token: string, piece: string, before: string): string {
    const widest = columns() - 1
    if (token === '\n') {
      column = 0
      word = ''
      return '\n'
    }
    if (token === ' ' || token === '\t') return writeSpace(token, widest)
    const width = displayWidth(token)
    const had = displayWidth(before)
    const start = column - had
    word = token
    // Below 0 when the terminal has wrapped the word already.
    if (column + width - had <= widest || start <= 0) {
      column = placeAfter(column, width - had, columns())
      return piece
    }
    column = placeAfter(0, width, columns())
    return `${takenBack(had)}\n${token}`
  }

  function writeSpace(token: string, widest: number): string {
    word = ''
    const width = token === '\t' ? 8 - (column % 8) : 1
    if (column + width > widest) {
      column = widest // what comes next begins a line
      return ''
    }
    column += width
    return ' '.repeat(width)
  }
}

/** A text in lines of a width. */
export function wrapped(text: string, columns: number): string {
  return createWordWrap(() => columns).push(text)
}

function placeAfter(column: number, width: number, columns: number): number {
  const after = column + width
  return after < columns ? after : ((after - 1) % columns) + 1
}

function takenBack(width: number): string {
  return width === 0 ? '' : `\u001b[${width}D\u001b[K`
}

/** Words, and single spaces, tabs, line ends and wide characters, between which a line may break as well. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  let isWord = false
  for (const character of charactersOf(text)) {
    const isBreak = /^\s/.test(character) || displayWidth(character) > 1
    if (isWord && !isBreak) tokens[tokens.length - 1] += character
    else tokens.push(/^\s*\n/.test(character) ? '\n' : character)
    isWord = !isBreak
  }
  return tokens
}
