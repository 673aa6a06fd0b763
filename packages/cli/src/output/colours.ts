import type { Environment, Output } from '../main-options.js'

/**
 * Whether an output is to have colours. A terminal is, unless NO_COLOR is set (https://no-color.org) or it is a dumb one.
 * FORCE_COLOR wins over both, as it does for Node: 0 or false for none, anything else for colours everywhere.
 */
export function hasColours(output: Output, env: Environment): boolean {
  const forced = env['FORCE_COLOR'] ?? ''
  if (forced !== '') return forced !== '0' && forced !== 'false'
  return output.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}

/** The number that begins a colour or a weight, and the one that ends it (ECMA-48, SGR). */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const

/** How text can look. */
export type Colour = keyof typeof codes

/** Gives text a colour where there are colours. */
export function painted(text: string, colour: Colour, colours: boolean): string {
  const [begin, end] = codes[colour]
  return colours && text !== '' ? `\u001b[${begin}m${text}\u001b[${end}m` : text
}

/** Makes text dim where there are colours. */
export function dim(text: string, colours: boolean): string {
  return painted(text, 'dim', colours)
}
