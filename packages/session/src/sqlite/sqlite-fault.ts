/** Why SQLite can't do what it is asked for, as far as somebody can do something about it. */
export type SqliteFault =
  | 'busy'
  | 'read_only'
  | 'io'
  | 'damaged'
  | 'full'
  | 'cannot_open'
  | 'not_a_database'
  | 'other'

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) by number and by name, and some of the system's. */
const faults: readonly (readonly [code: number | null, name: string, fault: SqliteFault])[] = [
  [4874, 'SQLITE_IOERR_SHMSIZE', 'full'], // the file `-shm` could not be made as large as it has to be
  [5, 'SQLITE_BUSY', 'busy'],
  [6, 'SQLITE_LOCKED', 'busy'],
  [8, 'SQLITE_READONLY', 'read_only'],
  [10, 'SQLITE_IOERR', 'io'],
  [11, 'SQLITE_CORRUPT', 'damaged'],
  [13, 'SQLITE_FULL', 'full'],
  [14, 'SQLITE_CANTOPEN', 'cannot_open'],
  [26, 'SQLITE_NOTADB', 'not_a_database'],
  [null, 'EACCES', 'read_only'],
  [null, 'EROFS', 'read_only'],
  [null, 'EPERM', 'read_only'],
  [null, 'ENOSPC', 'full'],
]

/** Tells what an error of `node:sqlite` (by number), better-sqlite3 or the file system (by name) is about. */
export function faultOf(error: unknown): SqliteFault {
  if (typeof error !== 'object' || error === null) return 'other'
  // An extended result code has the primary one in its lowest byte, and its name in front.
  const number = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : -1
  const primary = number & 0xff
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const found = faults.find(
    ([each, name]) => each === number || each === primary || code === name || code.startsWith(`${name}_`),
  )
  return found?.[2] ?? 'other'
}
