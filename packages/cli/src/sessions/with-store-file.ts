import { realpath, stat } from 'node:fs/promises'
import { SessionError } from '@colloquy/session'
import type { SqliteStore } from '@colloquy/session/sqlite'
import { CommandError } from '../command-error.js'
import { sqliteStoreAt } from '../compose.js'
import { describeFileError } from '../config/describe-file-error.js'
import { type Flags, readConfig } from '../config/read-config.js'
import { readStorePlace } from '../config/store-place.js'
import type { Surroundings } from '../main-options.js'
import { printable } from '../output/printable.js'
import { makeFolderOf } from '../serve/make-folder-of.js'

/** The flags by which a command is told which store is meant: those of `colloquy serve`. */
export type StoreFlags = Pick<Flags, 'store' | 'dataDir' | 'config' | 'envFile'>

/** A store that is open, and its file. */
export interface StoreFile {
  readonly store: SqliteStore
  /** Absolute, with no link in it. */
  readonly path: string
}

/**
 * Lets something be done with the store that `colloquy serve` would have, which no server may have meanwhile.
 *
 * @param options.makesFile whether a file that is not there is made, with its folder. Default: it is an error
 * @throws CommandError when no file is named, or it can't be used
 */
export async function withStoreFile<Result>(
  flags: StoreFlags,
  surroundings: Surroundings,
  act: (file: StoreFile) => Promise<Result>,
  { makesFile = false }: { readonly makesFile?: boolean } = {},
): Promise<Result> {
  const named = await fileOf(flags, surroundings)
  if (makesFile) await makeFolderOf(named)
  else await stat(named).catch((cause: unknown) => refuse(describeFileError(cause, named), cause))
  const store = await sqliteStoreAt({ kind: 'sqlite', path: named })
  try {
    await store.open()
    return await act({ store, path: await realpath(named) })
  } catch (error) {
    throw explained(error, named)
  } finally {
    await store.close().catch((cause: unknown) => {
      throw explained(cause, named)
    })
  }
}

async function fileOf(flags: StoreFlags, { env, cwd, process, stderr }: Surroundings): Promise<string> {
  const sources = { flags, env, cwd, isTerminal: false, moduleEnv: process?.env }
  const { config, warnings } = await readConfig(sources)
  for (const warning of warnings) stderr.write(`${printable(warning)}\n`)
  const place = readStorePlace(config.store)
  if (place?.kind === 'sqlite') return place.path
  throw new CommandError(
    'Sessions in memory are in nobody else’s reach. Name the file of a store: --store sqlite:data/colloquy.db, ' +
      'or --data-dir data',
    { exitCode: 2 },
  )
}

/** What is told of an error that is the file's; SQLite's own words have nothing of what is kept there. */
function explained(error: unknown, path: string): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error
  if (resultCode(error.cause) === busy) {
    return failed(
      `The SQLite file ${path} is locked: another process has it, such as a server that runs. ` +
        'Stop that first, or use the HTTP API of the server.',
      error,
    )
  }
  if (error instanceof SessionError) return failed(error.message, error)
  if (resultCode(error) === corrupt) {
    return failed(
      `The SQLite file ${path} is damaged. Bring back a copy of it; colloquy sessions check tells what is wrong.`,
      error,
    )
  }
  if ('code' in error && error.code === 'ERR_SQLITE_ERROR') {
    return failed(`The SQLite file ${path} can't be used: ${error.message}.`, error)
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

function failed(message: string, cause: unknown): CommandError {
  return new CommandError(message, { exitCode: 1, cause })
}

function refuse(message: string, cause: unknown): never {
  throw new CommandError(message, { exitCode: 2, cause })
}
