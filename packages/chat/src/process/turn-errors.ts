import { ChatError } from '@colloquy/session'
import type { TurnFault } from './program-line.js'

/** What a turn fails with when the program says that it can't answer. */
export function errorOfFault(label: string, { code, message, retryAfterSeconds }: TurnFault): Error {
  const what = `The program "${label}" could not answer${message === undefined ? '.' : `: ${message}`}`
  if (code === undefined) return new Error(what)
  return new ChatError(code, what, retryAfterSeconds === undefined ? {} : { retryAfterSeconds })
}

/** What a turn fails with when the program breaks the protocol. */
export function violation(label: string, what: string): Error {
  return new Error(`The program "${label}" broke the protocol: ${what}.`)
}
