import { type Colour, painted } from './colours.js'
import { cutToWidth, displayWidth, padToWidth } from './display-width.js'
import { printable } from './printable.js'

/** A column of a table of rows. */
export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  /** Default: `left`. */
  readonly align?: 'left' | 'right'
  /** The least columns of the screen that it may be cut to. Default: it is shown whole, or left out. */
  readonly least?: number
  /** Default: none. */
  readonly colour?: (row: Row) => Colour | undefined
}

/** How a table is drawn. */
export interface TableOptions {
  /** How many columns the screen has. Default: nothing is cut or left out. */
  readonly width?: number | undefined
  readonly colours: boolean
}

/** A column and how wide it is. */
interface Place<Row> {
  readonly column: Column<Row>
  readonly width: number
}

const gap = '  '

/**
 * Makes a table whose rows come in parts. Its columns get their widths from the first part; cells of a later one that are
 * wider are cut on a screen. Where there is no room, the last columns are left out, so the first ones are what matters.
 *
 * @returns what writes the next part, below the titles if it is the first
 */
export function createTable<Row>(
  columns: readonly Column<Row>[],
  { width = Number.POSITIVE_INFINITY, colours }: TableOptions,
): (rows: readonly Row[]) => string {
  let places: readonly Place<Row>[] | undefined
  const isScreen = Number.isFinite(width)
  const lineOf = (cells: readonly { text: string; colour: Colour | undefined; place: Place<Row> }[]) =>
    cells
      .map(({ text, colour, place }, index) => {
        const cut = isScreen ? cutToWidth(text, place.width) : text
        const isLast = index === cells.length - 1 && place.column.align !== 'right'
        const padded = isLast ? cut : padToWidth(cut, place.width, place.column.align)
        return colour === undefined ? padded : padded.replace(cut, () => painted(cut, colour, colours))
      })
      .join(gap)
      .trimEnd()
  return (rows) => {
    const isFirst = places === undefined
    const shown = (places ??= placesFor(columns, rows, width))
    const lines = rows.map((row) =>
      lineOf(
        shown.map((place) => ({
          text: cellText(place.column, row),
          colour: place.column.colour?.(row),
          place,
        })),
      ),
    )
    const titles = lineOf(shown.map((place) => ({ text: place.column.title, colour: undefined, place })))
    const head = isFirst ? [painted(titles, 'dim', colours)] : []
    return [...head, ...lines].map((line) => `${line}\n`).join('')
  }
}

/** A cell as it is shown: in one line. */
function cellText<Row>({ cell }: Column<Row>, row: Row): string {
  return printable(cell(row)).replaceAll(/[\n\t]+/g, ' ')
}

/** The columns that fit, and their widths: those that may be cut give way first, then the last ones go. */
function placesFor<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): readonly Place<Row>[] {
  const whole = columns.map((column) => {
    const cells = [column.title, ...rows.map((row) => cellText(column, row))]
    return { column, width: Math.max(...cells.map(displayWidth)) }
  })
  for (let count = whole.length; count > 1; count -= 1) {
    const places = narrowed(whole.slice(0, count), width)
    if (widthOf(places) <= width) return places
  }
  return whole.slice(0, 1).map((place) => ({ ...place, width: Math.min(place.width, width) }))
}

/** Takes from the columns that may be cut what is too much, from the widest first. */
function narrowed<Row>(places: readonly Place<Row>[], width: number): readonly Place<Row>[] {
  let now = places
  for (let over = widthOf(now) - width; over > 0; over -= 1) {
    const widest = now
      .filter(({ column, width }) => column.least !== undefined && width > column.least)
      .reduce<Place<Row> | undefined>(
        (one, other) => (one !== undefined && one.width >= other.width ? one : other),
        undefined,
      )
    if (widest === undefined) return now
    now = now.map((place) => (place === widest ? { ...place, width: place.width - 1 } : place))
  }
  return now
}

function widthOf<Row>(places: readonly Place<Row>[]): number {
  return places.reduce((sum, { width }) => sum + width, gap.length * (places.length - 1))
}
