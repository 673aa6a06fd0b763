import type { TurnEnd, TurnWrite, TurnWriteOutcome } from '../session-store.js'
import { isFinal, type TurnRef } from '../turn-event.js'
import type { LiveTurnRow } from './live-turn-table.js'
import { idleExpiry, wasActive } from './session-table.js'
import type { Tables } from './tables.js'

/** What has to be known of a turn to end it. */
type EndingTurn = Pick<LiveTurnRow, 'turn' | 'session' | 'session_id'>

/** Writes what happened in a turn, and its end, unless it has ended before. */
export function writeTurn(tables: Tables, { ref, events, end }: TurnWrite): TurnWriteOutcome {
  const row = findLive(tables, ref)
  if (row === undefined) return 'refused'
  tables.events.add(row.turn, events)
  const final = events.at(-1)
  if (end !== undefined && final !== undefined && isFinal(final)) endTurn(tables, row, end)
  return 'written'
}

/** The turn, if it is live. Nearly always it is the one that runs in a session that is known. */
function findLive({ sessions, live }: Tables, ref: TurnRef): EndingTurn | undefined {
  const session = sessions.recent(ref.sessionId)
  if (session === undefined || session.active_turn === null || session.active_turn_id !== ref.turnId)
    return live.find(ref)
  return { turn: session.active_turn, session: session.id, session_id: session.session_id }
}

/** Ends a turn; its final event has been added. */
export function endTurn(
  { sessions, states, turns, live, messages }: Tables,
  row: EndingTurn,
  end: TurnEnd,
): void {
  const session = sessions.get(row)
  let answer: number | null = null
  if (end.message !== null) {
    session.message_count += 1
    answer = messages.add(session.id, session.message_count, end.message)
  }
  session.ended_count += 1
  turns.end(row.turn, end, { ended: session.ended_count, answer })
  live.delete(row.turn)
  if (end.state !== undefined) states.keep(session.id, end.state)
  if (session.active_turn === row.turn) {
    session.active_turn = null
    session.active_turn_id = null
  }
  wasActive(session, end.endedAt)
  session.expires_at = session.ended_count === session.turn_count ? idleExpiry(session) : null
  sessions.save(session)
}
