import { isUtf8 } from 'node:buffer'
import express, { type Request, type RequestHandler } from 'express'
import { ServerError } from './server-error.js'

/** How a body is read. */
export interface ReadBodyOptions {
  /** The largest body, in bytes. */
  readonly limit: number
  /** Whether there has to be one; a body of no bytes is none. */
  readonly required: boolean
}

/** Reads a JSON body (RFC 8259, in UTF-8) into `req.body`; leaves it undefined when there is none. */
export function readBody({ limit, required }: ReadBodyOptions): RequestHandler {
  const parse = express.json({
    limit,
    strict: false, // what is JSON but no object is for the schema to refuse
    type: () => true, // the check before has the say
    verify(_req, _res, bytes) {
      if (bytes.length === 0 && required) throw noBody()
      if (!isUtf8(bytes)) throw new ServerError('malformed_json', { detail: 'The body is not UTF-8.' })
    },
  })
  return (req, res, next) => {
    if (hasBody(req)) {
      if (!isJson(req)) throw new ServerError('unsupported_media_type')
      parse(req, res, next)
    } else {
      if (required) throw noBody()
      next()
    }
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
  const [type = '', ...parameters] = (req.headers['content-type'] ?? '').toLowerCase().split(';')
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith('charset='))
  return type.trim() === 'application/json' && (charset === undefined || /^charset="?utf-?8"?$/.test(charset))
}
