import type { ChatContext } from '@colloquy/session'
import { type Child, type ChildEnd, type ChildOptions, startChild } from '../child/start-child.js'
import { describeEnd } from './describe-end.js'

/**
 * Adds the ids to the environment, whichever that is, and becomes the shell that runs the command. They are handed over
 * as arguments, so nothing in them is ever read as a command.
 */
const script = 'export COLLOQUY_SESSION_ID="$1" COLLOQUY_TURN_ID="$2"; exec /bin/sh -c "$0"'

/** Runs a command line for a turn, with the message as its stdin. */
export function runCommand(
  command: string,
  message: string,
  { session, turnId, logger }: ChatContext,
  options: Pick<ChildOptions, 'cwd' | 'env' | 'killGraceMs' | 'clock'>,
): Child {
  const child = startChild({
    ...options,
    command: '/bin/sh',
    args: ['-c', script, command, session.id, turnId],
    onStderr: (line) => logger.info({ line: line.toWellFormed() }, 'the command wrote to its stderr'),
  })
  child.stdin.end(message)
  return child
}

/** Why an answer is not whole; undefined when it is. */
export function failureOf(name: string, end: ChildEnd): Error | undefined {
  const { code, signal, error } = end
  if (code === 0) return undefined
  if (error !== undefined)
    return new Error(
      `The command "${name}" ${describeEnd(end)}. It needs /bin/sh, and the folder (cwd) to run in.`,
    )
  return new Error(`The command "${name}" ${describeEnd(end)}${signal === null ? meaningOf(code) : ''}.`)
}

/** POSIX.1-2024, Shell Command Language, 2.8.2. */
function meaningOf(code: number | null): string {
  if (code === 126) return ': the shell may not run it'
  return code === 127 ? ': the shell finds no such command' : ''
}
