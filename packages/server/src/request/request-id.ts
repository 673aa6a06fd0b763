import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Request } from 'express'
import type { RequestFacts } from './request-facts.js'

/** 1 to 128 visible ASCII characters: what may stand in a header and in a log line as it is. */
const acceptable = /^[\x21-\x7e]{1,128}$/

/** The id that the client of a request has given it; undefined when there is none that is acceptable. */
export function clientsRequestId({ headers }: IncomingMessage): string | undefined {
  const id = headers['x-request-id']
  return typeof id === 'string' && acceptable.test(id) ? id : undefined
}

/** Gives a request its id: the client's own, the one that a host application gave it, or a new one. */
export function giveRequestId(req: Request, facts: RequestFacts): void {
  const hosts = typeof req.id === 'string' || typeof req.id === 'number' ? String(req.id) : ''
  facts.id = clientsRequestId(req) ?? (acceptable.test(hosts) ? hosts : randomUUID())
  req.id = facts.id
}
