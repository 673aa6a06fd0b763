import { logForeign } from '../log-foreign.js'
import type { TurnReport } from '../session-observer.js'
import type { TurnOutcome } from './end-turn.js'
import type { TurnLog } from './turn-log.js'

/** Writes the one line of a turn: how it ended, how long it took. */
export function logTurnEnd(report: TurnReport, outcome: TurnOutcome, log: TurnLog): void {
  const { durationMs, firstEventMs, events } = report
  const fields = {
    ...log.ids,
    outcome: outcome.status,
    ...('reason' in outcome ? { reason: nameOf(outcome.reason) } : {}),
    ...('code' in outcome ? { code: outcome.code } : {}),
    duration_ms: Math.round(durationMs),
    first_event_ms: firstEventMs === null ? null : Math.round(firstEventMs),
    events,
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
