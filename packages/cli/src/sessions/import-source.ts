import { randomUUID } from 'node:crypto'
import { type FileHandle, open, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { failure, usageError } from '../command-error.js'
import { describeFileError } from '../files/describe-file-error.js'
import type { Input } from '../main-options.js'

/** How many bytes are read at once. */
const atOnce = 65_536

/** An export that can be read more than once. */
export interface ImportSource {
  /** As the user knows it. */
  readonly name: string
  /** Its bytes from the first one on: as many as there were when it was opened. */
  read(): AsyncIterable<Uint8Array>
  /** How much of it has been read by whoever reads it last, from 0 to 1. */
  readPart(): number
  /** Whether somebody has written to it since it was opened. */
  hasChanged(): Promise<boolean>
  close(): Promise<void>
}

/**
 * Opens a file. It stays the same one, also when another one gets its name.
 *
 * @param name as the user named it
 * @throws CommandError when it can't be read, or is something else than a file
 */
export async function openSource(path: string, name: string): Promise<ImportSource> {
  const refuse = (cause: unknown): never => {
    throw usageError(describeFileError(cause, name), cause)
  }
  // Before it is opened: opening a pipe that nobody writes to would never end.
  const stats = await stat(path).catch(refuse)
  if (stats.isDirectory()) refuse({ code: 'EISDIR' })
  if (!stats.isFile()) {
    throw usageError(
      `${name} is no file. Write the export to one first, or hand it over on stdin: colloquy sessions import - < ${name}`,
    )
  }
  return sourceOf(await open(path, 'r').catch(refuse), name)
}

/**
 * Keeps all that comes on an input in a file, since it can be read only once. The file has no name: it is gone however
 * the process ends.
 *
 * @param folder where it is kept: one that has room for what is to be imported
 * @throws CommandError when it can't be kept; the signal's reason when that is aborted
 */
export async function keepInput(input: Input, folder: string, signal: AbortSignal): Promise<ImportSource> {
  const path = join(folder, `.import-${randomUUID()}.tmp`)
  let file: FileHandle | undefined
  try {
    file = await open(path, 'wx+', 0o600)
    await unlink(path)
    const kept = file
    const keep = async (chunks: AsyncIterable<string | Uint8Array>) => {
      for await (const chunk of chunks) await kept.writeFile(chunk) // behind what is there
    }
    await pipeline(input, keep, { signal })
    return await sourceOf(kept, 'stdin')
  } catch (cause) {
    await file?.close()
    signal.throwIfAborted()
    throw failure(
      `The export from stdin can't be kept while it is checked. ${describeFileError(cause, folder)}`,
      cause,
    )
  }
}

async function sourceOf(file: FileHandle, name: string): Promise<ImportSource> {
  const { size, mtimeMs } = await file.stat()
  let position = 0
  return {
    name,
    async *read() {
      position = 0
      for (let at = 0; at < size; ) {
        const length = Math.min(size - at, atOnce)
        const read = file.read(Buffer.allocUnsafe(length), 0, length, at)
        const { bytesRead, buffer } = await read.catch((cause: unknown) => {
          throw failure(describeFileError(cause, name), cause)
        })
        if (bytesRead === 0) return // it has become shorter
        yield buffer.subarray(0, bytesRead)
        at += bytesRead
        position = at
      }
    },
    readPart: () => (size === 0 ? 1 : position / size),
    async hasChanged() {
      const now = await file.stat()
      return now.size !== size || now.mtimeMs !== mtimeMs
    },
    close: () => file.close(),
  }
}
