import { readPragma } from './prepare.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { createTimeSlice } from './time-slice.js'

/** How many free pages a file may keep, however small it is: what comes next will need some. */
const sparePages = 256

/** Which part of a file may be free: so much comes and goes. */
const sparePart = 0.1

/** How many pages are moved in one go. */
const step = 32

/**
 * Gives free pages back to the file system, as many as the time allows; returns whether there are no more than may be free.
 */
export function givePagesBack(database: SqliteDatabase): boolean {
  const slice = createTimeSlice()
  while (!slice.isOver()) {
    const pages = Number(readPragma(database, 'page_count'))
    const free = Number(readPragma(database, 'freelist_count'))
    if (free <= Math.max(sparePages, pages * sparePart)) return true
    database.exec(`PRAGMA incremental_vacuum(${step})`)
  }
  return false
}
