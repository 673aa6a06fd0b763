import { expiryAfter } from '../expiry-after.js'
import type { NewSession, SessionPageRequest, SessionRecord, SessionRef } from '../session-store.js'
import { prepare, type Query } from './prepare.js'
import { readJson } from './read-json.js'
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
  /** The turn that runs. */
  active_turn_id: string | null
}

const select = `
  SELECT *, CASE WHEN expires_at IS NULL THEN (
    SELECT turn_id FROM live_turns JOIN turns ON turns.id = turn WHERE live_turns.session = sessions.id AND place = 0
  ) END AS active_turn_id
  FROM sessions`

/** The sessions: by their ids, by owner and activity, by expiry. */
export class SessionTable {
  readonly #find: Query<[sessionId: string, owner: string, now: number], SessionRow>
  readonly #get: Query<[id: number], SessionRow>
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
  readonly #expired: Query<[now: number], { readonly id: number; readonly turn_count: number }>
  readonly #leastActive: Query<[], { readonly id: number; readonly turn_count: number }>
  readonly #countExpired: Query<[now: number], { readonly count: number }>
  readonly #total: Query<[], { readonly sessions: number }>
  readonly #addToTotal: Query<[count: number]>

  constructor(database: SqliteDatabase) {
    this.#find = prepare(
      database,
      `${select} WHERE session_id = ? AND owner = ? AND (expires_at IS NULL OR expires_at > ?)`,
    )
    this.#get = prepare(database, `${select} WHERE id = ?`)
    const order = 'ORDER BY last_active_at DESC, session_id LIMIT ?'
    this.#newest = prepare(
      database,
      `${select} WHERE owner = ? AND (expires_at IS NULL OR expires_at > ?) ${order}`,
    )
    this.#older = prepare(
      database,
      `${select} WHERE owner = ? AND last_active_at <= ? AND (last_active_at < ? OR session_id > ?)
       AND (expires_at IS NULL OR expires_at > ?) ${order}`,
    )
    this.#insert = prepare(
      database,
      `INSERT INTO sessions
       (session_id, owner, created_at, ends_at, ttl_ms, last_active_at, expires_at, metadata)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#update = prepare(
      database,
      `UPDATE sessions SET ttl_ms = ?, last_active_at = ?, expires_at = ?, message_count = ?, turn_count = ?,
       ended_count = ?, metadata = ? WHERE id = ?`,
    )
    this.#delete = prepare(database, 'DELETE FROM sessions WHERE id = ?')
    this.#expired = prepare(
      database,
      'SELECT id, turn_count FROM sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT 1',
    )
    this.#leastActive = prepare(
      database,
      'SELECT id, turn_count FROM sessions WHERE expires_at IS NOT NULL ORDER BY last_active_at LIMIT 1',
    )
    this.#countExpired = prepare(database, 'SELECT count(*) AS count FROM sessions WHERE expires_at <= ?')
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
    return this.#find.get(sessionId, JSON.stringify(owner), now)
  }

  /** The session of something that is there: so it is there as well. */
  get(id: number): SessionRow {
    const row = this.#get.get(id)
    if (row === undefined) throw new Error('A turn has no session.')
    return row
  }

  page({ owner, limit, after }: SessionPageRequest, now: number): SessionRow[] {
    const of = JSON.stringify(owner)
    if (after === undefined) return this.#newest.all(of, now, limit)
    const { lastActiveAt, sessionId } = after
    return this.#older.all(of, lastActiveAt, lastActiveAt, sessionId, now, limit)
  }

  add({ sessionId, owner, createdAt, endsAt, ttlMs, metadata }: NewSession): SessionRow {
    const expiresAt = expiryAfter(createdAt, ttlMs, endsAt)
    const of = JSON.stringify(owner)
    const pairs = JSON.stringify(metadata)
    const id = this.#insert.insert(sessionId, of, createdAt, endsAt, ttlMs, createdAt, expiresAt, pairs)
    this.#addToTotal.run(1)
    return this.get(id)
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

  delete(id: number): void {
    this.#addToTotal.run(-this.#delete.run(id))
  }

  /** A session that has expired. */
  expired(now: number): { readonly id: number; readonly turn_count: number } | undefined {
    return this.#expired.get(now)
  }

  /** The least recently active session that is not live. */
  leastActive(): { readonly id: number; readonly turn_count: number } | undefined {
    return this.#leastActive.get()
  }
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
  }
}
