import { cutToWidth } from '../../output/display-width.js'
import { printable } from '../../output/printable.js'

/** A text as one line of at most so many columns, without what a terminal obeys; what is cut off leaves a "…". */
export function inOneLine(text: string, width: number): string {
  // No more of a long text is looked at than could be shown.
  const beginning = text.slice(0, 16 * Math.max(width, 1))
  return cutToWidth(printable(beginning).replaceAll(/[\n\t]+/g, ' '), Math.max(width, 0))
}
