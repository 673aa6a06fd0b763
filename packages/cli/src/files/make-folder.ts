import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { failure } from '../command-error.js'

/**
 * Makes a folder, and those above it, where they are missing: one by one, since Node's own `recursive` never ends where the
 * system says that a folder is not there in which nothing can be made, as in /proc.
 *
 * @param path absolute
 * @throws CommandError when it can't be made
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await makeMissing(path, mode)
  } catch (cause) {
    throw failure(`The folder ${path} can't be made: ${reasonOf(cause)}.`, cause)
  }
}

async function makeMissing(path: string, mode: number): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (there?.isDirectory() === true) return
  if (there === undefined && dirname(path) !== path) await makeMissing(dirname(path), mode)
  try {
    await mkdir(path, { mode })
  } catch (error) {
    // Somebody else may make it in the same moment.
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isFolder) throw error
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
    case 'ENOENT':
      return 'nothing can be made there'
    case 'ENOSPC':
      return 'there is no space left'
    default:
      return message
  }
}
