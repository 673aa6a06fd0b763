import { problemKind } from '../problem-table.js'
import type { Route } from '../routes.js'
import type { Problem, ProblemCode, ProblemError } from '../types.js'
import { exampleIds } from './example-ids.js'

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
  if (code === 'session_not_found') return { session_id }
  return code === 'turn_in_progress' || isAboutTurn(code) ? { session_id, turn_id: exampleIds.turn } : {}
}

/** A fault that a request to the route can have. */
function faultOf({ request: { body, query } }: Route): ProblemError {
  if (query !== undefined) return { in: 'query', path: '/limit', message: 'Must be a whole number' }
  return body?.required === true
    ? { in: 'body', path: '/metadata/colour', message: 'Must be a string' }
    : { in: 'body', path: '/ttl_seconds', message: 'Too small: expected number to be >=1' }
}
