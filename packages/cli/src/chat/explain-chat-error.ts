import { ColloquyError } from '@colloquy/client'
import { type CallFacts, explainServerError } from '../server-connection/explain-server-error.js'

/**
 * What to tell about an error of the client, and what to do, at the prompt or with another command line; undefined for
 * an error of any other kind.
 */
export function explainChatError(
  error: unknown,
  { url, sentKey }: Pick<CallFacts, 'url' | 'sentKey'>,
  { atPrompt = false }: { readonly atPrompt?: boolean } = {},
): string | undefined {
  const code: string | undefined = error instanceof ColloquyError ? error.code : undefined
  if (code === 'session_not_found') {
    return `There is no such session; it may have expired. ${atPrompt ? 'Type /new to begin a new session, or /sessions for those there are' : 'Leave out --session to begin a new one'}.`
  }
  if (code === 'turn_in_progress') {
    return `The session is still answering an earlier message. Wait for it, or ${atPrompt ? 'type /new to begin a new session' : 'leave out --session to begin a new one'}.`
  }
  return explainServerError(error, { url, sentKey })
}
