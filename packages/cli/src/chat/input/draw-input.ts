import { displayWidth } from '../../output/display-width.js'
import { charactersOf } from './text-places.js'

/** What is drawn of a text that is being written. */
export interface DrawnInput {
  /** The rows of the screen that it takes, none wider than the screen. */
  readonly rows: readonly string[]
  /** Where the cursor is in them, from 0. */
  readonly row: number
  readonly column: number
}

/** How large the screen is. */
export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** What stands before the first row, and before each other one. */
const prompts = ['> ', '  '] as const

/**
 * The rows of a text with the prompt before it. The last column stays free: where a terminal puts the cursor once it is
 * written in is not the same everywhere. Of a text that is higher than the screen, the rows around the cursor are shown.
 */
export function drawInput(
  { text, cursor }: { readonly text: string; readonly cursor: number },
  { columns, rows: height }: ScreenSize,
): DrawnInput {
  const widest = Math.max(columns - 1, prompts[0].length + 2)
  const rows: string[] = [prompts[0]]
  let column = prompts[0].length
  let place = 0
  let at: { row: number; column: number } | undefined
  const breakRow = () => {
    rows.push(prompts[1])
    column = prompts[1].length
  }
  for (const character of charactersOf(text)) {
    const piece = character === '\t' ? '    ' : character
    const width = displayWidth(piece)
    if (character !== '\n' && column + width > widest) breakRow()
    if (place >= cursor) at ??= { row: rows.length - 1, column }
    place += character.length
    if (character === '\n') breakRow()
    else {
      rows[rows.length - 1] += piece
      column += width
    }
  }
  at ??= { row: rows.length - 1, column }
  return around(rows, at, Math.max(1, height - 1))
}

function around(
  rows: readonly string[],
  { row, column }: { readonly row: number; readonly column: number },
  height: number,
): DrawnInput {
  const first = Math.max(0, Math.min(row - Math.floor(height / 2), rows.length - height))
  return { rows: rows.slice(first, first + height), row: row - first, column }
}

/** In which row the cursor is once the screen is only so wide, and has wrapped the rows that are wider. */
export function rowAfterResize({ rows, row, column }: DrawnInput, columns: number): number {
  const above = rows.slice(0, row).map((text) => Math.max(1, Math.ceil(displayWidth(text) / columns)))
  return above.reduce((sum, height) => sum + height, Math.floor(column / columns))
}
