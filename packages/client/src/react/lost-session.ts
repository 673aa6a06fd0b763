import { ColloquyError } from '@colloquy/client'
import { type Parts, type Talk, tell } from './talk.js'

/** Whether an error says that a session is gone. */
export function isLost(error: unknown): boolean {
  return error instanceof ColloquyError && error.code === 'session_not_found'
}

/** Lets go of a session that is gone; of several that find it out, one does it. */
export function loseSession({ kept, options }: Parts, talk: Talk, sessionId: string): void {
  if (talk.sessionId !== sessionId) return
  talk.sessionId = undefined
  kept.forget()
  tell(options.onSessionLost, sessionId)
}
