import { lstat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure, usageError } from '../command-error.js'
import { describeFileError } from '../files/describe-file-error.js'
import { makeFolder } from '../files/make-folder.js'

/** Where files are to be written, and how. */
export interface WriteOptions {
  /** The folder, as an absolute path; it is made if it is not there. */
  readonly folder: string
  /** The folder as it is called in messages. */
  readonly shownFolder: string
  /** Whether files that are there are replaced. */
  readonly force: boolean
}

/**
 * Writes files to a folder: all of them, or, when one is there already, none.
 *
 * @param files their texts, by their paths in the folder
 * @throws CommandError when one is there, or they can't be written
 */
export async function writeFiles(
  files: Readonly<Record<string, string>>,
  { folder, shownFolder, force }: WriteOptions,
): Promise<void> {
  if (!force) {
    const there = await filesThere(Object.keys(files), folder)
    if (there.length > 0) {
      const them = there.length === 1 ? 'it' : 'them'
      throw usageError(
        `${shownFolder} has ${there.join(', ')} already. Name another folder, or replace ${them} with --force.`,
      )
    }
  }
  for (const [name, text] of Object.entries(files)) await write(join(folder, name), text, force)
}

async function filesThere(names: readonly string[], folder: string): Promise<readonly string[]> {
  const found = await Promise.all(names.map((name) => isThere(join(folder, name))))
  return names.filter((_, i) => found[i])
}

async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file) // a link that leads nowhere is there, too
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw failure(describeFileError(error, file), error)
  }
}

async function write(file: string, text: string, force: boolean): Promise<void> {
  await makeFolder(dirname(file))
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    throw failure(describeFileError(error, file), error)
  }
}
