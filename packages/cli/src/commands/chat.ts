import { connect } from '../chat/connect.js'
import { converse } from '../chat/converse.js'
import { readMessage } from '../chat/read-message.js'
import { sayOnce } from '../chat/say-once.js'
import { usageError } from '../command-error.js'
import type { Surroundings } from '../main-options.js'

/** The flags of `colloquy chat`. */
export interface ChatFlags {
  readonly url?: string | undefined
  readonly session?: string | undefined
  readonly json?: boolean | undefined
}

/**
 * Talks to a server: says the words, or what is piped in, once; or else prompts.
 *
 * @returns the exit code
 * @throws CommandError when it was called wrongly
 */
export async function chatCommand(
  words: readonly string[],
  flags: ChatFlags,
  surroundings: Surroundings,
): Promise<number> {
  const { url, session: sessionId, json = false } = flags
  const { env, stdin } = surroundings
  const connection = connect(url, env)
  if (words.length === 0 && stdin.isTTY) {
    if (json) throw usageError('--json needs a message. Example: colloquy chat --json Hello')
    return converse(connection, sessionId, surroundings)
  }
  const message = words.length > 0 ? words.join(' ') : await readMessage(stdin)
  if (message.trim() === '') {
    throw usageError('There is no message. Example: colloquy chat Hello')
  }
  return sayOnce(connection, { message, sessionId, json }, surroundings)
}
