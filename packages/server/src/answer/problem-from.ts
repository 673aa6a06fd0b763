import { type Problem, problemKind, type TurnProblem } from '@colloquy/contract'
import type { ServerError } from './server-error.js'

/** The problem document (RFC 9457) of an error. Nothing of its cause is in it. */
export function problemFrom(error: ServerError, requestId: string): Problem {
  return { ...withoutRequest(error), request_id: requestId }
}

/** The problem in a `turn.failed` event, of an error that has the turn's `content`. */
export function turnProblemFrom(error: ServerError): TurnProblem {
  return { ...withoutRequest(error), content: error.details.content ?? '' }
}

function withoutRequest({ code, details }: ServerError): Omit<Problem, 'request_id'> {
  const kind = problemKind(code)
  const { retryAfterSeconds = kind.retryAfterSeconds ?? null } = details
  return {
    type: `urn:colloquy:problem:${code}`,
    title: kind.title,
    status: kind.status,
    detail: details.detail ?? kind.detail,
    code,
    ...(details.errors === undefined ? {} : { errors: details.errors }),
    ...(retryAfterSeconds === null ? {} : { retry_after_seconds: retryAfterSeconds }),
    ...(details.sessionId === undefined ? {} : { session_id: details.sessionId }),
    ...(details.turnId === undefined ? {} : { turn_id: details.turnId }),
    ...(details.content === undefined ? {} : { content: details.content }),
  }
}
