import type { Environment, Output } from '../main-options.js'

/** Whether an output is to have colours: a terminal is, unless NO_COLOR says otherwise (https://no-color.org). */
export function hasColours(output: Output, env: Environment): boolean {
  return output.isTTY === true && (env['NO_COLOR'] ?? '') === ''
}

/** Makes text dim where there are colours. */
export function dim(text: string, colours: boolean): string {
  return colours ? `\u001b[2m${text}\u001b[22m` : text
}
