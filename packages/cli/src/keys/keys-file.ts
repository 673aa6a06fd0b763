import { readFile, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Clock } from '@colloquy/session'
import { CommandError, failure, usageError } from '../command-error.js'
import { describeFileError } from '../files/describe-file-error.js'
import { replaceFile } from '../files/replace-file.js'
import { type KeyLine, readKeyLines, writeKeyLines } from './key-lines.js'
import { FileLockedError, withFileLock } from './with-file-lock.js'

/** A file of keys that is there. */
export interface KeysFile {
  /** Absolute, with no link in it. */
  readonly path: string
  readonly lines: readonly KeyLine[]
}

/**
 * Reads a file of keys.
 *
 * @param name as the user named it, relative to `cwd`
 * @returns undefined when there is no such file
 * @throws CommandError when it can't be read, or a line is wrong
 */
async function readKeysFile(name: string, cwd: string): Promise<KeysFile | undefined> {
  try {
    const path = await realpath(resolve(cwd, name))
    const { lines, faultyLines } = readKeyLines(await readFile(path, 'utf8'))
    if (faultyLines.length === 0) return { path, lines }
    throw usageError(faultOf(name, faultyLines))
  } catch (cause) {
    if (cause instanceof CommandError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw failure(describeFileError(cause, name), cause)
  }
}

/**
 * Reads a file of keys that has to be there.
 *
 * @throws CommandError when it is not there, can't be read, or a line is wrong
 */
export async function requireKeysFile(name: string, cwd: string): Promise<KeysFile> {
  const file = await readKeysFile(name, cwd)
  if (file !== undefined) return file
  throw noKeysFile(name)
}

/** That there is no file of keys of this name. */
export function noKeysFile(name: string): CommandError {
  return usageError(
    `There is no file ${name}. A first key makes it. Example: colloquy keys create web-shop --file ${name}`,
  )
}

/**
 * Changes a file of keys, whole or not at all, and after whoever is changing it now. A new one is for its owner only;
 * another keeps its mode.
 *
 * @param name as the user named it, relative to `cwd`
 * @param change makes the lines to write of what is there, undefined where there is no file; what it throws is thrown
 * @throws CommandError when the file can't be read or written, a line is wrong, or somebody else does not let go of it
 */
export async function changeKeysFile(
  name: string,
  cwd: string,
  change: (file: KeysFile | undefined) => readonly KeyLine[],
  options: { readonly clock?: Clock } = {},
): Promise<void> {
  const path = (await readKeysFile(name, cwd))?.path ?? resolve(cwd, name)
  try {
    await withFileLock(
      path,
      async () => {
        // Only what is read under the lock is still so when it is written.
        const lines = change(await readKeysFile(name, cwd))
        await replaceFile(path, writeKeyLines(lines), { keepsMode: true })
      },
      options,
    )
  } catch (cause) {
    if (cause instanceof CommandError) throw cause
    throw failure(`The keys could not be written. ${reasonOf(cause, path)}`, cause)
  }
}

function reasonOf(cause: unknown, path: string): string {
  if (cause instanceof FileLockedError) {
    return `Somebody else is changing ${path}, and does not finish. When nobody is, remove ${cause.lock}`
  }
  const isLost = (cause as NodeJS.ErrnoException).code === 'ENOENT'
  return isLost ? `There is no folder ${dirname(path)}.` : describeFileError(cause, path)
}

function faultOf(name: string, faultyLines: readonly number[]): string {
  const which =
    faultyLines.length === 1 ? `line ${faultyLines[0]} is` : `the lines ${faultyLines.join(', ')} are`
  return `${name}: ${which} wrong. A line is name:sha256hex, blank, or a comment that begins with #.`
}
