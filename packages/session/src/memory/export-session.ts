import type { SessionExport, TurnExport } from '../session-export.js'
import type { MessageRecord, NewMessage, TurnKey } from '../session-store.js'
import type { MemorySession } from './memory-session.js'
import type { MemoryTurn } from './memory-turn.js'

/** A session as it is, with everything of it. @param keyOf tells what a turn's request is known by, if by anything */
export function exportSession(
  session: MemorySession,
  keyOf: (turn: MemoryTurn) => TurnKey | null,
): SessionExport {
  const { owner, sessionId, createdAt, ttlMs, endsAt, metadata, chat, lastActiveAt, state } = session
  const messages = session.messages.map(exportMessage)
  const order = [...new Set(session.history.map(({ turnId }) => turnId))]
  const ended = new Map(order.map((turnId, index) => [turnId, index + 1]))
  const turns = session.turns.map((turn) => {
    return exportTurn(turn, { ended: ended.get(turn.turnId) ?? null, key: keyOf(turn) })
  })
  return { owner, sessionId, createdAt, ttlMs, endsAt, metadata, chat, lastActiveAt, state, messages, turns }
}

/** A message without its position. */
function exportMessage(record: MessageRecord): NewMessage {
  const { messageId, turnId, role, content, functionsCalled, status, createdAt } = record
  const called = functionsCalled === undefined ? {} : { functionsCalled }
  return { messageId, turnId, role, content, ...called, status, createdAt }
}

function exportTurn(turn: MemoryTurn, { ended, key }: Pick<TurnExport, 'ended' | 'key'>): TurnExport {
  const { turnId, status, createdAt, startedAt, endedAt, metadata, functionsCalled } = turn.record()
  const events = turn.events.all(turn.ref)
  return { turnId, status, createdAt, startedAt, endedAt, ended, metadata, functionsCalled, events, key }
}
