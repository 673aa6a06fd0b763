import type { IncomingMessage } from 'node:http'
import type { ProblemError } from '@colloquy/contract'
import { ServerError } from '../answer/server-error.js'
import { jsonPointer } from './json-pointer.js'

/**
 * Refuses a query that is not percent-encoded UTF-8 (RFC 3986, section 2.5), as paths that are not are refused.
 *
 * @throws ServerError `bad_request`
 */
export function checkQuery(req: IncomingMessage): void {
  try {
    decodeURIComponent(queryOf(req))
  } catch {
    throw new ServerError('bad_request', { detail: 'The query is not percent-encoded UTF-8.' })
  }
}

/** A fault for each parameter that is given more than once: which of its values counts, nobody could know. */
export function repeatedParameters(req: IncomingMessage): ProblemError[] {
  const names = [...new URLSearchParams(queryOf(req)).keys()]
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  return [...repeated].map((name) => ({
    in: 'query',
    path: jsonPointer([name]),
    message: 'Given more than once',
  }))
}

function queryOf({ url = '' }: IncomingMessage): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start + 1)
}
