import { realpath } from 'node:fs/promises'
import { SessionError } from '@colloquy/session'
import type { SqliteStore } from '@colloquy/session/sqlite'
import { CommandError, failure } from '../command-error.js'
import type { Surroundings } from '../main-options.js'
import { printable } from '../output/printable.js'
import { sqliteStoreAt } from '../sqlite-store-at.js'

/** A store that is open, and its file. */
export interface StoreFile {
  readonly store: SqliteStore
  /** Absolute, with no link in it. */
  readonly path: string
}

/**
 * Opens the store of a file, lets something be done with it, and closes it. The file is made where there is none.
 *
 * @param named absolute
 * @throws CommandError when it can't be used
 */
export async function withStore<Result>(
  named: string,
  { stderr }: Pick<Surroundings, 'stderr'>,
  act: (file: StoreFile) => Promise<Result>,
): Promise<Result> {
  const store = await sqliteStoreAt(named)
  const close = () =>
    store.close().catch((cause: unknown) => {
      throw explained(cause, named)
    })
  let result: Result
  try {
    await store.open()
    result = await act({ store, path: await realpath(named) })
  } catch (error) {
    // What went wrong first is what is thrown.
    await close().catch((fault: unknown) => {
      const why = fault instanceof Error ? fault.message : String(fault)
      stderr.write(`${printable(`The store could not be closed: ${why}`)}\n`)
    })
    throw explained(error, named)
  }
  await close()
  return result
}

/** What is told of an error that is the file's; SQLite's own words have nothing of what is kept there. */
function explained(error: unknown, path: string): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error
  if (resultCode(error.cause) === busy) {
    return failure(
      `The SQLite file ${path} is locked: another process has it, such as a server that runs. ` +
        'Stop that first, or use the HTTP API of the server.',
      error,
    )
  }
  if (error instanceof SessionError) return failure(error.message, error)
  if (resultCode(error) === corrupt) {
    return failure(
      `The SQLite file ${path} is damaged. Bring back a copy of it; colloquy sessions check tells what is wrong.`,
      error,
    )
  }
  if ('code' in error && error.code === 'ERR_SQLITE_ERROR') {
    return failure(`The SQLite file ${path} can't be used: ${error.message}.`, error)
  }
  return error
}

/** SQLITE_BUSY and SQLITE_CORRUPT (https://www.sqlite.org/rescode.html). */
const busy = 5
const corrupt = 11

/** SQLite's result code in an error; an extended one has it in its lowest byte. */
function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
}
