import { realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { SessionExport } from '@colloquy/session'
import { CommandError } from '../command-error.js'
import { describeFileError } from '../config/describe-file-error.js'
import { replaceFile } from '../keys/replace-file.js'
import type { Output, Surroundings } from '../main-options.js'
import { countOf } from '../sessions/count-of.js'
import { headerLine, sessionLine } from '../sessions/export-format.js'
import { showProgress } from '../sessions/show-progress.js'
import { type StoreFlags, withStoreFile } from '../sessions/with-store-file.js'

/** The flags of `colloquy sessions export`. */
export interface SessionsExportFlags extends StoreFlags {
  readonly owner?: string | undefined
  readonly output?: string | undefined
}

/**
 * Writes all sessions of a store, or those of an owner, as JSON Lines: to stdout, or to a file, whole or not at all.
 *
 * @throws CommandError when the store can't be used, or the file can't be written
 */
export async function sessionsExportCommand(
  { owner, output, ...flags }: SessionsExportFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { cwd, stdout, stderr } = surroundings
  const now = Date.now()
  const progress = showProgress(stderr, 'Exporting')
  let count = 0
  const onSession = () => {
    count += 1
    progress.add()
  }
  const isWhole = await withStoreFile(flags, surroundings, async ({ store, path }) => {
    const sessions = store.exportSessions(owner === undefined ? {} : { owner }, now)
    const lines = linesOf(sessions, now, onSession)
    if (output === undefined) return writeLines(stdout, lines)
    await writeFile(resolve(cwd, output), lines, { name: output, store: path })
    return true
  }).finally(() => progress.clear())
  if (isWhole) stderr.write(`Exported ${countOf(count)}${output === undefined ? '' : ` to ${output}`}.\n`)
}

async function* linesOf(
  sessions: AsyncIterable<SessionExport>,
  now: number,
  onSession: () => void,
): AsyncGenerator<string> {
  yield headerLine(now)
  for await (const session of sessions) {
    yield sessionLine(session)
    onSession()
  }
}

/**
 * Writes line by line, no faster than they are taken. An output that fails ends it; what is to be told of that is told by
 * whoever runs the command. Returns whether all was written.
 */
async function writeLines(output: Output, lines: AsyncIterable<string>): Promise<boolean> {
  for await (const line of lines) {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    output.write(line, (error) => resolve(error === null || error === undefined))
    if (!(await promise)) return false
  }
  return true
}

async function writeFile(
  path: string,
  lines: AsyncIterable<string>,
  { name, store }: { readonly name: string; readonly store: string },
): Promise<void> {
  const target = await realpath(path).catch(() => path) // a link stays one
  if (target === store) {
    throw new CommandError(`--output: ${name} is the store itself. Example: --output sessions.jsonl`, {
      exitCode: 2,
    })
  }
  try {
    await replaceFile(target, lines, { mode: 0o600 })
  } catch (cause) {
    if (!isFileError(cause)) throw cause
    const isLost = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = isLost ? `There is no folder ${dirname(target)}.` : describeFileError(cause, name)
    throw new CommandError(`The export could not be written. ${reason}`, { exitCode: 1, cause })
  }
}

/** Tells an error of the file from one of the store, which is told in the store's words. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
