import { SessionError } from '../session-error.js'
import { checkDatabase, refused } from './check-database.js'
import { migrate } from './migrate.js'
import { readPragma } from './prepare.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { faultOf } from './sqlite-fault.js'

/** How long a lock of another program is waited for, in milliseconds: nothing else happens meanwhile. */
const busyTimeoutMs = 50

/**
 * After how many pages the WAL file is brought into the database. Those that are written again and again, as nearly all are,
 * are brought once: with SQLite's own 1,000 a turn takes a quarter more.
 */
const walPages = 4_000

/** What the WAL file of a large transaction is cut to afterwards, in bytes: it need not grow anew each time. */
const walBytes = 16 * 1024 * 1024

/**
 * Makes a database ready: the lock that keeps other processes away, the journal, the schema.
 *
 * @param name what it is called in errors
 * @throws SessionError when it can't be the store's; SQLite's own errors
 */
export function readyDatabase(database: SqliteDatabase, name: string): void {
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  // Before the first look into it: so it needs no memory that processes share, and works on any file system.
  database.exec('PRAGMA locking_mode = EXCLUSIVE')
  const version = checkDatabase(database, name)
  if (version === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL')
  const journal = readPragma(database, 'journal_mode = WAL')
  if (journal !== 'wal' && journal !== 'memory') {
    throw refused(`${name} can't be written ahead (its journal mode stays "${journal}"). Use another file.`)
  }
  // Where somebody has written into it before, it takes more to change its form. It is still empty.
  if (version === 0 && readPragma(database, 'auto_vacuum') !== 2) database.exec('VACUUM')
  database.exec('PRAGMA synchronous = NORMAL')
  // What is deleted is overwritten where that takes no writing of its own. What is left of it are free pages, and pieces in
  // pages that were split or joined; ON would overwrite the first alone, and take four times as long for large texts.
  database.exec('PRAGMA secure_delete = FAST')
  database.exec(`PRAGMA wal_autocheckpoint = ${walPages}`)
  database.exec(`PRAGMA journal_size_limit = ${walBytes}`)
  database.exec('PRAGMA cache_size = -16000') // KiB
  database.exec('PRAGMA temp_store = MEMORY')
  migrate(database, version)
  // The lock is taken with the first write, and kept. From then on there is nobody to wait for.
  database.exec('BEGIN IMMEDIATE')
  database.exec('COMMIT')
  database.exec('PRAGMA busy_timeout = 0')
}

/** Says in words what SQLite's own error means for somebody who wants to open a database. */
export function describeFault(error: unknown, name: string): SessionError {
  if (error instanceof SessionError) return error
  switch (faultOf(error)) {
    case 'busy':
      return refused(
        `${name} is in use by another process. One process at a time can have it: stop that one, or use another file.`,
        error,
      )
    case 'read_only':
      return refused(`${name} can't be written. Give this user the right to write it and its folder.`, error)
    case 'not_a_database':
      return refused(`${name} is no SQLite database. It was left as it is: use another file.`, error)
    case 'damaged':
      return refused(`${name} is damaged. Bring back a copy of it, or use another file.`, error)
    case 'full':
      return refused(`${name} can't grow: there is no space left. Make room on its disk.`, error)
    case 'io':
      return refused(
        `${name} can't be read or locked. It has to be writable, and on a file system that knows locks.`,
        error,
      )
    case 'cannot_open':
    case 'other':
      return refused(
        `${name} can't be opened: ${error instanceof Error ? error.message : String(error)}.`,
        error,
      )
  }
}
