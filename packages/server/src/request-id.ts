import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'

/** 1 to 128 visible ASCII characters: what may stand in a header and in a log line as it is. */
const acceptable = /^[\x21-\x7e]{1,128}$/

/**
 * Gives every request an id: the client's own, the one that a host application gave it, or a new one. It is sent back
 * in `X-Request-Id`.
 */
export const giveRequestId: RequestHandler = (req, res, next) => {
  const hosts = typeof req.id === 'string' || typeof req.id === 'number' ? String(req.id) : ''
  const id = [req.get('x-request-id') ?? '', hosts].find((known) => acceptable.test(known)) ?? randomUUID()
  req.id = id
  res.setHeader('X-Request-Id', id)
  next()
}

/** The id of a request. */
export function requestIdOf({ id }: { readonly id: unknown }): string {
  return String(id)
}
