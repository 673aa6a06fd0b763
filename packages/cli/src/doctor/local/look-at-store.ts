import { constants, existsSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hideExperimentalWarning } from '../../loading/hide-experimental-warning.js'
import { countOf } from '../../sessions/count-of.js'
import { sqliteStoreAt } from '../../sqlite-store-at.js'
import { type Finding, fault, ok, unchecked } from '../finding.js'

/** The largest file of which a copy is tried, in bytes. */
const mostCopied = 100_000_000

/** SQLITE_BUSY (https://www.sqlite.org/rescode.html). */
const busy = 5

/** Looks at the file of a store, without a change: opening it as a server does could bring it to a newer form. */
export async function lookAtStore(path: string, size: number): Promise<readonly Finding[]> {
  const locked = await findLock(path)
  if (locked !== undefined) return [locked]
  if (size <= mostCopied) return [await tryCopy(path)]
  return [
    ok(`${path} can be read.`),
    unchecked(
      `It was not looked through: it has ${Math.round(size / 1e6)} MB.`,
      'colloquy sessions check does that, while no server runs.',
    ),
  ]
}

/** Reads a little of it. */
async function findLock(path: string): Promise<Finding | undefined> {
  const { DatabaseSync } = await hideExperimentalWarning('sqlite', () => import('node:sqlite'))
  // Where nobody writes, SQLite is told so: then it makes no files beside that one.
  const isAlone = !existsSync(`${path}-wal`)
  const hadShared = existsSync(`${path}-shm`)
  const url = new URL(isAlone ? '?immutable=1' : '', pathToFileURL(path))
  try {
    const database = new DatabaseSync(url, { readOnly: true })
    try {
      database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get()
    } finally {
      database.close()
    }
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
    if (code === busy)
      return fault(
        `${path} is locked: another process has it.`,
        'One process at a time has a store. Stop the server that runs, or use another file.',
      )
    const why = error instanceof Error ? error.message : String(error)
    return fault(`${path} can't be read: ${why}.`, 'Bring back a copy of it, or use another file.')
  } finally {
    if (!isAlone && !hadShared) await rm(`${path}-shm`, { force: true })
  }
}

/** Opens a copy, as a server would open the file, and looks through all of it. */
async function tryCopy(path: string): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-doctor-'))
  const copy = join(folder, 'copy.db')
  try {
    for (const suffix of ['', '-wal'])
      if (existsSync(path + suffix)) await copyFile(path + suffix, copy + suffix, constants.COPYFILE_FICLONE)
    const store = await sqliteStoreAt(copy)
    await store.open()
    try {
      const [finding] = await store.integrityCheck()
      if (finding !== undefined)
        return fault(`${path} is damaged: ${finding}`, 'colloquy sessions check tells what to do.')
      return ok(`${path} is in order, and has ${countOf(await store.countSessions(Date.now()))}.`)
    } finally {
      await store.close()
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return fault(why.replaceAll(copy, path), '')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
