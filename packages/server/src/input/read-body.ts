import type { Request, Response } from 'express'
import { ServerError } from '../answer/server-error.js'
import { readBytes } from './read-bytes.js'
import { sendContinue } from './send-continue.js'
import { whereMalformed } from './where-malformed.js'

/** How a body is read. */
export interface ReadBodyOptions {
  /** The largest body, in bytes. */
  readonly limit: number
  /** Whether there has to be one; a body of no bytes is none. */
  readonly required: boolean
}

/**
 * Reads a JSON body (RFC 8259, in UTF-8): a promise of it where it has to arrive, undefined when there is none. A body that
 * turns out to be one that is not to be read is answered at once, and its connection is closed after that; what is no JSON by
 * its type is left to Node, which throws it away as it comes.
 *
 * @throws ServerError `malformed_json`, `unsupported_media_type`, and those of {@link readBytes}
 */
export function readBody(req: Request, res: Response, { limit, required }: ReadBodyOptions): unknown {
  if (!hasBody(req)) {
    if (required) throw noBody()
    return undefined
  }
  if (!isJson(req)) throw new ServerError('unsupported_media_type')
  if (req.readableEnded) return req.body // an application in which this one is mounted has read it
  const refuse = (error: unknown): never => {
    res.shouldKeepAlive = false
    throw error
  }
  const parse = (bytes: Buffer): unknown => {
    if (bytes.length > 0) return parseJson(bytes)
    if (required) throw noBody()
    return undefined
  }
  try {
    return readBytes(req, { limit, onAccepted: () => sendContinue(res) }).then(parse, refuse)
  } catch (error) {
    return refuse(error)
  }
}

/** Whether the request announces a body (RFC 9112, section 6.3). One of no bytes is none. */
function hasBody(req: Request): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) !== 0
}

function noBody(): ServerError {
  return new ServerError('malformed_json', {
    detail: 'The route needs a JSON body, and the request has none.',
  })
}

function isJson(req: Request): boolean {
  if (req.headers['content-type'] === 'application/json') return true // as nearly every client writes it
  const [type = '', ...parameters] = (req.headers['content-type'] ?? '').toLowerCase().split(';')
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith('charset='))
  return type.trim() === 'application/json' && (charset === undefined || /^charset="?utf-?8"?$/.test(charset))
}

/** Refuses what is no UTF-8, and leaves a byte order mark out. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** JSON of any kind: what is no object is for the schema to refuse. */
function parseJson(bytes: Buffer): unknown {
  let text = ''
  try {
    text = utf8.decode(bytes)
    return JSON.parse(text)
  } catch (error) {
    const { message, name } = error as Error
    throw new ServerError('malformed_json', {
      detail: name === 'SyntaxError' ? whereMalformed(text, message) : 'The body is not UTF-8.',
    })
  }
}
