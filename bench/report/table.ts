import type { Spread } from '../measure/spread.ts'
import { type Bar, type Row, reaches, type Unit } from './row.ts'

/** The results of a workload. */
export interface Result {
  readonly workload: string
  readonly rows: readonly Row[]
}

const headings = ['what', 'ours', 'baseline', 'ratio', 'bar', '']

/** The results as a Markdown table, with columns as wide as what is in them. Each figure is a median, with the range. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.flatMap((result) => result.rows)
  const notes = [...new Set(rows.flatMap(({ note }) => (note === null ? [] : [note])))]
  const lines = [headings, ...rows.map((row) => cellsOf(row, notes))]
  const widths = headings.map((_, column) => Math.max(3, ...lines.map((line) => (line[column] ?? '').length)))
  const lineOf = (cells: readonly string[]) =>
    `| ${widths.map((width, n) => pad(cells[n] ?? '', width, n)).join(' | ')} |`
  const rule = `| ${widths.map((width, n) => (n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  const [head = [], ...body] = lines
  const remarks = notes.map((note, n) => `\n${n + 1}) ${note}`).join('')
  return `${[lineOf(head), rule, ...body.map(lineOf)].join('\n')}\n${remarks === '' ? '' : `${remarks}\n`}`
}

function cellsOf(row: Row, notes: readonly string[]): string[] {
  const mark = row.note === null ? '' : ` ${notes.indexOf(row.note) + 1})`
  const reached = reaches(row)
  return [
    `${row.what}${mark}`,
    figure(row.ours, row.unit),
    row.raw === null ? '' : figure(row.raw, row.unit),
    row.ratio === null ? '' : figure(row.ratio, '×'),
    row.bar === null ? '' : barText(row.bar, row.unit),
    reached === null ? '' : reached ? 'met' : 'NOT MET',
  ]
}

function barText({ of, atMost, atLeast, aim }: Bar, unit: Unit): string {
  const counted = of === 'ours' ? unit : '×'
  const bound = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`
  return `${bound} ${counted}${aim === undefined ? '' : `, aim ${aim}`}`
}

function figure({ median, min, max }: Spread, unit: Unit): string {
  const range = min === max ? '' : ` (${digits(min)}–${digits(max)})`
  return `${digits(median)}${range} ${unit}`
}

/** Three digits, or as many as stand before the point. */
function digits(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 3)
}

/** What it is stands on the left, figures on the right. */
function pad(text: string, width: number, column: number): string {
  const space = ' '.repeat(width - text.length)
  return column === 0 ? text + space : space + text
}
