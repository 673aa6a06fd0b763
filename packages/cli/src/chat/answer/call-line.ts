import type { FunctionCall } from '@colloquy/client'
import { inOneLine } from './in-one-line.js'

/** What is known of a call. */
export interface ShownCall extends FunctionCall {
  /** How long it took, in milliseconds. Default: not known. */
  readonly ms?: number | undefined
}

/** Shorter ones are not worth telling, in milliseconds. */
const worthTelling = 100

/** A function call in one line: its name, its arguments, how it ended and how long it took, cut to a width. */
export function callLine(call: ShownCall, width: number): string {
  const took = call.ms !== undefined && call.ms >= worthTelling ? ` (${(call.ms / 1000).toFixed(1)} s)` : ''
  const end = endOf(call)
  const room = Math.max(width - 2 - took.length, 8)
  // How it ended matters more than what was asked, and gets up to half of the line; more where that is left over.
  const asked = `${call.name}(${argumentsOf(call)})`
  const endRoom = Math.max(Math.floor(room / 2), room - asked.length)
  const shownEnd = inOneLine(end, endRoom)
  return `· ${inOneLine(asked, room - shownEnd.length)}${shownEnd}${took}`
}

function argumentsOf({ arguments: given }: FunctionCall): string {
  const isNothing = given === null || (typeof given === 'object' && Object.keys(given).length === 0)
  return isNothing ? '' : JSON.stringify(given)
}

function endOf({ result, error }: FunctionCall): string {
  if (error !== undefined) return ` failed: ${error}`
  if (result === undefined) return ''
  return ` → ${typeof result === 'string' ? result : JSON.stringify(result)}`
}
