import type { SafeObserver } from '../session-observer.js'
import type { TurnOutcome } from './end-turn.js'
import type { LiveTurn } from './live-turn.js'

/** Tells the observer how a turn ended. */
export function tellTurnEnd(
  turn: LiveTurn,
  outcome: TurnOutcome,
  durationMs: number,
  observer: SafeObserver,
): void {
  observer.turnEnded({
    status: outcome.status,
    hasBegun: turn.begun !== null,
    ...('code' in outcome ? { code: outcome.code } : {}),
    durationMs,
    firstEventMs: turn.firstEventMs,
    events: turn.lastSeq,
  })
}
