import type { ProblemError, Route } from '@colloquy/contract'
import type { Request } from 'express'
import { ServerError } from '../answer/server-error.js'
import { jsonPointer } from './json-pointer.js'

/**
 * Reads the headers that a route knows, by their names in the contract. A header that is sent more than once is a list
 * (RFC 9110, section 5.3), which none of them is.
 *
 * @throws ServerError `invalid_header`, with every fault. What a header holds is not repeated: it may be a secret.
 */
export function readHeaders(schema: NonNullable<Route['request']['headers']>, { headers }: Request): unknown {
  const given = Object.keys(schema.shape).flatMap((name) => {
    const value = headers[name.toLowerCase()]
    return value === undefined ? [] : [[name, value]]
  })
  const result = schema.safeParse(Object.fromEntries(given))
  if (result.success) return result.data
  const errors = result.error.issues.map(
    ({ path, message }): ProblemError => ({ in: 'header', path: jsonPointer(path), message }),
  )
  throw new ServerError('invalid_header', { errors })
}
