import { displayWidth, padToWidth } from './display-width.js'
import { printable } from './printable.js'

/**
 * Names and values as lines, the values below each other. A value that has no room beside its name stands below it.
 *
 * @param width how many columns the screen has; undefined where there is none
 */
export function factsText(
  facts: readonly (readonly [name: string, value: string])[],
  width: number | undefined,
): string {
  const names = Math.max(...facts.map(([name]) => displayWidth(name)))
  return facts
    .map(([name, value]) => {
      const text = printable(value).replaceAll(/[\n\t]+/g, ' ')
      const line = `${padToWidth(name, names)}  ${text}`
      const isTooLong = width !== undefined && displayWidth(line) > width
      return `${isTooLong ? `${name}\n  ${text}` : line}\n`
    })
    .join('')
}
