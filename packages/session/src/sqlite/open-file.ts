import { accessSync, closeSync, constants, openSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkDatabase, refused } from './check-database.js'
import { describeFault, readyDatabase } from './ready-database.js'
import type { SqliteDatabase } from './sqlite-database.js'

/**
 * Opens the file at a path, makes it when there is none, and makes it ready.
 *
 * @throws SessionError `store_unavailable`, in words that say what to do
 */
export async function openFile(path: string): Promise<SqliteDatabase> {
  // Only here, so that whoever brings a database has no need of it.
  const { DatabaseSync } = await import('node:sqlite')
  const file = locate(path)
  const name = nameOf(path)
  try {
    if (file !== ':memory:' && !makeFile(file, name)) {
      // A look that can't change anything, before one that could. It makes files beside that one, unless it is told that
      // nobody writes: nobody does where there is no WAL file, and otherwise the next look finds out.
      const isAlone = statSync(`${file}-wal`, { throwIfNoEntry: false }) === undefined
      const url = new URL(`?${isAlone ? 'immutable=1' : ''}`, pathToFileURL(file))
      look(new DatabaseSync(url, { readOnly: true }), name)
    }
    const database = new DatabaseSync(file)
    try {
      readyDatabase(database, name)
      rmSync(`${file}-shm`, { force: true }) // of the look: this lock allows nobody to need it
      return database
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw describeFault(error, name)
  }
}

/** What the file at a path is called in errors. */
export function nameOf(path: string): string {
  return `The SQLite file ${locate(path)}`
}

function locate(path: string): string {
  return path === ':memory:' ? path : resolve(path)
}

/** Makes a file that only its owner may read, unless there is one. Returns whether it is empty. */
function makeFile(file: string, name: string): boolean {
  const folder = dirname(file)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw refused(`${name} can't be made: there is no folder ${folder}. Make it first: mkdir -p '${folder}'`)
  }
  const known = statSync(file, { throwIfNoEntry: false })
  if (known?.isFile() === true) {
    for (const place of [file, folder]) accessSync(place, constants.R_OK | constants.W_OK)
    return known.size === 0
  }
  if (known !== undefined) throw refused(`${name} is no file. Use another path.`)
  closeSync(openSync(file, 'ax', 0o600))
  return true
}

function look(database: SqliteDatabase, name: string): void {
  try {
    checkDatabase(database, name)
  } finally {
    database.close()
  }
}
