import { problemKind } from '../problem-table.js'
import type { Route } from '../routes.js'
import { exampleIds } from '../schemas/example-ids.js'
import type { Problem, ProblemCode, ProblemError } from '../types.js'

/** An example of a problem, as a route answers with it. */
export function problemExample(code: ProblemCode, route: Route): Problem {
  const { status, title, detail, retryAfterSeconds } = problemKind(code)
  return {
    type: `urn:colloquy:problem:${code}`,
    title,
    status,
    detail,
    code,
    ...(code === 'validation_failed' ? { errors: [faultOf(route)] } : {}),
    ...(code === 'invalid_header' ? { errors: [headerFault] } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    ...idsOf(code),
    ...(isAboutTurn(code) ? { content: 'Here are' } : {}),
    request_id: exampleIds.request,
  }
}

const aboutTurn: ReadonlySet<ProblemCode> = new Set([
  'turn_cancelled',
  'turn_interrupted',
  'chat_failed',
  'chat_timeout',
  'output_too_large',
  'upstream_failed',
])

/** Whether a problem is always about a turn that has ended without an answer. */
export function isAboutTurn(code: ProblemCode): boolean {
  return aboutTurn.has(code)
}

function idsOf(code: ProblemCode): Pick<Problem, 'session_id' | 'turn_id'> {
  const session_id = exampleIds.session
  if (code === 'session_not_found' || code === 'queue_full') return { session_id }
  return namesTurn.has(code) || isAboutTurn(code) ? { session_id, turn_id: exampleIds.turn } : {}
}

/** Those that name a turn, of whatever status. */
const namesTurn: ReadonlySet<ProblemCode> = new Set([
  'turn_in_progress',
  'turn_not_found',
  'turn_not_cancellable',
  'idempotency_key_reused',
])

const headerFault: ProblemError = {
  in: 'header',
  path: '/Idempotency-Key',
  message: 'Must have 1 to 255 visible ASCII characters, such as order-42.retry',
}

/** A fault that a request to the route can have. */
function faultOf({ request: { body, query, headers } }: Route): ProblemError {
  if (query !== undefined && headers !== undefined)
    return { in: 'query', path: '/limit', message: 'Unknown field' }
  if (query !== undefined) return { in: 'query', path: '/limit', message: 'Must be a whole number' }
  return body?.required === true
    ? { in: 'body', path: '/metadata/colour', message: 'Must be a string' }
    : { in: 'body', path: '/ttl_seconds', message: 'Too small: expected number to be >=1' }
}
