import type { SessionLimits } from '../limits.js'
import { keyReused, noRoom, sessionNotFound, turnInProgress } from '../refusals.js'
import { SessionError } from '../session-error.js'
import type { AcceptOutcome } from '../session-store.js'
import type { TurnRef } from '../turn-event.js'

/** What the store took: a turn that runs, or one that waits. */
export type Taken = Extract<AcceptOutcome, { outcome: 'accepted' | 'queued' }>

/**
 * What the store made of a message.
 *
 * @throws SessionError when it was not accepted
 */
export function readAcceptance(
  outcome: AcceptOutcome,
  { sessionId }: TurnRef,
  { maxSessions }: SessionLimits,
): Taken | { readonly outcome: 'repeated'; readonly ref: TurnRef } {
  switch (outcome.outcome) {
    case 'accepted':
    case 'queued':
      return outcome
    case 'repeated':
      return { outcome: 'repeated', ref: outcome.ref }
    case 'key_reused':
      throw keyReused(outcome.ref)
    case 'session_not_found':
      throw sessionNotFound(sessionId)
    case 'turn_in_progress':
      throw turnInProgress(sessionId, outcome.turnId)
    case 'queue_full':
      throw new SessionError('queue_full', 'As many turns of the session wait as may.', { sessionId })
    case 'full':
      throw noRoom(maxSessions)
  }
}
