import type { TurnReport } from '../session-observer.js'
import type { TurnOutcome } from './end-turn.js'
import type { LiveTurn } from './live-turn.js'

/** How a turn ended, in numbers. @param now by the clock that never goes back */
export function reportOf(turn: LiveTurn, outcome: TurnOutcome, now: number): TurnReport {
  return {
    status: outcome.status,
    hasBegun: turn.begun !== null,
    ...('code' in outcome ? { code: outcome.code } : {}),
    durationMs: now - turn.acceptedMonotonic,
    firstEventMs: turn.firstEventMs,
    events: turn.lastSeq,
  }
}
