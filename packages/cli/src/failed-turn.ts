import { printable } from './output/printable.js'

/** An error as the log has it. */
export interface LoggedError {
  readonly message?: string
  readonly name?: string
  readonly stack?: string
  readonly cause?: unknown
}

/** Where this program is: what it does between the lines of a bot helps nobody to mend that. */
const ownFolder = new URL('.', import.meta.url).href

/**
 * What a turn failed with, in indented lines: the words of an error that a bot or an adapter has thrown on purpose, and of
 * its causes; of any other its stack as well.
 */
export function failedWith(error: LoggedError): string {
  const { message = '', name, stack = '', cause } = error
  const frames = name === 'ChatError' ? [] : stack.split('\n').filter(isOfOthers)
  const own = [...message.split('\n'), ...frames.map((frame) => `  ${frame.trim()}`)]
  const lines = own.map((line) => `    ${printable(line)}\n`).join('')
  return isError(cause) ? `${lines}${failedWith(cause)}` : lines
}

function isOfOthers(line: string): boolean {
  return (
    /^\s+at /.test(line) &&
    !line.includes(ownFolder) &&
    !line.includes('(node:') &&
    !line.includes('(<anonymous>)')
  )
}

function isError(cause: unknown): cause is LoggedError {
  return (
    typeof cause === 'object' && cause !== null && 'message' in cause && typeof cause.message === 'string'
  )
}
