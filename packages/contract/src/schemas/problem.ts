import { z } from 'zod'
import { problemTable } from '../problem-table.js'
import type { ProblemCode } from '../types.js'
import { exampleIds } from './example-ids.js'
import { sessionId, turnId } from './ids.js'
import { optional } from './optional.js'

const codes = Object.keys(problemTable) as [ProblemCode, ...ProblemCode[]]

/** One fault of a request. */
export const problemError = z
  .strictObject({
    in: z
      .enum(['body', 'query', 'path', 'header'])
      .meta({ description: 'The part of the request that has it.', examples: ['body'] }),
    path: z.string().meta({
      description: 'A JSON Pointer (RFC 6901) to it; for a query or header, to the parameter.',
      examples: ['/metadata/colour'],
    }),
    message: z.string().meta({ description: 'What is wrong.', examples: ['Must be a string'] }),
  })
  .meta({ id: 'ProblemError', description: 'One fault of a request.' })

/** An error (RFC 9457). */
export const problem = z
  .strictObject({
    type: z
      .string()
      .startsWith('urn:colloquy:problem:')
      .meta({
        description: '`urn:colloquy:problem:` and the code.',
        pattern: '^urn:colloquy:problem:[a-z_]+$',
        examples: ['urn:colloquy:problem:session_not_found'],
      }),
    title: z
      .string()
      .meta({ description: 'The same for every problem of the code.', examples: ['Session not found'] }),
    status: z
      .int()
      .min(400)
      .max(599)
      .meta({ description: 'The HTTP status.', examples: [404] }),
    detail: z.string().meta({
      description: 'What happened, for people. It may change: programs look at the code.',
      examples: ['There is no such session, or it has expired.'],
    }),
    code: z
      .enum(codes)
      .meta({ description: 'What the problem is about, for programs.', examples: ['session_not_found'] }),
    request_id: z.string().meta({
      description: 'The id of the request, as in the header `X-Request-Id` and in the log.',
      examples: [exampleIds.request],
    }),
    errors: optional(z.array(problemError)).meta({
      description:
        'With `validation_failed` and `invalid_header`: every fault of the request, up to a hundred.',
    }),
    retry_after_seconds: optional(z.number().min(0)).meta({
      description:
        'After how many seconds to try again, where that can help; also in the header `Retry-After`.',
      examples: [5],
    }),
    session_id: optional(sessionId).meta({
      description: 'The session, for a problem about one, or about a turn.',
    }),
    turn_id: optional(turnId).meta({ description: 'The turn, for a problem about one.' }),
    content: optional(z.string()).meta({
      description: 'The text before the turn ended, for a problem about a turn; it may be empty.',
      examples: ['Here are'],
    }),
  })
  .meta({ id: 'Problem', description: 'What went wrong, as a problem document (RFC 9457).' })

/** The problem in a `turn.failed` event. */
export const turnProblem = problem
  .omit({ request_id: true })
  .extend({
    content: z
      .string()
      .meta({ description: 'The text before the turn failed; it may be empty.', examples: ['Here are'] }),
  })
  .meta({
    id: 'TurnProblem',
    description: 'What the JSON form would have answered with, without the id of the request.',
  })
