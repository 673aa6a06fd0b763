import { SessionError } from '../session-error.js'
import { readPragma } from './prepare.js'
import { applicationId, migrations } from './schema.js'
import type { SqliteDatabase } from './sqlite-database.js'

/**
 * Looks whose database it is, and changes nothing.
 *
 * @returns the version of its schema; 0 when it is empty
 * @throws SessionError when it is somebody else's, or of a newer version
 */
export function checkDatabase(database: SqliteDatabase, name: string): number {
  const row = database.prepare('SELECT 1 AS one').get()
  if (typeof row !== 'object' || row === null || !('one' in row) || row.one !== 1) {
    throw refused(
      `${name} returns integers or rows in a form of its own. Open it without options such as readBigInts, ` +
        'returnArrays or defaultSafeIntegers().',
    )
  }
  const id = readPragma(database, 'application_id')
  const version = Number(readPragma(database, 'user_version'))
  if (id === applicationId) {
    if (version <= migrations.length) return version
    throw refused(
      `${name} was written by a newer version of this program (schema ${version}; this one knows up to ` +
        `${migrations.length}). It was left as it is: use the newer version, or another file.`,
    )
  }
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  if (id === 0 && version === 0 && isEmpty) return 0
  throw refused(`${name} belongs to another program. It was left as it is: use another file.`)
}

/** The error for a database that can't be the store's. @param cause SQLite's own error, where there is one */
export function refused(message: string, cause?: unknown): SessionError {
  return new SessionError('store_unavailable', message, cause === undefined ? {} : { cause })
}
