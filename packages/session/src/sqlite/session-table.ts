import { expiryAfter } from '../expiry-after.js'
import type { NewSession, SessionPageRequest, SessionRecord, SessionRef } from '../session-store.js'
import { prepare, type Query } from './prepare.js'
import { readJson } from './read-json.js'
import { RecentSessions } from './recent-sessions.js'
import type { SqliteDatabase } from './sqlite-database.js'

/** A session as its row has it; {@link SessionTable.save} writes what has changed in it. */
export interface SessionRow {
  readonly id: number
  readonly session_id: string
  /** As JSON text. */
  readonly owner: string
  readonly created_at: number
  readonly ends_at: number | null
  ttl_ms: number
  last_active_at: number
  /** Null while a turn is live. */
  expires_at: number | null
  message_count: number
  turn_count: number
  /** How many of its turns have ended. */
  ended_count: number
  /** As JSON text. */
  metadata: string
  /** As JSON text, `null` among them. */
  readonly chat: string
  /** The turn that runs. */
  active_turn: number | null
  active_turn_id: string | null
}

/** What has to be known of a session to remove it. */
export type RemovableSession = Pick<SessionRow, 'id' | 'session_id' | 'turn_count'>

/** Whether a session of the table `sessions` has live turns, for a statement. */
export const isLive = 'EXISTS (SELECT 1 FROM live_turns WHERE live_turns.session = sessions.id)'

const liveTurns = 'live_turns JOIN turns ON turns.id = turn WHERE live_turns.session = sessions.id'

/**
 * The columns of a session, as it is. Its row is written when a turn ends, and not when one is accepted: what a live turn
 * changed is known by the turn. That is half of what it costs to keep the row and its indexes.
 */
const sessionColumns = `
  id, session_id, owner, created_at, ends_at, ttl_ms, ended_count, metadata, chat,
  CASE WHEN ${isLive} THEN NULL ELSE expires_at END AS expires_at,
  max(last_active_at, coalesce((SELECT max(turns.created_at) FROM ${liveTurns}), last_active_at)) AS last_active_at,
  CASE WHEN ${isLive} THEN (SELECT max(position) FROM messages WHERE session = sessions.id) ELSE message_count END
    AS message_count,
  CASE WHEN ${isLive} THEN (SELECT max(position) FROM turns WHERE session = sessions.id) ELSE turn_count END
    AS turn_count,
  (SELECT turn FROM ${liveTurns} AND place = 0) AS active_turn,
  (SELECT turn_id FROM ${liveTurns} AND place = 0) AS active_turn_id`

const select = `SELECT ${sessionColumns} FROM sessions`

/** The sessions: by their ids, by owner and activity, by expiry. */
export class SessionTable {
  readonly #recent = new RecentSessions()
  readonly #at: Query<[sessionId: string], SessionRow>
  readonly #get: Query<[id: number], SessionRow>
  readonly #live: Query<[owner: string], SessionRow>
  readonly #newest: Query<[owner: string, now: number, limit: number], SessionRow>
  readonly #older: Query<
    [owner: string, at: number, at: number, sessionId: string, now: number, limit: number],
    SessionRow
  >
  readonly #insert: Query<
    [
      sessionId: string,
      owner: string,
      createdAt: number,
      endsAt: number | null,
      ttlMs: number,
      lastActiveAt: number,
      expiresAt: number,
      metadata: string,
      chat: string,
    ]
  >
  readonly #update: Query<
    [
      ttlMs: number,
      lastActiveAt: number,
      expiresAt: number | null,
      messageCount: number,
      turnCount: number,
      endedCount: number,
      metadata: string,
      id: number,
    ]
  >
  readonly #delete: Query<[id: number]>
  readonly #expired: Query<[now: number], RemovableSession>
  readonly #leastActive: Query<[], RemovableSession>
  readonly #countExpired: Query<[now: number], { readonly count: number }>
  readonly #total: Query<[], { readonly sessions: number }>
  readonly #addToTotal: Query<[count: number]>

  constructor(database: SqliteDatabase) {
    this.#at = prepare(database, `${select} WHERE session_id = ?`)
    this.#get = prepare(database, `${select} WHERE id = ?`)
    this.#live = prepare(
      database,
      `${select} WHERE id IN (SELECT live_turns.session FROM live_turns) AND owner = ?`,
    )
    const order = 'ORDER BY sessions.last_active_at DESC, session_id LIMIT ?'
    this.#newest = prepare(
      database,
      `${select} WHERE owner = ? AND sessions.expires_at > ? AND NOT ${isLive} ${order}`,
    )
    this.#older = prepare(
      database,
      `${select} WHERE owner = ? AND sessions.last_active_at <= ? AND (sessions.last_active_at < ? OR session_id > ?)
       AND sessions.expires_at > ? AND NOT ${isLive} ${order}`,
    )
    this.#insert = prepare(
      database,
      `INSERT INTO sessions
       (session_id, owner, created_at, ends_at, ttl_ms, last_active_at, expires_at, metadata, chat)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#update = prepare(
      database,
      `UPDATE sessions SET ttl_ms = ?, last_active_at = ?, expires_at = ?, message_count = ?, turn_count = ?,
       ended_count = ?, metadata = ? WHERE id = ?`,
    )
    this.#delete = prepare(database, 'DELETE FROM sessions WHERE id = ?')
    this.#expired = prepare(
      database,
      `SELECT id, session_id, turn_count FROM sessions WHERE expires_at <= ? AND NOT ${isLive}
       ORDER BY expires_at LIMIT 1`,
    )
    this.#leastActive = prepare(
      database,
      `SELECT id, session_id, turn_count FROM sessions WHERE expires_at IS NOT NULL AND NOT ${isLive}
       ORDER BY last_active_at LIMIT 1`,
    )
    this.#countExpired = prepare(
      database,
      `SELECT count(*) AS count FROM sessions WHERE expires_at <= ? AND NOT ${isLive}`,
    )
    this.#total = prepare(database, 'SELECT sessions FROM totals WHERE id = 1')
    this.#addToTotal = prepare(database, 'UPDATE totals SET sessions = sessions + ? WHERE id = 1')
  }

  /** How many there are, expired or not. */
  get total(): number {
    return this.#total.get()?.sessions ?? 0
  }

  /** How many have not expired. */
  count(now: number): number {
    return this.total - this.countExpired(now)
  }

  /** How many have expired and are still there. */
  countExpired(now: number): number {
    return this.#countExpired.get(now)?.count ?? 0
  }

  /** The owner's session, unless it has expired; a live one can't. */
  find({ owner, sessionId }: SessionRef, now: number): SessionRow | undefined {
    const known = this.recent(sessionId)
    const row = known ?? this.#at.get(sessionId)
    if (row === undefined || row.owner !== JSON.stringify(owner)) return undefined
    if (row.expires_at !== null && row.expires_at <= now) return undefined
    if (known === undefined) this.#recent.add(row)
    return row
  }

  /** The session of this id, whoever owns it, also when it has expired and is still kept. */
  at(sessionId: string): SessionRow | undefined {
    return this.recent(sessionId) ?? this.#at.get(sessionId)
  }

  /** A session that was used lately; undefined when it has to be looked for. */
  recent(sessionId: string): SessionRow | undefined {
    return this.#recent.get(sessionId)
  }

  /** The session of something that is there: so it is there as well. */
  get({ session, session_id }: { readonly session: number; readonly session_id: string }): SessionRow {
    const known = this.recent(session_id)
    if (known !== undefined) return known
    const row = this.read(session)
    this.#recent.add(row)
    return row
  }

  /** The same for one that is looked at once. */
  read(id: number): SessionRow {
    const row = this.#get.get(id)
    if (row === undefined) throw new Error('A turn has no session.')
    return row
  }

  /** Forgets what was read: it may have been changed by what was taken back. */
  forget(): void {
    this.#recent.clear()
  }

  page({ owner, limit, after }: SessionPageRequest, now: number): SessionRow[] {
    const of = JSON.stringify(owner)
    // Few are live, and their rows tell nothing of their order.
    const live = this.#live.all(of)
    if (after === undefined) return inOrder([...live, ...this.#newest.all(of, now, limit)], limit)
    const { lastActiveAt: at, sessionId } = after
    const behind = live.filter(
      (row) => row.last_active_at < at || (row.last_active_at === at && row.session_id > sessionId),
    )
    return inOrder([...behind, ...this.#older.all(of, at, at, sessionId, now, limit)], limit)
  }

  add({ sessionId, owner, createdAt, endsAt, ttlMs, metadata, chat }: NewSession): SessionRow {
    const expiresAt = expiryAfter(createdAt, ttlMs, endsAt)
    const of = JSON.stringify(owner)
    const pairs = JSON.stringify(metadata)
    const id = this.#insert.insert(
      sessionId,
      of,
      createdAt,
      endsAt,
      ttlMs,
      createdAt,
      expiresAt,
      pairs,
      JSON.stringify(chat),
    )
    this.#addToTotal.run(1)
    return this.get({ session: id, session_id: sessionId })
  }

  save(row: SessionRow): void {
    this.#update.run(
      row.ttl_ms,
      row.last_active_at,
      row.expires_at,
      row.message_count,
      row.turn_count,
      row.ended_count,
      row.metadata,
      row.id,
    )
  }

  delete({ id, session_id }: Pick<SessionRow, 'id' | 'session_id'>): void {
    this.#recent.delete(session_id)
    this.#addToTotal.run(-this.#delete.run(id))
  }

  /** A session that has expired. */
  expired(now: number): RemovableSession | undefined {
    return this.#expired.get(now)
  }

  /** The least recently active session that is not live. */
  leastActive(): RemovableSession | undefined {
    return this.#leastActive.get()
  }
}

/** The first of some sessions: the most recently active first, those of one moment by their ids. */
function inOrder(rows: SessionRow[], limit: number): SessionRow[] {
  rows.sort((a, b) => b.last_active_at - a.last_active_at || (a.session_id < b.session_id ? -1 : 1))
  return rows.slice(0, limit)
}

/** Notes that a session was active. An end may be told late, when others have been accepted since. */
export function wasActive(row: SessionRow, at: number): void {
  row.last_active_at = Math.max(row.last_active_at, at)
}

/** When a session ends if it is not live and nothing happens any more. */
export function idleExpiry({ last_active_at, ttl_ms, ends_at }: SessionRow): number {
  return expiryAfter(last_active_at, ttl_ms, ends_at)
}

/** The session as the store shows it. */
export function sessionRecord(row: SessionRow): SessionRecord {
  return {
    owner: readJson(row.owner) as string,
    sessionId: row.session_id,
    createdAt: row.created_at,
    lastActiveAt: row.last_active_at,
    expiresAt: row.expires_at,
    endsAt: row.ends_at,
    ttlMs: row.ttl_ms,
    messageCount: row.message_count,
    activeTurnId: row.active_turn_id,
    metadata: readJson(row.metadata) as Record<string, string>,
    chat: readJson(row.chat) as string | null,
  }
}
