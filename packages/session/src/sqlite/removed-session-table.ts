import { prepare, type Query } from './prepare.js'
import type { SqliteDatabase } from './sqlite-database.js'

/** The sessions that are gone for everybody, and of which something is left to delete. */
export class RemovedSessionTable {
  readonly #add: Query<[session: number]>
  readonly #first: Query<[], { readonly session: number }>
  readonly #delete: Query<[session: number]>

  constructor(database: SqliteDatabase) {
    this.#add = prepare(database, 'INSERT INTO removed_sessions (session) VALUES (?)')
    this.#first = prepare(database, 'SELECT session FROM removed_sessions ORDER BY session LIMIT 1')
    this.#delete = prepare(database, 'DELETE FROM removed_sessions WHERE session = ?')
  }

  add(session: number): void {
    this.#add.run(session)
  }

  first(): number | undefined {
    return this.#first.get()?.session
  }

  delete(session: number): void {
    this.#delete.run(session)
  }
}
