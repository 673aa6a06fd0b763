import type { JsonValue } from '../json.js'
import { prepare, type Query } from './prepare.js'
import { readJson } from './read-json.js'
import type { SqliteDatabase } from './sqlite-database.js'

/** The states of the sessions that have one. */
export class StateTable {
  readonly #find: Query<[session: number], { readonly state: string }>
  readonly #keep: Query<[session: number, state: string]>
  readonly #delete: Query<[session: number]>

  constructor(database: SqliteDatabase) {
    this.#find = prepare(database, 'SELECT state FROM states WHERE session = ?')
    this.#keep = prepare(database, 'INSERT OR REPLACE INTO states (session, state) VALUES (?, ?)')
    this.#delete = prepare(database, 'DELETE FROM states WHERE session = ?')
  }

  /** A session's state; null before the first. */
  find(session: number): JsonValue {
    const row = this.#find.get(session)
    return row === undefined ? null : (readJson(row.state) as JsonValue)
  }

  keep(session: number, state: JsonValue): void {
    this.#keep.run(session, JSON.stringify(state))
  }

  delete(session: number): void {
    this.#delete.run(session)
  }
}
