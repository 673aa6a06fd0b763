import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type {
  ReadTextFileRequest,
  ReadTextFileResponse,
  WriteTextFileRequest,
} from '@agentclientprotocol/sdk'
import type { AcpFiles } from './acp-options.js'
import { openInside } from './place-inside.js'
import { RequestError } from './request-error.js'

// A pipe or a device must not keep the one waiting who opens it; a link that comes late must not be followed.
const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
const carefully = (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0)

/** Reads a text file, or some of its lines, for an agent. @throws RequestError for what may not be read, or can't be */
export async function readTextFile(
  { path, line, limit }: ReadTextFileRequest,
  { directory, maxBytes }: Required<AcpFiles>,
): Promise<ReadTextFileResponse> {
  const handle = await openInside(path, directory, O_RDONLY | carefully)
  try {
    return { content: linesOf(decode(await readBounded(handle, maxBytes)), line ?? 1, limit ?? undefined) }
  } finally {
    await handle.close()
  }
}

/** Writes a text file for an agent, in place of what was in it. @throws RequestError for what may not be written, or can't be */
export async function writeTextFile(
  { path, content }: WriteTextFileRequest,
  { directory, maxBytes }: Required<AcpFiles>,
): Promise<void> {
  const bytes = Buffer.from(content)
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  // Emptied only when it is known to be where it may be.
  const handle = await openInside(path, directory, O_WRONLY | O_CREAT | carefully)
  try {
    await handle.truncate(0)
    await handle.writeFile(bytes)
  } finally {
    await handle.close()
  }
}

/** The bytes of a file, which may grow while it is read. */
async function readBounded(handle: FileHandle, maxBytes: number): Promise<Buffer> {
  if ((await handle.stat()).size > maxBytes) throw tooLarge(maxBytes)
  const parts: Buffer[] = []
  let length = 0
  for await (const part of handle.createReadStream({ autoClose: false, end: maxBytes })) {
    parts.push(part as Buffer)
    length += (part as Buffer).length
  }
  if (length > maxBytes) throw tooLarge(maxBytes)
  return Buffer.concat(parts)
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw RequestError.invalidParams('the file is no text in UTF-8')
  }
}

/** Lines with their ends, from one, counted from 1. */
function linesOf(text: string, from: number, limit: number | undefined): string {
  if (from <= 1 && limit === undefined) return text
  const first = Math.max(0, from - 1)
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? [])
    .slice(first, limit === undefined ? undefined : first + limit)
    .join('')
}

function tooLarge(maxBytes: number): RequestError {
  return RequestError.invalidParams(`no file of more than ${maxBytes} bytes is read or written`)
}
