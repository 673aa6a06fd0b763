import { logForeign } from '../log-foreign.js'
import type { TurnOutcome } from './end-turn.js'
import type { LiveTurn } from './live-turn.js'
import type { TurnLog } from './turn-log.js'

/** Writes the one line of a turn: how it ended, how long it took. */
export function logTurnEnd(turn: LiveTurn, outcome: TurnOutcome, durationMs: number, log: TurnLog): void {
  const fields = {
    ...log.ids,
    outcome: outcome.status,
    ...('reason' in outcome ? { reason: nameOf(outcome.reason) } : {}),
    ...('code' in outcome ? { code: outcome.code } : {}),
    duration_ms: Math.round(durationMs),
    first_event_ms: turn.firstEventMs === null ? null : Math.round(turn.firstEventMs),
    events: turn.lastSeq,
  }
  if (outcome.status === 'failed')
    logForeign(log.parent, 'error', { ...fields, err: outcome.error }, 'turn failed')
  else log.parent.info(fields, `turn ${outcome.status}`)
}

/** The reasons that this package and its servers give. Whoever stops a turn may give any other, in words of their own. */
const reasons: ReadonlySet<string> = new Set([
  'client_request',
  'client_disconnected',
  'superseded',
  'session_deleted',
  'shutdown',
  'restart',
  'lease_expired',
])

function nameOf(reason: string): string {
  return reasons.has(reason) ? reason : 'other'
}
