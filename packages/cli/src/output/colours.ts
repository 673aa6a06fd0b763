import type { Environment, Output } from '../main-options.js'

/** Whether an output is to have colours: a terminal is, unless NO_COLOR says otherwise (https://no-color.org). */
export function hasColours(output: Output, env: Environment): boolean {
  return output.isTTY === true && (env['NO_COLOR'] ?? '') === ''
}

/** Makes text dim where there are colours. */
export function dim(text: string, colours: boolean): string {
  return colours ? `\u001b[2m${text}\u001b[22m` : text
}

/** Makes text bold where there are colours. */
export function bold(text: string, colours: boolean): string {
  return colours ? `\u001b[1m${text}\u001b[22m` : text
}

/** Makes text red where there are colours. */
export function red(text: string, colours: boolean): string {
  return colours ? `\u001b[31m${text}\u001b[39m` : text
}

/** Makes text green where there are colours. */
export function green(text: string, colours: boolean): string {
  return colours ? `\u001b[32m${text}\u001b[39m` : text
}

/** Makes text yellow where there are colours. */
export function yellow(text: string, colours: boolean): string {
  return colours ? `\u001b[33m${text}\u001b[39m` : text
}

/** Makes text cyan where there are colours. */
export function cyan(text: string, colours: boolean): string {
  return colours ? `\u001b[36m${text}\u001b[39m` : text
}
