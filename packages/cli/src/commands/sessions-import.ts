import { dirname, resolve } from 'node:path'
import type { ImportOutcome } from '@colloquy/session'
import { CommandError } from '../command-error.js'
import type { Surroundings } from '../main-options.js'
import { checkImport, type ImportOrder } from '../sessions/check-import.js'
import { countOf } from '../sessions/count-of.js'
import { keepInput, openSource } from '../sessions/import-source.js'
import { readExport } from '../sessions/read-export.js'
import { type Progress, showProgress } from '../sessions/show-progress.js'
import { stopBySignal } from '../sessions/stop-by-signal.js'
import { type StoreFlags, withStoreFile } from '../sessions/with-store-file.js'

/** The flags of `colloquy sessions import`. */
export interface SessionsImportFlags extends StoreFlags {
  readonly replace?: boolean | undefined
  readonly skipExisting?: boolean | undefined
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
  { replace = false, skipExisting = false, ...flags }: SessionsImportFlags,
  surroundings: Surroundings,
): Promise<void> {
  if (replace && skipExisting) {
    throw wrong('--replace and --skip-existing: a session that is there already can only be one of both.', 2)
  }
  const existing = replace ? 'replace' : skipExisting ? 'skip' : 'refuse'
  const { cwd, stdin, stdout, stderr } = surroundings
  if (file === '-' && stdin.isTTY === true) {
    throw wrong(`Nothing comes on stdin: it is a terminal. Example: ${pipeExample}`, 2)
  }
  let source = file === '-' ? undefined : await openSource(resolve(cwd, file), file)
  const stop = stopBySignal(surroundings)
  const counts: Counts = { imported: 0, exists: 0, expired: 0, lastLine: 0 }
  try {
    await withStoreFile(
      flags,
      surroundings,
      async ({ store, path }) => {
        source ??= await keepInput(stdin, dirname(path), stop.signal)
        const order = { source, store, existing, now: Date.now(), signal: stop.signal } as const
        await withProgress('Checked', stderr, (progress) => checkImport(order, progress))
        await withProgress('Imported', stderr, (progress) => importAll(order, counts, progress))
      },
      { makesFile: true },
    )
  } catch (error) {
    const isStopped = error === stop.signal.reason
    const told = isStopped ? wrong(counts.imported > 0 ? 'Stopped.' : nothingYet, 1, error) : error
    throw told instanceof CommandError && counts.imported > 0 ? withRest(told, counts, existing) : told
  } finally {
    stop.release()
    await source?.close()
  }
  stdout.write(describe(counts))
}

const pipeExample = 'gunzip -c sessions.jsonl.gz | colloquy sessions import - --data-dir data'

async function withProgress(
  label: string,
  output: Surroundings['stderr'],
  act: (progress: Progress) => Promise<void>,
): Promise<void> {
  const progress = showProgress(output, label)
  await act(progress).finally(() => progress.clear())
}

async function importAll(order: ImportOrder, counts: Counts, progress: Progress): Promise<void> {
  const { source, store, existing, now, signal } = order
  const changed = (line: number, fault: string) =>
    wrong(`${source.name} has changed meanwhile: line ${line}: ${fault}`, 1)
  for await (const line of readExport(source)) {
    signal.throwIfAborted()
    if ('fault' in line) throw changed(line.number, line.fault)
    const outcome = await store.importSession(line.session, { replace: existing === 'replace', now })
    if (outcome === 'exists' && existing !== 'skip') {
      throw changed(line.number, `the session ${line.session.sessionId} is there already.`)
    }
    counts[outcome] += 1
    if (outcome === 'imported') counts.lastLine = line.number
    progress.add()
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
  return wrong(`${message}\n${countOf(imported)} ${which} line ${lastLine}. ${goOn}`, exitCode, cause)
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
