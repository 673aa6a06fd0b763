import type { IncomingHttpHeaders } from 'node:http'
import type { ProblemError, Route } from '@colloquy/contract'
import { ServerError } from '../answer/server-error.js'
import { jsonPointer } from './json-pointer.js'

/**
 * Makes what reads the headers that a route knows, by their names in the contract. A header that is sent more than once
 * is a list (RFC 9110, section 5.3), which none of them is. What it makes throws a ServerError `invalid_header` with every
 * fault. What a header holds is not repeated: it may be a secret.
 */
export function headerReader(
  schema: NonNullable<Route['request']['headers']>,
): (headers: IncomingHttpHeaders) => unknown {
  const names = Object.keys(schema.shape).map((name) => ({ name, key: name.toLowerCase() }))
  return (headers) => {
    const given: Record<string, unknown> = {}
    for (const { name, key } of names) if (headers[key] !== undefined) given[name] = headers[key]
    const result = schema.safeParse(given)
    if (result.success) return result.data
    const errors = result.error.issues.map(
      ({ path, message }): ProblemError => ({ in: 'header', path: jsonPointer(path), message }),
    )
    throw new ServerError('invalid_header', { errors })
  }
}
