import type { FunctionCall } from '@colloquy/client'
import { displayWidth } from '../../output/display-width.js'
import { inOneLine } from './in-one-line.js'

/** What is known of a call. */
export interface ShownCall extends FunctionCall {
  /** How long it took, in milliseconds. Default: not known. */
  readonly ms?: number | undefined
}

/** Shorter ones are not worth telling, in milliseconds. */
const worthTelling = 100

/** In a narrower line there is no room for it. */
const leastWidth = 30

/** A function call in one line: its name, its arguments, how it ended and how long it took, cut to a width. */
export function callLine(call: ShownCall, width: number): string {
  const isWorthTelling = call.ms !== undefined && call.ms >= worthTelling && width >= leastWidth
  const took = isWorthTelling ? ` (${((call.ms ?? 0) / 1000).toFixed(1)} s)` : ''
  const room = Math.max(width - 2 - took.length, 8)
  const asked = `${call.name}(${argumentsOf(call)})`
  // How it ended matters more than what was asked, and gets up to half of the line; more where that is left over.
  const end = inOneLine(
    endOf(call),
    Math.max(Math.floor(room / 2), room - displayWidth(asked.slice(0, room))),
  )
  return `· ${inOneLine(asked, room - displayWidth(end))}${end}${took}`
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
