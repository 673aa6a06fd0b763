import { refused } from './check-database.js'
import { readPragma } from './prepare.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { faultOf } from './sqlite-fault.js'

/**
 * Writes a whole database anew, and empties its WAL file. Nothing less gets rid of what was deleted: where a page was split
 * or joined with another, SQLite leaves pieces of its old contents in it, with any `secure_delete`.
 *
 * @throws SessionError `store_unavailable` when there is no room; then the database is as it was
 */
export function writeAnew(database: SqliteDatabase, name: string): void {
  // It makes a copy first, which may be larger than the memory. What is deleted is not in the copy either.
  database.exec('PRAGMA temp_store = FILE')
  try {
    database.exec('VACUUM')
    readPragma(database, 'wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (faultOf(error) !== 'full') throw error
    throw refused(
      `${name} can't be written anew: there is no space left. What was deleted is gone for everybody, but pieces of it ` +
        'may still be in the file. Make as much room again as the file takes, beside it and in the folder for temporary ' +
        'files (SQLITE_TMPDIR, TMPDIR or /var/tmp), and do it again.',
      error,
    )
  } finally {
    database.exec('PRAGMA temp_store = MEMORY')
  }
}
