import { readFile, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { CommandError } from '../command-error.js'
import { describeFileError } from '../config/describe-file-error.js'
import { type KeyLine, readKeyLines, writeKeyLines } from './key-lines.js'
import { replaceFile } from './replace-file.js'

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
export async function readKeysFile(name: string, cwd: string): Promise<KeysFile | undefined> {
  try {
    const path = await realpath(resolve(cwd, name))
    const { lines, faultyLines } = readKeyLines(await readFile(path, 'utf8'))
    if (faultyLines.length === 0) return { path, lines }
    throw new CommandError(faultOf(name, faultyLines), { exitCode: 2 })
  } catch (cause) {
    if (cause instanceof CommandError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new CommandError(describeFileError(cause, name), { exitCode: 1, cause })
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
  throw new CommandError(
    `There is no file ${name}. A first key makes it. Example: colloquy keys create web-shop --file ${name}`,
    { exitCode: 2 },
  )
}

/**
 * Writes a file of keys, whole or not at all. A new one is for its owner only; another keeps its mode.
 *
 * @param path absolute
 * @throws CommandError when it can't be written
 */
export async function writeKeysFile(path: string, lines: readonly KeyLine[]): Promise<void> {
  try {
    await replaceFile(path, writeKeyLines(lines), { mode: 0o600 })
  } catch (cause) {
    const isLost = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = isLost ? `There is no folder ${dirname(path)}.` : describeFileError(cause, path)
    throw new CommandError(`The keys could not be written. ${reason}`, {
      exitCode: 1,
      cause,
    })
  }
}

function faultOf(name: string, faultyLines: readonly number[]): string {
  const which =
    faultyLines.length === 1 ? `line ${faultyLines[0]} is` : `the lines ${faultyLines.join(', ')} are`
  return `${name}: ${which} wrong. A line is name:sha256hex, blank, or a comment that begins with #.`
}
