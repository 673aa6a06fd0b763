import { z } from 'zod'
import { problemTable } from '../problem-table.js'
import type { ProblemCode } from '../types.js'
import { optional } from './optional.js'

const codes = Object.keys(problemTable) as [ProblemCode, ...ProblemCode[]]

/** One fault of a request. */
export const problemError = z.strictObject({
  in: z.enum(['body', 'query', 'path', 'header']),
  path: z.string().meta({ description: 'A JSON Pointer (RFC 6901) to the fault.' }),
  message: z.string(),
})

/** An error (RFC 9457). */
export const problem = z
  .strictObject({
    type: z.string().startsWith('urn:colloquy:problem:'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.enum(codes),
    request_id: z.string(),
    errors: optional(z.array(problemError)),
    retry_after_seconds: optional(z.number().min(0)),
    session_id: optional(z.string()),
    turn_id: optional(z.string()),
    content: optional(z.string()),
  })
  .meta({ id: 'Problem' })

/** The problem in a `turn.failed` event. */
export const turnProblem = problem.omit({ request_id: true }).extend({ content: z.string() }).meta({
  id: 'TurnProblem',
  description: 'What the JSON form would have answered with, without the request id.',
})
