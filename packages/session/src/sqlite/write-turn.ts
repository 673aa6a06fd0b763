import type { TurnEnd, TurnWrite, TurnWriteOutcome } from '../session-store.js'
import { isFinal } from '../turn-event.js'
import type { LiveTurnRow } from './live-turn-table.js'
import { idleExpiry, wasActive } from './session-table.js'
import type { Tables } from './tables.js'

/** Writes what happened in a turn, and its end, unless it has ended before. */
export function writeTurn(tables: Tables, { ref, events, end }: TurnWrite): TurnWriteOutcome {
  const row = tables.live.find(ref)
  if (row === undefined) return 'refused'
  for (const event of events) tables.events.add(row.turn, event)
  const final = events.at(-1)
  if (end !== undefined && final !== undefined && isFinal(final)) endTurn(tables, row, end)
  return 'written'
}

/** Ends a turn; its final event has been added. */
export function endTurn(
  { sessions, states, turns, live, messages }: Tables,
  row: LiveTurnRow,
  end: TurnEnd,
): void {
  const session = sessions.get(row.session)
  let answer: number | null = null
  if (end.message !== null) {
    session.message_count += 1
    answer = messages.add(session.id, session.message_count, end.message)
  }
  session.ended_count += 1
  turns.end(row.turn, end, { ended: session.ended_count, answer })
  live.delete(row.turn)
  if (end.state !== undefined) states.keep(session.id, end.state)
  const { active, waiting } = live.lineOf(session.id)
  const isIdle = active === null && waiting.length === 0
  wasActive(session, end.endedAt)
  session.expires_at = isIdle ? idleExpiry(session) : null
  sessions.save(session)
}
