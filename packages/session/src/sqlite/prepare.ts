import type { SqliteDatabase, SqliteValue } from './sqlite-database.js'

/** A prepared statement that knows the types of its values and of its rows. */
export interface Query<Values extends readonly SqliteValue[], Row = never> {
  /** The first row, if there is any. */
  get(...values: Values): Row | undefined
  all(...values: Values): Row[]
  /** Row by row, as they are asked for; nothing else may be done with the database meanwhile. */
  iterate(...values: Values): Iterable<Row>
  /** Returns how many rows were changed. */
  run(...values: Values): number
  /** Inserts a row; returns its id. */
  insert(...values: Values): number
}

/** Prepares a statement. Here rows are believed to be what the schema says. */
export function prepare<Values extends readonly SqliteValue[], Row = never>(
  database: SqliteDatabase,
  sql: string,
): Query<Values, Row> {
  const statement = database.prepare(sql)
  return {
    get: (...values) => statement.get(...values) as Row | undefined,
    all: (...values) => statement.all(...values) as Row[],
    iterate: (...values) => statement.iterate(...values) as Iterable<Row>,
    run: (...values) => Number(statement.run(...values).changes),
    insert: (...values) => Number(statement.run(...values).lastInsertRowid),
  }
}

/** The value of a PRAGMA that has one. */
export function readPragma(database: SqliteDatabase, name: string): number | string {
  const row = database.prepare(`PRAGMA ${name}`).get() as Readonly<Record<string, number | string>>
  return Object.values(row)[0] ?? ''
}
