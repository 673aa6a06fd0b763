import {
  AuthenticationError,
  BadRequestError,
  type ColloquyError,
  type ColloquyErrorFacts,
  ConflictError,
  ConnectionError,
  InvalidResponseError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ServerError,
  TurnError,
} from './colloquy-error.js'
import type { Problem } from './contract-types.js'
import { problemShape, wrongField } from './shapes.js'

type Kind = new (facts: ColloquyErrorFacts) => ColloquyError

const kinds: Readonly<Record<number, Kind>> = {
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  429: RateLimitError,
}

/** An error about what was answered to a call. */
function fault(Kind: Kind, facts: ColloquyErrorFacts, { status, headers }: Response): ColloquyError {
  return new Kind({
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfter: retryAfterOf(headers),
    ...facts,
  })
}

/** The error of a connection that was lost, or not made. */
export function lost(cause: unknown): ColloquyError {
  return new ConnectionError({ code: 'network_error', detail: 'The connection failed.', cause })
}

/** The error of something that the API does not allow; the detail says what it is. */
export function invalid(detail: string, answer: Response): ColloquyError {
  return fault(InvalidResponseError, { code: 'invalid_response', detail }, answer)
}

/** The error that an answer stands for, by its problem document (RFC 9457), or because it has none. */
export function problemOf(answer: Response, value: unknown): ColloquyError {
  const { status, ok } = answer
  const Kind = ok ? InvalidResponseError : (kinds[status] ?? (status < 500 ? BadRequestError : ServerError))
  if (wrongField(value, problemShape)) {
    // Its text is left out, since it may repeat the request.
    const detail = "No Colloquy server's answer: check baseUrl."
    return fault(Kind, { code: 'unexpected_response', detail }, answer)
  }
  const problem = value as Problem
  const { code, detail } = problem
  // Only of a turn that was made is there a text so far.
  return fault('content' in problem ? TurnError : Kind, { code, detail, problem }, answer)
}

/** The error of a turn that ended without its answer, by the problem that its last event tells. */
export function turnFault(
  problem: Partial<Problem> & Pick<Problem, 'code' | 'detail' | 'status'>,
): ColloquyError {
  const { code, detail, status, retry_after_seconds: retryAfter } = problem
  return new TurnError({ code, detail, status, retryAfter, problem })
}

/** `Retry-After` in seconds: it is a number of them or a date (RFC 9110, section 10.2.3). */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('retry-after') ?? ''
  const seconds = /\D/.test(value) ? Math.ceil((Date.parse(value) - Date.now()) / 1000) : +value
  return Math.max(0, seconds) || undefined
}
