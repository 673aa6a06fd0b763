import { freezeJson } from '../json.js'
import type { SessionExport, TurnExport } from '../session-export.js'
import type { MessageRecord } from '../session-store.js'
import { isFinal } from '../turn-event.js'
import { MemorySession } from './memory-session.js'
import { MemoryTurn } from './memory-turn.js'

/** The lease of a turn that has ended: nobody's. */
const noLease = { instance: '', until: 0 }

/** Makes a session of an export of which no turn is live. The turns are in the same order. */
export function importSession(given: SessionExport): MemorySession {
  const session = new MemorySession(given)
  session.state = freezeJson(given.state)
  session.lastActiveAt = given.lastActiveAt
  session.expiresAt = session.idleExpiry
  for (const message of given.messages) session.addMessage(message)
  const byTurn = Map.groupBy(session.messages, ({ turnId }) => turnId)
  const inOrderOfEnd = given.turns.toSorted((one, other) => (one.ended ?? 0) - (other.ended ?? 0))
  for (const { turnId } of inOrderOfEnd)
    for (const message of byTurn.get(turnId) ?? []) session.addToHistory(message)
  for (const turn of given.turns) session.addTurn(importTurn(session, turn, byTurn.get(turn.turnId)?.[0]))
  return session
}

function importTurn(session: MemorySession, given: TurnExport, message?: MessageRecord): MemoryTurn {
  if (message === undefined) throw new Error(`The turn ${given.turnId} has no message of a user.`)
  const ref = { owner: session.owner, sessionId: session.sessionId, turnId: given.turnId }
  const { createdAt, metadata, startedAt, events } = given
  const accepted = { ref, now: createdAt, metadata, onBusy: { kind: 'reject' }, lease: noLease } as const
  const turn = new MemoryTurn(session, message, accepted)
  turn.startedAt = startedAt
  for (const event of events) turn.events.add(event)
  endTurn(turn, given)
  return turn
}

function endTurn(turn: MemoryTurn, { turnId, status, endedAt, events, functionsCalled }: TurnExport): void {
  const final = events.at(-1)
  if (status === 'queued' || status === 'running' || endedAt === null || !final || !isFinal(final)) {
    throw new Error(`The turn ${turnId} has not ended.`)
  }
  turn.end(final, { status, endedAt, functionsCalled })
}
