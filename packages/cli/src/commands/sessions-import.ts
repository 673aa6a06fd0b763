import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ImportOutcome } from '@colloquy/session'
import type { SqliteStore } from '@colloquy/session/sqlite'
import { CommandError, failure, usageError } from '../command-error.js'
import { makeFolderOf } from '../files/make-folder-of.js'
import { nearestFolder } from '../files/nearest-folder.js'
import type { Surroundings } from '../main-options.js'
import { checkImport, type ImportOrder } from '../sessions/check-import.js'
import { countOf } from '../sessions/count-of.js'
import { keepInput, openSource } from '../sessions/import-source.js'
import { readExport } from '../sessions/read-export.js'
import { type Progress, showProgress } from '../sessions/show-progress.js'
import { stopBySignal } from '../sessions/stop-by-signal.js'
import { type StoreFlags, storePath } from '../sessions/store-path.js'
import { withStore } from '../sessions/with-store.js'

/** The flags of `colloquy sessions import`. */
export interface SessionsImportFlags extends StoreFlags {
  readonly replace?: boolean | undefined
  readonly skipExisting?: boolean | undefined
  readonly json?: boolean | undefined
}

/** What has become of the sessions so far. */
interface Counts extends Record<ImportOutcome, number> {
  /** The line of the last one that was imported. */
  lastLine: number
}

/**
 * Imports the sessions of an export. The whole of it is checked first: while anything in it is wrong, or can't be imported
 * here, nothing is. Each session is imported whole or not at all; what stops an import midway leaves those before it.
 *
 * @param file `-` for stdin
 * @throws CommandError when the export is wrong, a session is there already, the store can't be used, or it is stopped
 */
export async function sessionsImportCommand(
  file: string,
  { replace = false, skipExisting = false, json = false, ...flags }: SessionsImportFlags,
  surroundings: Surroundings,
): Promise<void> {
  if (replace && skipExisting) {
    throw usageError(
      '--replace and --skip-existing: a session that is there already can only be one of both.',
    )
  }
  const existing = replace ? 'replace' : skipExisting ? 'skip' : 'refuse'
  const { cwd, stdin, stdout } = surroundings
  if (file === '-' && stdin.isTTY === true) {
    throw usageError(`Nothing comes on stdin: it is a terminal. Example: ${pipeExample}`)
  }
  let source = file === '-' ? undefined : await openSource(resolve(cwd, file), file)
  const stop = stopBySignal(surroundings)
  const counts: Counts = { imported: 0, exists: 0, expired: 0, lastLine: 0 }
  try {
    const path = await storePath(flags, surroundings)
    const check = async (store: SqliteStore | undefined): Promise<ImportOrder> => {
      source ??= await keepInput(stdin, nearestFolder(path), stop.signal)
      const order = { source, existing, now: Date.now(), signal: stop.signal } as const
      await withProgress('Checking', surroundings, (progress) => checkImport(order, store, progress))
      return order
    }
    // A store that is not there has nothing that is in the way, and is not made for an import that is wrong.
    const checked = existsSync(path) ? undefined : await check(undefined)
    if (checked !== undefined) await makeFolderOf(path)
    await withStore(path, surroundings, async ({ store }) => {
      const order = checked ?? (await check(store))
      await withProgress('Importing', surroundings, (progress) => importAll(order, store, counts, progress))
    })
  } catch (error) {
    const isStopped = error === stop.signal.reason
    const told = isStopped ? failure(counts.imported > 0 ? 'Stopped.' : nothingYet, error) : error
    throw told instanceof CommandError && counts.imported > 0 ? withRest(told, counts, existing) : told
  } finally {
    stop.release()
    await source?.close()
  }
  const { imported, exists: skipped, expired } = counts
  stdout.write(json ? `${JSON.stringify({ imported, skipped, expired })}\n` : describe(counts))
}

const pipeExample = 'gunzip -c sessions.jsonl.gz | colloquy sessions import - --data-dir data'

async function withProgress(
  label: string,
  surroundings: Surroundings,
  act: (progress: Progress) => Promise<void>,
): Promise<void> {
  const progress = showProgress(surroundings, label)
  await act(progress).finally(() => progress.clear())
}

async function importAll(
  order: ImportOrder,
  store: SqliteStore,
  counts: Counts,
  progress: Progress,
): Promise<void> {
  const { source, existing, now, signal } = order
  const changed = (line: number, fault: string) =>
    failure(`${source.name} has changed meanwhile: line ${line}: ${fault}`)
  for await (const line of readExport(source)) {
    signal.throwIfAborted()
    if ('fault' in line) throw changed(line.number, line.fault)
    const outcome = await store.importSession(line.session, { replace: existing === 'replace', now })
    if (outcome === 'exists' && existing !== 'skip') {
      throw changed(line.number, `the session ${line.session.sessionId} is there already.`)
    }
    counts[outcome] += 1
    if (outcome === 'imported') counts.lastLine = line.number
    progress.add(source.readPart())
  }
}

const nothingYet = 'Stopped: nothing was imported.'

/** Tells also what was imported before an error. */
function withRest(
  { message, exitCode, cause }: CommandError,
  { imported, lastLine }: Counts,
  existing: ImportOrder['existing'],
): CommandError {
  const which = imported === 1 ? 'was imported, the one in' : 'were imported, the last one in'
  const goOn =
    existing === 'replace'
      ? 'The same command begins again with the first one.'
      : 'Import the rest with --skip-existing.'
  return new CommandError(`${message}\n${countOf(imported)} ${which} line ${lastLine}. ${goOn}`, {
    exitCode,
    cause,
  })
}

function describe({ imported, exists, expired }: Counts): string {
  return [
    `Imported ${countOf(imported)}.`,
    ...(exists > 0 ? [`Skipped ${exists} that ${exists === 1 ? 'is' : 'are'} there already.`] : []),
    ...(expired > 0 ? [`Left out ${expired} whose life has ended since the export.`] : []),
    '',
  ].join('\n')
}
