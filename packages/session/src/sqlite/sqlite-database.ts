/** What is written into a database, or asked with. */
export type SqliteValue = string | number | null

/**
 * An open SQLite database, by the few methods that are used here: `node:sqlite`'s `DatabaseSync` and better-sqlite3's
 * `Database` have them. It has to return integers as numbers and rows as objects, as both do unless told otherwise.
 */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
  close(): unknown
}

/** A prepared statement of a {@link SqliteDatabase}. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): {
    readonly changes: number | bigint
    readonly lastInsertRowid: number | bigint
  }
  get(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
  iterate(...values: SqliteValue[]): Iterable<unknown>
}
