import { displayWidth, padToWidth } from './display-width.js'

const gap = '  '

/**
 * Rows as lines, with every column but the last as wide as its widest cell.
 *
 * @param width how many columns the screen has: so that most lines fit, those with the longest cells are left to be longer, and
 * nothing is cut. Default: there is none
 */
export function inColumns(rows: readonly (readonly string[])[], width = Number.POSITIVE_INFINITY): string {
  const widths = fittedWidths(rows, width)
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : padToWidth(cell, widths[column] ?? 0)))
      .join(gap)
  return rows.map((row) => `${lineOf(row)}\n`).join('')
}

function fittedWidths(rows: readonly (readonly string[])[], width: number): readonly number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  // The widths of the cells of each column, the widest first: the first of them counts.
  const cells = Array.from({ length: columns }, (_, column) =>
    [...new Set(rows.map((row) => displayWidth(row[column] ?? '')))].sort((one, other) => other - one),
  )
  const total = () => cells.reduce((sum, [widest = 0]) => sum + widest, gap.length * (columns - 1))
  while (total() > width) {
    const widest = cells
      .slice(0, -1)
      .filter(({ length }) => length > 1)
      .sort(([one = 0], [other = 0]) => other - one)[0]
    if (widest === undefined) break
    widest.shift()
  }
  return cells.map(([widest = 0]) => widest)
}
