import type { ProblemError } from '@colloquy/contract'
import type { z } from 'zod'
import { ServerError } from '../answer/server-error.js'
import { jsonPointer } from './json-pointer.js'

/** So many faults are listed: a small request must not make a large answer. */
const maxErrors = 100

/**
 * Checks a part of a request.
 *
 * @param errors gets its faults, so that those of all parts can be reported at once
 * @returns what the schema made of it; undefined when it has faults
 */
export function validate(
  place: ProblemError['in'],
  schema: z.ZodType,
  input: unknown,
  errors: ProblemError[],
): unknown {
  const result = schema.safeParse(input)
  if (!result.success) errors.push(...result.error.issues.flatMap((issue) => faults(place, issue)))
  return result.data
}

/** The error for a request with faults, of which up to a hundred are told. */
export function validationFailed(errors: readonly ProblemError[]): ServerError {
  return new ServerError('validation_failed', { errors: errors.slice(0, maxErrors) })
}

function faults(place: ProblemError['in'], issue: z.core.$ZodIssue): ProblemError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      in: place,
      path: jsonPointer([...issue.path, key]),
      message: 'Unknown field',
    }))
  }
  return [{ in: place, path: jsonPointer(issue.path), message: issue.message }]
}
