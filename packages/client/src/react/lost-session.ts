import { forget } from './kept-session.js'
import { codeOf, type Talk, tell } from './talk.js'

/**
 * Lets go of a session that an error says is gone, for another one to come. Throws the error when it is about something
 * else, or about a session that the page has chosen.
 */
export function loseSession(talk: Talk, sessionId: string | undefined, error: unknown): void {
  const { sessionId: chosen, onSessionLost } = talk.options()
  if (!sessionId || sessionId === chosen || codeOf(error) !== 'session_not_found') throw error
  // Several may find it out.
  if (talk.sessionId !== sessionId) return
  talk.sessionId = undefined
  talk.kept(forget)
  tell(onSessionLost, sessionId)
}
