import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { failure } from '../command-error.js'

/**
 * Makes the folder of a file, for its owner only, and those above it, where they are missing.
 *
 * @param path absolute
 * @throws CommandError when it can't be made
 */
export async function makeFolderOf(path: string): Promise<void> {
  const folder = dirname(path)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw failure(`The folder ${folder} can't be made: ${reasonOf(cause)}.`, cause)
  }
}

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'this process may not make it there'
    case 'EROFS':
      return 'the file system is read-only'
    case 'EEXIST':
    case 'ENOTDIR':
      return 'a file is in its place'
    case 'ENOSPC':
      return 'there is no space left'
    default:
      return message
  }
}
