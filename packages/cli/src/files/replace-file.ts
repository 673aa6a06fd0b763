import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { open, rename, stat, unlink } from 'node:fs/promises'

/** The mode of a file that nobody else may read or write. */
const ownerOnly = 0o600

/** What is there is no file, but a device or a pipe: another file in its place would take it from everybody. */
export class NoFileError extends Error {
  override readonly name = 'NoFileError'

  constructor() {
    super('it is no file')
  }
}

/**
 * Writes a file so that whoever reads it has either the whole old text or the whole new one: a new file beside it takes
 * its name once it is on the disk. A file that is there keeps its owner.
 *
 * @param path of no link: that would be replaced
 * @param text may come in parts, of which one at a time is held
 * @param options.keepsMode whether a file that is there keeps its mode. Default: no, it is for its owner only, as a new one is
 * @throws NoFileError when a device or a pipe is there
 */
export async function replaceFile(
  path: string,
  text: string | AsyncIterable<string>,
  { keepsMode = false }: { readonly keepsMode?: boolean } = {},
): Promise<void> {
  const before = await statOf(path)
  if (before !== undefined && !before.isFile() && !before.isDirectory()) throw new NoFileError()
  const temporary = `${path}.${randomUUID()}.tmp`
  const file = await open(temporary, 'wx', ownerOnly)
  try {
    try {
      await file.writeFile(text)
      await file.chmod(before !== undefined && keepsMode ? before.mode & 0o777 : ownerOnly)
      const made = await file.stat()
      if (before !== undefined && (before.uid !== made.uid || before.gid !== made.gid)) {
        await file.chown(before.uid, before.gid)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => undefined) // the error that led here is the one to tell
    throw error
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
