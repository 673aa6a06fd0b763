import type { Problem, ProblemCode, ProblemError } from './contract-types.js'

/** What went wrong on the way to the server or back, where no problem document says it. */
export type ConnectionErrorCode = 'network_error' | 'timeout' | 'unexpected_response' | 'invalid_response'

/** A problem's code or a connection's; a newer server may know codes that this version has no name for. */
export type ColloquyErrorCode = ProblemCode | ConnectionErrorCode | (string & Record<never, never>)

/** What a `ColloquyError` is made of. */
export interface ColloquyErrorFacts {
  readonly code: ColloquyErrorCode
  readonly detail: string
  /** Default: 0. */
  readonly status?: number | undefined
  readonly requestId?: string | undefined
  readonly retryAfter?: number | undefined
  readonly problem?: Partial<Problem> | undefined
  readonly lastEventId?: number | undefined
  readonly cause?: unknown
}

/** Whatever goes wrong with a request, except that its caller stopped it. Each kind has a class of its own. */
export class ColloquyError extends Error {
  override readonly name: string = 'ColloquyError'
  /** What happened, to decide by. */
  declare readonly code: ColloquyErrorCode
  /** What happened, to read. */
  declare readonly detail: string
  /** The HTTP status of the answer; 0 when there was none. */
  declare readonly status: number
  /** The server's id of the request, to find it in the server's log by. */
  declare readonly requestId: string | undefined
  /** Every fault that the server found in the request; empty for other problems. */
  declare readonly errors: readonly ProblemError[]
  /** How long the server asks to wait before the next attempt, in seconds. */
  declare readonly retryAfter: number | undefined
  /** The problem document, when there is one: it also names the turn, and has the text so far. */
  declare readonly problem: Partial<Problem> | undefined
  /**
   * For a stream that had begun and could not be read on, whatever went wrong: the `seq` of the last event that came of
   * it, 0 for none. `turns.events` reads on `after` it.
   */
  declare readonly lastEventId: number | undefined

  constructor({ cause, ...facts }: ColloquyErrorFacts) {
    const { code, detail, status, requestId, problem } = facts
    super(
      `${detail} (${[code, status, requestId].filter(Boolean).join(', ')})`,
      cause ? { cause } : undefined,
    )
    Object.assign(this, { status: 0, errors: problem?.errors ?? [] }, facts)
  }
}

/** The server could not be reached, or the connection was lost: `network_error`. */
export class ConnectionError extends ColloquyError {
  override readonly name = 'ConnectionError'
}

/** The server did not answer in time: `timeout`. */
export class TimeoutError extends ColloquyError {
  override readonly name = 'TimeoutError'
}

/** An answer or event that the API does not allow (`invalid_response`), or no Colloquy server's (`unexpected_response`). */
export class InvalidResponseError extends ColloquyError {
  override readonly name = 'InvalidResponseError'
}

/** The request was wrong, such as 400, 413 or 422; `errors` names each fault. */
export class BadRequestError extends ColloquyError {
  override readonly name = 'BadRequestError'
}

/** 401: no key, or none that the server knows. */
export class AuthenticationError extends ColloquyError {
  override readonly name = 'AuthenticationError'
}

/** 403: the server does not answer to this caller, page or host. */
export class PermissionDeniedError extends ColloquyError {
  override readonly name = 'PermissionDeniedError'
}

/** 404: no such session, turn or route. */
export class NotFoundError extends ColloquyError {
  override readonly name = 'NotFoundError'
}

/** 409: the session or the turn is in another state than that. */
export class ConflictError extends ColloquyError {
  override readonly name = 'ConflictError'
}

/** 429: too many requests; `retryAfter` says when to come again. */
export class RateLimitError extends ColloquyError {
  override readonly name = 'RateLimitError'
}

/** 5xx: the server, or a proxy before it, could not do it now. */
export class ServerError extends ColloquyError {
  override readonly name = 'ServerError'
}

/** A turn was made and ended without its answer: it failed, was cancelled or interrupted. `problem.content` has its text so far. */
export class TurnError extends ColloquyError {
  override readonly name = 'TurnError'
}
