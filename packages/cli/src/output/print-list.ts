import type { Output } from '../main-options.js'
import { writeText } from './write-text.js'

/** How a list is printed. */
export interface ListPrinting<Item> {
  readonly stdout: Output
  /** One JSON array, a line for each item, instead of what `draw` makes. */
  readonly json: boolean
  /** Draws some of the items, in their order. */
  readonly draw: (items: readonly Item[]) => string
}

/**
 * Prints a list while it comes, no faster than it is read. Where nobody reads on, no more of it is asked for.
 *
 * @returns how many items were printed; undefined where nobody has read to the end
 */
export async function printList<Item>(
  pages: AsyncIterable<readonly Item[]>,
  { stdout, json, draw }: ListPrinting<Item>,
): Promise<number | undefined> {
  let count = 0
  for await (const page of pages) {
    if (page.length === 0) continue
    const text = json ? jsonLines(page, count === 0) : draw(page)
    count += page.length
    if (!(await writeText(stdout, text))) return undefined
  }
  // An array that an error has cut off is no JSON: nobody takes it for whole.
  if (json) await writeText(stdout, count === 0 ? '[]\n' : '\n]\n')
  return count
}

function jsonLines(items: readonly unknown[], isFirst: boolean): string {
  return items
    .map((item, index) => `${isFirst && index === 0 ? '[\n' : ',\n'}${JSON.stringify(item)}`)
    .join('')
}
