import { dirname } from 'node:path'
import { makeFolder } from './make-folder.js'

/**
 * Makes the folder of a file, for its owner only, and those above it, where they are missing.
 *
 * @param path absolute
 * @throws CommandError when it can't be made
 */
export async function makeFolderOf(path: string): Promise<void> {
  await makeFolder(dirname(path), 0o700)
}
