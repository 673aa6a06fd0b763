import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'

/** 1 to 128 visible ASCII characters: what may stand in a header and in a log line as it is. */
const acceptable = /^[\x21-\x7e]{1,128}$/

/** The id that the client of a request has given it; undefined when there is none that is acceptable. */
export function clientsRequestId({ headers }: IncomingMessage): string | undefined {
  const id = headers['x-request-id']
  return typeof id === 'string' && acceptable.test(id) ? id : undefined
}

/**
 * Gives every request an id: the client's own, the one that a host application gave it, or a new one. It is sent back
 * in `X-Request-Id`.
 */
export const giveRequestId: RequestHandler = (req, res, next) => {
  const hosts = typeof req.id === 'string' || typeof req.id === 'number' ? String(req.id) : ''
  const id = clientsRequestId(req) ?? (acceptable.test(hosts) ? hosts : randomUUID())
  req.id = id
  res.setHeader('X-Request-Id', id)
  next()
}

/** The id of a request. */
export function requestIdOf({ id }: { readonly id: unknown }): string {
  return String(id)
}
