import { createSqliteStore, type SqliteStore } from '@colloquy/session/sqlite'
import { hideExperimentalWarning } from './loading/hide-experimental-warning.js'

/** Makes the store of a file, which is yet to be opened. @param path absolute */
export async function sqliteStoreAt(path: string): Promise<SqliteStore> {
  await hideExperimentalWarning('sqlite', () => import('node:sqlite')) // Node warns where it is loaded first
  return createSqliteStore({ path })
}
