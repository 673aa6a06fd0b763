import type { KeyedTurn, TurnKey } from '../session-store.js'
import { prepare, type Query } from './prepare.js'
import { isLive } from './session-table.js'
import type { SqliteDatabase } from './sqlite-database.js'

interface KeyRow {
  readonly fingerprint: string
  readonly session_id: string
  readonly turn_id: string
}

/** What the requests that made turns are known by: of each owner, by key. */
export class KeyTable {
  readonly #find: Query<[owner: string, key: string, now: number, now: number], KeyRow>
  readonly #keep: Query<[turn: number, owner: string, key: string, fingerprint: string, until: number]>
  readonly #collect: Query<[now: number, limit: number]>
  readonly #delete: Query<[turn: number]>

  constructor(database: SqliteDatabase) {
    this.#find = prepare(
      database,
      `SELECT fingerprint, session_id, turn_id FROM keys JOIN turns ON turns.id = turn
       JOIN sessions ON sessions.id = session
       WHERE keys.owner = ? AND key = ? AND until > ? AND (expires_at IS NULL OR expires_at > ? OR ${isLive})`,
    )
    this.#keep = prepare(
      database,
      'INSERT OR REPLACE INTO keys (turn, owner, key, fingerprint, until) VALUES (?, ?, ?, ?, ?)',
    )
    this.#collect = prepare(
      database,
      'DELETE FROM keys WHERE turn IN (SELECT turn FROM keys WHERE until <= ? LIMIT ?)',
    )
    this.#delete = prepare(database, 'DELETE FROM keys WHERE turn = ?')
  }

  /** The turn that a key stands for, and whether the request is the same. */
  find(owner: string, { key, fingerprint }: TurnKey, now: number): KeyedTurn | undefined {
    const row = this.#find.get(JSON.stringify(owner), JSON.stringify(key), now, now)
    if (row === undefined) return undefined
    const ref = { sessionId: row.session_id, turnId: row.turn_id }
    return { ref, isSame: row.fingerprint === JSON.stringify(fingerprint) }
  }

  keep(turn: number, owner: string, { key, fingerprint, until }: TurnKey): void {
    this.#keep.run(turn, JSON.stringify(owner), JSON.stringify(key), JSON.stringify(fingerprint), until)
  }

  /** Deletes up to `limit` keys that have run out; returns how many. */
  collect(now: number, limit: number): number {
    return this.#collect.run(now, limit)
  }

  delete(turn: number): void {
    this.#delete.run(turn)
  }
}
