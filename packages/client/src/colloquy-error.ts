import type { Problem, ProblemCode, ProblemError } from './contract-types.js'

/** What went wrong on the way to the server or back, where no problem document says it. */
export type ConnectionErrorCode = 'network_error' | 'timeout' | 'unexpected_response' | 'invalid_response'

/** A problem's code or a connection's; a newer server may know codes that this version has no name for. */
export type ColloquyErrorCode = ProblemCode | ConnectionErrorCode | (string & Record<never, never>)

/** What a `ColloquyError` is made of. */
export interface ColloquyErrorFacts {
  readonly code: ColloquyErrorCode
  readonly detail: string
  /** Method and path of the request; begins the message. */
  readonly request?: string | undefined
  /** Default: 0. */
  readonly status?: number | undefined
  readonly requestId?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly problem?: Problem | undefined
  readonly lastEventId?: number | undefined
  readonly cause?: unknown
}

/** Whatever goes wrong with a request, except that its caller stopped it. */
export class ColloquyError extends Error {
  override readonly name = 'ColloquyError'
  /** What happened, to decide by. */
  readonly code: ColloquyErrorCode
  /** The HTTP status of the answer; 0 when there was none. */
  readonly status: number
  /** The server's id of the request, to find it in the server's log by. */
  readonly requestId: string | undefined
  /** What happened, to read. */
  readonly detail: string
  /** Every fault that the server found in the request; empty for other problems. */
  readonly errors: readonly ProblemError[]
  /** How long the server asks to wait before the next attempt, in seconds. */
  readonly retryAfterSeconds: number | undefined
  /** The whole problem document, when there is one: it also names the turn, and has the text so far. */
  readonly problem: Problem | undefined
  /**
   * For a stream that had begun and could not be read on, whatever went wrong: the `seq` of the last event that came of
   * it, 0 for none. `turns.events` reads on `after` it.
   */
  readonly lastEventId: number | undefined

  constructor(facts: ColloquyErrorFacts) {
    const {
      code,
      detail,
      request,
      status = 0,
      requestId,
      retryAfterSeconds,
      problem,
      lastEventId,
      cause,
    } = facts
    const marks = [code, ...(status === 0 ? [] : [status]), ...(requestId === undefined ? [] : [requestId])]
    const message = `${request === undefined ? '' : `${request}: `}${detail} (${marks.join(', ')})`
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = status
    this.requestId = requestId
    this.detail = detail
    this.errors = problem?.errors ?? []
    this.retryAfterSeconds = retryAfterSeconds
    this.problem = problem
    this.lastEventId = lastEventId
  }
}
