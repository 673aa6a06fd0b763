import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SqliteStore } from '@colloquy/session/sqlite'
import { CommandError } from '../command-error.js'
import { describeFileError } from '../config/describe-file-error.js'
import type { Surroundings } from '../main-options.js'
import { countOf } from '../sessions/count-of.js'
import { readExport } from '../sessions/read-export.js'
import { type Progress, showProgress } from '../sessions/show-progress.js'
import { type StoreFlags, withStoreFile } from '../sessions/with-store-file.js'

/** The flags of `colloquy sessions import`. */
export interface SessionsImportFlags extends StoreFlags {
  readonly replace?: boolean | undefined
  readonly skipExisting?: boolean | undefined
}

/** What is to be imported, and how. */
interface Import {
  /** Absolute. */
  readonly path: string
  /** As the user named it. */
  readonly name: string
  readonly store: SqliteStore
  readonly replace: boolean
  readonly skipExisting: boolean
  readonly now: number
  readonly progress: Progress
}

/** What has become of the sessions of a file. */
interface Counts {
  imported: number
  exists: number
  expired: number
}

/** How many faults are told. */
const mostFaults = 10

/**
 * Imports the sessions of an export. The whole file is checked first: while a line is wrong, or, unless it is told what to
 * do then, a session is there already, nothing is imported. Each session is imported whole or not at all.
 *
 * @throws CommandError when the file is wrong, a session is there already, or the store can't be used
 */
export async function sessionsImportCommand(
  file: string,
  { replace = false, skipExisting = false, ...flags }: SessionsImportFlags,
  surroundings: Surroundings,
): Promise<void> {
  if (replace && skipExisting) {
    throw wrong('--replace and --skip-existing: a session that is there already can only be one of both.', 2)
  }
  const path = resolve(surroundings.cwd, file)
  await checkFile(path, file)
  const { stdout, stderr } = surroundings
  const progress = showProgress(stderr, 'Imported')
  const counts = await withStoreFile(
    flags,
    surroundings,
    async ({ store }) => {
      const now = Date.now()
      const order = { path, name: file, store, replace, skipExisting, now, progress }
      await checkAll(order)
      return importAll(order)
    },
    { makesFile: true },
  ).finally(() => progress.clear())
  stdout.write(describe(counts))
}

/** It is read twice, so it has to be one that can be. */
async function checkFile(path: string, name: string): Promise<void> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw wrong(describeFileError(cause, name), 2, cause)
  })
  if (stats.isFile()) return
  throw wrong(
    stats.isDirectory()
      ? describeFileError({ code: 'EISDIR' }, name)
      : `${name} is no file. Write the export to one first.`,
    2,
  )
}

/** Reads the whole file, and changes nothing. */
async function checkAll({ path, name, store, replace, skipExisting, now }: Import): Promise<void> {
  const faults: string[] = []
  const existing: string[] = []
  for await (const line of readExport(path, name)) {
    if ('fault' in line) {
      faults.push(`  line ${line.number}: ${line.fault}`)
      continue
    }
    if (replace || skipExisting) continue
    const { owner, sessionId } = line.session
    const known = await store.getSession({ owner, sessionId }, now)
    if (known !== undefined) existing.push(`  line ${line.number}: ${sessionId}`)
  }
  if (faults.length > 0) {
    const what = faults.length === 1 ? 'A line' : `${faults.length} lines`
    throw wrong([`${what} of ${name} can't be imported, so nothing was:`, ...some(faults)].join('\n'), 1)
  }
  if (existing.length > 0) {
    const what = existing.length === 1 ? '1 session is' : `${existing.length} sessions are`
    throw wrong(
      [`${what} there already, so nothing was imported:`, ...some(existing), whatToDo].join('\n'),
      1,
    )
  }
}

async function importAll({
  path,
  name,
  store,
  replace,
  skipExisting,
  now,
  progress,
}: Import): Promise<Counts> {
  const counts: Counts = { imported: 0, exists: 0, expired: 0 }
  for await (const line of readExport(path, name)) {
    if ('fault' in line) throw wrong(`${name} has changed meanwhile: line ${line.number}: ${line.fault}`, 1)
    const outcome = await store.importSession(line.session, { replace, now })
    counts[outcome] += 1
    progress.add()
    if (outcome === 'exists' && !skipExisting) {
      // The same id twice in the file, or of another owner.
      throw wrong(
        `${name}, line ${line.number}: there is a session ${line.session.sessionId} already. ` +
          `${countOf(counts.imported)} before it ${counts.imported === 1 ? 'was' : 'were'} imported.\n${whatToDo}`,
        1,
      )
    }
  }
  return counts
}

const whatToDo =
  'Leave those that are there as they are with --skip-existing, or replace them with --replace.'

function some(lines: readonly string[]): readonly string[] {
  const more = lines.length - mostFaults
  return more > 0 ? [...lines.slice(0, mostFaults), `  and ${more} more`] : lines
}

function describe({ imported, exists, expired }: Counts): string {
  return [
    `Imported ${countOf(imported)}.`,
    ...(exists > 0 ? [`Skipped ${exists} that ${exists === 1 ? 'is' : 'are'} there already.`] : []),
    ...(expired > 0 ? [`Left out ${expired} whose life has ended since the export.`] : []),
    '',
  ].join('\n')
}

function wrong(message: string, exitCode: 1 | 2, cause?: unknown): CommandError {
  return new CommandError(message, { exitCode, cause })
}
