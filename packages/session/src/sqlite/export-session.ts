import type { FunctionCall } from '../chat-interface.js'
import type { ExportOptions, SessionExport, TurnExport } from '../session-export.js'
import type { TurnKey } from '../session-store.js'
import { turnStatus } from '../turn-event.js'
import type { ExportedTurnRow } from './export-queries.js'
import { type SessionRow, sessionRecord } from './session-table.js'
import type { Tables } from './tables.js'

/** More than there are of anything. */
const all = Number.MAX_SAFE_INTEGER

/** Goes through the sessions that match, one at a time, in ascending order of their ids. */
export function* exportSessions(
  tables: Tables,
  { owner, sessionId }: ExportOptions,
  now: number,
): Generator<SessionExport> {
  if (sessionId !== undefined) {
    const known = tables.sessions.at(sessionId)
    if (known === undefined || (known.expires_at !== null && known.expires_at <= now)) return
    if (owner === undefined || known.owner === JSON.stringify(owner)) yield exportSession(tables, known, now)
    return
  }
  let next = tables.exports.next('', { owner, now })
  while (next !== undefined) {
    yield exportSession(tables, tables.sessions.read(next.id), now)
    next = tables.exports.next(next.session_id, { owner, now })
  }
}

/** A session as it is at this moment, with everything of it. */
function exportSession(tables: Tables, row: SessionRow, now: number): SessionExport {
  const { id } = row
  const record = sessionRecord(row)
  const { owner, sessionId, createdAt, ttlMs, endsAt, metadata, chat, lastActiveAt } = record
  const state = tables.states.find(id)
  const messages = tables.exports.messages(id)
  const turns = tables.exports.turns(id, now).map((row) => exportTurn(tables, row))
  return { owner, sessionId, createdAt, ttlMs, endsAt, metadata, chat, lastActiveAt, state, messages, turns }
}

function exportTurn({ events }: Tables, row: ExportedTurnRow): TurnExport {
  const { functions_called: called } = row
  return {
    turnId: row.turn_id,
    status: turnStatus(row.status, row.started_at),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    ended: row.ended,
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    functionsCalled: called === null ? [] : (JSON.parse(called) as FunctionCall[]),
    events: events.read(row.id, { after: 0, limit: all }),
    key: keyOf(row),
  }
}

function keyOf({ key, fingerprint, until }: ExportedTurnRow): TurnKey | null {
  if (key === null || fingerprint === null || until === null) return null
  return { key: JSON.parse(key) as string, fingerprint: JSON.parse(fingerprint) as string, until }
}
