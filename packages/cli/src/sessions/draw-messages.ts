import type { FunctionCall, Message } from '@colloquy/client'
import { dim, painted } from '../output/colours.js'
import { cutToWidth } from '../output/display-width.js'
import { printable } from '../output/printable.js'
import { timeText } from '../output/time-text.js'

/** How messages are drawn. */
export interface DrawOptions {
  /** How many columns the screen has; undefined where there is none: control characters of a text are kept then. */
  readonly width: number | undefined
  readonly colours: boolean
}

/** How long the line about a function call is where no screen says it. */
const usualWidth = 100

/** Messages to read: who said it, when and what, with the functions that were called in between, a blank line apart. */
export function drawMessages({ width, colours }: DrawOptions): (messages: readonly Message[]) => string {
  let isFirst = true
  const draw = (message: Message): string => {
    const blank = isFirst ? '' : '\n'
    isFirst = false
    const { role, content, created_at, status, functions_called = [] } = message
    const who = painted(role, role === 'user' ? 'cyan' : 'green', colours)
    const when = dim(`${timeText(created_at)}${status === 'partial' ? ', not whole' : ''}`, colours)
    const calls = functions_called.map((call) => `${dim(callLine(call, width ?? usualWidth), colours)}\n`)
    const text = width === undefined ? content : printable(content)
    const end = text === '' || text.endsWith('\n') ? '' : '\n'
    return `${blank}${who} ${when}\n${calls.join('')}${text}${end}`
  }
  return (messages) => messages.map(draw).join('')
}

/** A function call in one line: what it was called with, and what came of it. */
function callLine(call: FunctionCall, width: number): string {
  const { name, arguments: given } = call
  const outcome =
    call.error !== undefined
      ? ` failed: ${call.error}`
      : 'result' in call
        ? ` → ${JSON.stringify(call.result)}`
        : ' never returned'
  const text = `· ${name}(${JSON.stringify(given)})${outcome}`
  return cutToWidth(printable(text.slice(0, width * 4)).replaceAll(/[\n\t]+/g, ' '), width)
}
