import type { Beginning, StartRequest } from '../session-store.js'
import type { LiveTurnRow } from './live-turn-table.js'
import { type SessionRow, sessionRecord } from './session-table.js'
import type { Tables } from './tables.js'

/**
 * What a turn's answer needs, with its event `turn.started`, which is added.
 */
export function beginTurn(
  { messages, events, states }: Tables,
  session: SessionRow,
  { turn, turn_id }: Pick<LiveTurnRow, 'turn' | 'turn_id'>,
  historyLimit: StartRequest['historyLimit'],
): Beginning {
  const started = {
    type: 'turn.started',
    sessionId: session.session_id,
    turnId: turn_id,
    seq: events.lastSeq(turn) + 1,
  } as const
  events.add(turn, started)
  session.active_turn_id = turn_id
  return {
    session: sessionRecord(session),
    started,
    history: session.ended_count === 0 ? [] : messages.history(session.id, historyLimit),
    state: states.find(session.id),
  }
}
