import type { StartRequest } from '../session-store.js'
import type { LiveTurnRow } from './live-turn-table.js'
import { type SessionRow, sessionRecord } from './session-table.js'
import type { Tables } from './tables.js'
import { TurnBeginning } from './turn-beginning.js'

/** What a turn's answer needs, with its event `turn.started`, which is added. */
export function beginTurn(
  { messages, events, states }: Tables,
  session: SessionRow,
  { turn, turn_id }: Pick<LiveTurnRow, 'turn' | 'turn_id'>,
  { lastSeq, historyLimit }: Pick<StartRequest, 'historyLimit'> & { readonly lastSeq: number },
): TurnBeginning {
  const started = {
    type: 'turn.started',
    sessionId: session.session_id,
    turnId: turn_id,
    seq: lastSeq + 1,
  } as const
  events.add(turn, [started])
  session.active_turn = turn
  session.active_turn_id = turn_id
  return new TurnBeginning({
    session: sessionRecord(session),
    started,
    state: states.find(session.id),
    messages,
    range: { session: session.id, ended: session.ended_count, limit: historyLimit },
  })
}
