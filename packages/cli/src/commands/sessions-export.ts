import { realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { SessionExport } from '@colloquy/session'
import { failure, usageError } from '../command-error.js'
import { describeFileError } from '../files/describe-file-error.js'
import { NoFileError, replaceFile } from '../files/replace-file.js'
import type { Output, Surroundings } from '../main-options.js'
import { countOf } from '../sessions/count-of.js'
import { headerLine, sessionLine } from '../sessions/export-format.js'
import { showProgress } from '../sessions/show-progress.js'
import { stopBySignal } from '../sessions/stop-by-signal.js'
import type { StoreFlags } from '../sessions/store-path.js'
import { withStoreFile } from '../sessions/with-store-file.js'

/** The flags of `colloquy sessions export`. */
export interface SessionsExportFlags extends StoreFlags {
  readonly owner?: string | undefined
  readonly output?: string | undefined
}

/**
 * Writes all sessions of a store, or those of an owner, as JSON Lines: to stdout, or to a file, whole or not at all.
 *
 * @throws CommandError when the store can't be used, the file can't be written, or it is stopped
 */
export async function sessionsExportCommand(
  { owner, output, ...flags }: SessionsExportFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { cwd, stdout, stderr } = surroundings
  const now = Date.now()
  const progress = showProgress(surroundings, 'Exporting')
  let count = 0
  let total: number | undefined
  const onSession = () => {
    count += 1
    progress.add(total === undefined ? undefined : count / total)
  }
  const stop = stopBySignal(surroundings)
  try {
    const isWhole = await withStoreFile(flags, surroundings, async ({ store, path }) => {
      // Only all of them are quickly counted.
      if (stderr.isTTY === true && owner === undefined) total = await store.countSessions(now)
      const sessions = store.exportSessions(owner === undefined ? {} : { owner }, now)
      const lines = linesOf(sessions, { now, onSession, signal: stop.signal })
      if (output === undefined) return writeLines(stdout, lines, stop.signal)
      await writeFile(resolve(cwd, output), lines, { name: output, store: path })
      return true
    }).finally(() => progress.clear())
    if (isWhole) stderr.write(`Exported ${countOf(count)}${output === undefined ? '' : ` to ${output}`}.\n`)
  } catch (error) {
    if (error !== stop.signal.reason) throw error
    throw failure(
      `Stopped: ${output === undefined ? 'the export is not whole' : 'nothing was written'}.`,
      error,
    )
  } finally {
    stop.release()
  }
}

async function* linesOf(
  sessions: AsyncIterable<SessionExport>,
  options: { readonly now: number; readonly onSession: () => void; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  const { now, onSession, signal } = options
  yield headerLine(now)
  for await (const session of sessions) {
    signal.throwIfAborted()
    yield sessionLine(session)
    onSession()
  }
}

/**
 * Writes line by line, no faster than they are taken. An output that fails ends it; what is to be told of that is told by
 * whoever runs the command. Returns whether all was written.
 *
 * @throws the signal's reason when that is aborted, also while nobody takes a line
 */
async function writeLines(
  output: Output,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<boolean> {
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  stopped.catch(() => undefined) // it may come when nothing is waited for
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    for await (const line of lines) {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      output.write(line, (error) => resolve(error === null || error === undefined))
      if (!(await Promise.race([promise, stopped]))) return false
    }
    return true
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function writeFile(
  path: string,
  lines: AsyncIterable<string>,
  { name, store }: { readonly name: string; readonly store: string },
): Promise<void> {
  const target = await realpath(path).catch(() => path) // a link stays one
  if (target === store) {
    throw usageError(`--output: ${name} is the store itself. Example: --output sessions.jsonl`)
  }
  try {
    await replaceFile(target, lines)
  } catch (cause) {
    if (cause instanceof NoFileError) {
      throw usageError(
        `--output: ${name} is no file. What is no file gets the export by stdout. ` +
          `Example: colloquy sessions export > ${name}`,
        cause,
      )
    }
    if (!isFileError(cause)) throw cause
    const isLost = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = isLost ? `There is no folder ${dirname(target)}.` : describeFileError(cause, name)
    throw failure(`The export could not be written. ${reason}`, cause)
  }
}

/** Tells an error of the file from one of the store, which is told in the store's words. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
