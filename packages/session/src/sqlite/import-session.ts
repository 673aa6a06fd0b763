import { expiryAfter } from '../expiry-after.js'
import {
  endLiveTurns,
  type ImportOptions,
  type ImportOutcome,
  type SessionExport,
  type TurnExport,
} from '../session-export.js'
import { removeSession } from './remove-sessions.js'
import type { Tables } from './tables.js'

/** Takes in a session with everything of it. */
export function importSession(
  tables: Tables,
  given: SessionExport,
  { replace, now }: ImportOptions,
): ImportOutcome {
  const session = endLiveTurns(given, now, 'restart')
  const expiresAt = expiryAfter(session.lastActiveAt, session.ttlMs, session.endsAt)
  if (expiresAt <= now) return 'expired'
  const known = tables.sessions.at(session.sessionId)
  const isThere = known !== undefined && (known.expires_at === null || known.expires_at > now)
  if (isThere && !(replace && known.owner === JSON.stringify(session.owner))) return 'exists'
  if (known !== undefined) removeSession(tables, known)
  const row = tables.sessions.add(session)
  const messages = addMessages(tables, row.id, session)
  for (const [index, turn] of session.turns.entries()) {
    const [question, answer = null] = messages.get(turn.turnId) ?? []
    if (question === undefined) throw new Error(`The turn ${turn.turnId} has no message of a user.`)
    const id = addTurn(tables, turn, { session: row.id, position: index + 1, question, answer })
    const { key } = turn
    if (key === null || key.until <= now || tables.keys.find(session.owner, key, now) !== undefined) continue
    tables.keys.keep(id, session.owner, key)
  }
  if (session.state !== null) tables.states.keep(row.id, session.state)
  row.last_active_at = session.lastActiveAt
  row.expires_at = expiresAt
  row.message_count = session.messages.length
  row.turn_count = session.turns.length
  row.ended_count = session.turns.length
  tables.sessions.save(row)
  return 'imported'
}

/** Adds all messages; returns their ids by turn, in their order. */
function addMessages(
  { messages }: Tables,
  session: number,
  given: SessionExport,
): ReadonlyMap<string, readonly number[]> {
  const ids = new Map<string, number[]>()
  for (const [index, message] of given.messages.entries()) {
    const id = messages.add(session, index + 1, message)
    const before = ids.get(message.turnId)
    if (before === undefined) ids.set(message.turnId, [id])
    else before.push(id)
  }
  return ids
}

function addTurn(
  { turns, events }: Tables,
  turn: TurnExport,
  place: {
    readonly session: number
    readonly position: number
    readonly question: number
    readonly answer: number | null
  },
): number {
  const { turnId, status, metadata, createdAt, startedAt, endedAt, ended, functionsCalled } = turn
  if (status === 'queued' || status === 'running' || endedAt === null || ended === null) {
    throw new Error(`The turn ${turnId} has not ended.`)
  }
  const id = turns.add({ ref: { turnId }, metadata, now: createdAt }, { ...place, begins: false })
  if (startedAt !== null) turns.start(id, startedAt)
  events.add(id, turn.events)
  turns.end(id, { endedAt, status, functionsCalled }, { ended, answer: place.answer })
  return id
}
