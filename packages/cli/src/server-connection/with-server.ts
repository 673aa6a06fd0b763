import { ColloquyError } from '@colloquy/client'
import { CommandError, usageError } from '../command-error.js'
import { exitCodes } from '../exit-codes.js'
import type { Surroundings } from '../main-options.js'
import { shown } from '../output/shown.js'
import { connect, type ServerConnection, type ServerFlags } from './connect.js'
import { exitCodeOf, explainServerError } from './explain-server-error.js'

/** How long an answer may take unless it is said otherwise, in seconds. */
export const defaultTimeoutSeconds = 30

/** The longest wait that can be asked for, in seconds: a day. */
const longestSeconds = 86_400

/**
 * Lets something be done with the server that the flags or the variables name. What the server answers with, and that
 * none does, is told in words of the command line, with the exit code that stands for it.
 *
 * @param sessionId the session that it is about, for the words of an error
 * @throws CommandError when it is called wrongly, the server can't be asked, or says no
 */
export async function withServer<Result>(
  { url: flag, timeout }: ServerFlags,
  { env, signal }: Pick<Surroundings, 'env' | 'signal'>,
  act: (connection: ServerConnection) => Promise<Result>,
  sessionId?: string,
): Promise<Result> {
  const seconds = readSeconds('--timeout', timeout) ?? defaultTimeoutSeconds
  // Whoever waits at a terminal is told at once.
  const connection = connect(flag, env, { timeout: seconds * 1000, maxRetries: 0 })
  try {
    return await act(connection)
  } catch (error) {
    if (signal?.aborted === true) throw new CommandError('Stopped.', { exitCode: exitCodes.stopped })
    const { url, headers } = connection
    const facts = { url, sessionId, sentKey: 'Authorization' in headers, timeoutFlag: '--timeout' }
    const message = explainServerError(error, facts)
    if (message === undefined || !(error instanceof ColloquyError)) throw error
    throw new CommandError(message, { exitCode: exitCodeOf(error), cause: error })
  }
}

/**
 * Reads a flag that says how long, in seconds; undefined where it is not given.
 *
 * @throws CommandError when it is no such number
 */
export function readSeconds(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (seconds > 0 && seconds <= longestSeconds) return seconds
  throw usageError(
    `${flag}: ${shown(text)} is not a number of seconds above 0 and up to ${longestSeconds}. Example: ${flag} 30`,
  )
}
