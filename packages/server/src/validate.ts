import type { ProblemError } from '@colloquy/contract'
import type { z } from 'zod'
import { ServerError } from './server-error.js'

/** So many faults are listed: a small request must not make a large answer. */
const maxErrors = 100

/** What of a request is checked, and against what. */
export interface Check {
  readonly in: ProblemError['in']
  readonly schema: z.ZodType | undefined
  readonly input: unknown
  /** What was found before, and counts where there is a schema. Default: nothing. */
  readonly faults?: readonly ProblemError[]
}

/**
 * Checks the parts of a request, and reports the faults of all of them at once, up to a hundred.
 *
 * @returns what the schemas made of them, in the same order
 * @throws ServerError `validation_failed`
 */
export function validate(checks: readonly Check[]): unknown[] {
  const errors: ProblemError[] = []
  const values = checks.map(({ in: place, schema, input, faults: found = [] }) => {
    if (schema !== undefined) errors.push(...found)
    const result = schema?.safeParse(input)
    if (result?.success === false)
      errors.push(...result.error.issues.flatMap((issue) => faults(place, issue)))
    return result?.data
  })
  if (errors.length > 0) throw new ServerError('validation_failed', { errors: errors.slice(0, maxErrors) })
  return values
}

function faults(place: ProblemError['in'], issue: z.core.$ZodIssue): ProblemError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      in: place,
      path: pointer([...issue.path, key]),
      message: 'Unknown field',
    }))
  }
  return [{ in: place, path: pointer(issue.path), message: issue.message }]
}

/** A JSON Pointer (RFC 6901). */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
