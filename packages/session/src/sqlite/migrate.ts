import { applicationId, migrations } from './schema.js'
import type { SqliteDatabase } from './sqlite-database.js'

/** Brings a database from a version of its schema to the present one: all steps or none. */
export function migrate(database: SqliteDatabase, from: number): void {
  if (from === migrations.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const step of migrations.slice(from)) database.exec(step)
    database.exec(`PRAGMA application_id = ${applicationId}`)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    rollBack(database)
    throw error
  }
}

/** Ends a transaction as if it had not been. SQLite may have done so by itself already. */
export function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // there was none any more
  }
}
