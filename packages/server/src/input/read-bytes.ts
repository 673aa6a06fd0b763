import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { ServerError } from '../answer/server-error.js'

/** How a body may be compressed (RFC 9110, section 8.4.1), and what undoes it. */
const decoders = new Map<string, () => Transform | null>([
  ['identity', () => null],
  ['gzip', () => createGunzip()],
  ['deflate', () => createInflate()],
  ['br', () => createBrotliDecompress()],
])

/** How a body is read. */
export interface ReadBytesOptions {
  /** The largest body, in bytes, when it is decompressed. */
  readonly limit: number
  /** Is called when nothing that the headers say stands against the body. */
  readonly onAccepted: () => void
}

/**
 * Reads a body, decompressed, and stops as soon as it is too large: the rest is left unread. Libraries that read bodies
 * read all of it before they say so.
 *
 * @throws ServerError `payload_too_large`, also at once when more is announced; `unsupported_media_type`; `bad_request`
 * when the body does not arrive, or is not compressed as it says
 */
export function readBytes(req: IncomingMessage, { limit, onAccepted }: ReadBytesOptions): Promise<Buffer> {
  const encoding = (req.headers['content-encoding'] ?? 'identity').toLowerCase()
  const decode = decoders.get(encoding)
  if (decode === undefined) {
    throw new ServerError('unsupported_media_type', {
      detail: 'A body may be compressed by gzip, deflate or br, or not at all.',
    })
  }
  // What is compressed badly is a little larger than before.
  const mostSent = encoding === 'identity' ? limit : limit + Math.ceil(limit / 100) + 1_024
  if (Number(req.headers['content-length'] ?? 0) > mostSent) throw tooLarge(limit)
  onAccepted()
  return collect(req, decode(), { limit, mostSent })
}

function collect(
  req: IncomingMessage,
  decoder: Transform | null,
  { limit, mostSent }: { readonly limit: number; readonly mostSent: number },
): Promise<Buffer> {
  const source = decoder === null ? req : req.pipe(decoder)
  const chunks: Buffer[] = []
  let length = 0
  let sent = 0

  return new Promise((resolve, reject) => {
    const fail = (error: ServerError): void => {
      req.off('data', countSent)
      source.off('data', onData)
      req.pause()
      if (decoder !== null) req.unpipe(decoder)
      decoder?.destroy()
      reject(error)
    }
    const countSent = (chunk: Buffer): void => {
      sent += chunk.length
      if (sent > mostSent) fail(tooLarge(limit))
    }
    const onData = (chunk: Buffer): void => {
      length += chunk.length
      chunks.push(chunk)
      if (length > limit) fail(tooLarge(limit))
    }
    const onEnd = (): void => resolve(joined(chunks, length))
    const onAborted = (cause?: Error): void =>
      fail(new ServerError('bad_request', { detail: 'The body did not arrive as announced.', cause }))
    // None is taken off when all has come: they go with the request.
    if (decoder !== null) {
      decoder.on('error', (cause) =>
        fail(new ServerError('bad_request', { detail: 'The body can not be read.', cause })),
      )
      req.on('data', countSent) // otherwise what is sent is what is collected
    }
    req.on('error', onAborted).on('close', () => {
      if (!req.complete) onAborted()
    })
    source.on('data', onData).on('end', onEnd)
  })
}

function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [only] = chunks
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length)
}

function tooLarge(limit: number): ServerError {
  return new ServerError('payload_too_large', { detail: `The body is larger than ${limit} bytes.` })
}
