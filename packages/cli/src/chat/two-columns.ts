import { displayWidth, padToWidth } from '../output/display-width.js'
import { wrapped } from './answer/word-wrap.js'

/** The least room for the second column beside the first, in columns of the screen. */
const leastRoom = 24

/**
 * Names and what they mean in lines of a width, the meanings below each other; where there is no room beside the names, below
 * them.
 */
export function twoColumns(
  rows: readonly (readonly [name: string, meaning: string])[],
  width: number,
): string {
  const names = Math.max(0, ...rows.map(([name]) => displayWidth(name)))
  const isBeside = width - names - 2 >= leastRoom
  const indent = ' '.repeat(isBeside ? names + 2 : 2)
  return rows
    .map(([name, meaning]) => {
      const lines = wrapped(meaning.replaceAll(/\s+/g, ' '), width - indent.length).split('\n')
      const [first = '', ...others] = lines
      const begin = isBeside ? [`${padToWidth(name, names)}  ${first}`] : [name, `${indent}${first}`]
      return [...begin, ...others.map((line) => indent + line)].map((line) => line.trimEnd()).join('\n')
    })
    .join('\n')
}
