import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** 1 to 128 visible ASCII characters: what may stand in a header and in a log line as it is. */
const acceptable = /^[\x21-\x7e]{1,128}$/

/** The id of a request: the client's own, when it is acceptable, or a new one. */
export function requestIdOf(req: IncomingMessage): string {
  const given = req.headers['x-request-id']
  return typeof given === 'string' && acceptable.test(given) ? given : randomUUID()
}
