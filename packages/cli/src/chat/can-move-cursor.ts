import type { Environment, Output } from '../main-options.js'

/** Whether the cursor of an output can be moved: a terminal's, unless it is one that can't. */
export function canMoveCursor(output: Output, env: Environment): boolean {
  return output.isTTY === true && env['TERM'] !== 'dumb'
}
