import { displayWidth, padToWidth } from './display-width.js'

/** Rows as lines, with every column but the last as wide as its widest cell. */
export function inColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : padToWidth(cell, widths[column] ?? 0)))
      .join('  ')
  return rows.map((row) => `${lineOf(row)}\n`).join('')
}
