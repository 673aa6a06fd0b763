import { SessionError } from './session-error.js'
import type { TurnRef } from './turn-event.js'

/** The error for a session that is unknown, expired or deleted. */
export function sessionNotFound(sessionId: string): SessionError {
  return new SessionError('session_not_found', 'There is no such session, or it has expired.', { sessionId })
}

/** The error for a turn that is this process's no more. */
export function endedElsewhere(ref: TurnRef): SessionError {
  return new SessionError('turn_not_found', 'The turn was ended or deleted elsewhere.', ref)
}

/** The error for a turn that is unknown, or whose session is. */
export function turnNotFound({ sessionId, turnId }: TurnRef): SessionError {
  return new SessionError('turn_not_found', 'There is no such turn.', { sessionId, turnId })
}

/** The error for a session that there is no room for. */
export function noRoom(maxSessions: number): SessionError {
  const message = `There is no room for one more session (${maxSessions}).`
  return new SessionError('session_capacity_reached', message)
}

/** The error for what is asked of a manager that closes. @param error what failed meanwhile, if anything did */
export function shuttingDown(error?: unknown): SessionError {
  if (error instanceof SessionError && error.code === 'shutting_down') return error
  const message = 'The session manager is closing.'
  return new SessionError('shutting_down', message, error === undefined ? {} : { cause: error })
}

/** The error for a key that stands for the turn of another request. */
export function keyReused(ref: TurnRef): SessionError {
  return new SessionError('key_reused', 'The key stands for another request.', ref)
}

/** The error for a message that is not to wait, of a session that has a live turn. */
export function turnInProgress(sessionId: string, turnId: string): SessionError {
  return new SessionError('turn_in_progress', 'The session has a running turn.', { sessionId, turnId })
}
