/**
 * What the session manager refuses:
 * - `session_not_found`, `turn_not_found`: unknown, expired or deleted; never told apart
 * - `turn_in_progress`: the session has a live turn, whose id the error carries
 * - `turn_not_cancellable`: the turn has already ended, or another process runs it
 * - `queue_full`: as many turns of the session wait as may
 * - `key_reused`: the key stands for a turn of another request, which the error carries
 * - `session_capacity_reached`: no room for one more session
 * - `overloaded`: as many turns run or wait as may
 * - `invalid_input`: a bound was broken; `faults` has each
 * - `invalid_cursor`: no cursor that this manager has handed out for this list, or a number beyond the events
 * - `not_ready`: the start failed, at the `component` that the error carries; or is not done yet, and it carries none
 * - `shutting_down`: the manager is closing
 * - `store_unavailable`: the store can't work at the moment
 */
export type SessionErrorCode =
  | 'session_not_found'
  | 'turn_not_found'
  | 'turn_in_progress'
  | 'turn_not_cancellable'
  | 'queue_full'
  | 'key_reused'
  | 'session_capacity_reached'
  | 'overloaded'
  | 'invalid_input'
  | 'invalid_cursor'
  | 'not_ready'
  | 'shutting_down'
  | 'store_unavailable'

/** One broken bound. */
export interface InputFault {
  /** A JSON Pointer (RFC 6901) into what was given: `/message`, `/metadata/colour`. */
  readonly path: string
  readonly message: string
}

/** What a {@link SessionError} carries besides its code and message. */
export interface SessionErrorDetails {
  readonly cause?: unknown
  readonly sessionId?: string
  readonly turnId?: string
  readonly component?: string
  readonly faults?: readonly InputFault[]
}

/**
 * Thrown by the session manager. The message names ids and limits, never the content of a message. `overloaded` has no
 * stack.
 */
export class SessionError extends Error {
  override readonly name = 'SessionError'
  readonly code: SessionErrorCode
  readonly sessionId: string | undefined
  readonly turnId: string | undefined
  /** What could not be started, where a start failed: `store`, `chat`, or the name of an unhealthy component. */
  readonly component: string | undefined
  /** Each broken bound, with `invalid_input`; otherwise empty. */
  readonly faults: readonly InputFault[]

  constructor(code: SessionErrorCode, message: string, details: SessionErrorDetails = {}) {
    const { stackTraceLimit } = Error
    // Of `overloaded` a busy server makes thousands a second, and where is no question: a stack takes longer than all else.
    if (code === 'overloaded') Reflect.set(Error, 'stackTraceLimit', 0)
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    if (code === 'overloaded') Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
    this.code = code
    this.sessionId = details.sessionId
    this.turnId = details.turnId
    this.component = details.component
    this.faults = details.faults ?? []
  }
}

/** Tells a SessionError, also one that another copy of this package made. */
export function isSessionError(error: unknown): error is SessionError {
  return error instanceof Error && error.name === 'SessionError' && 'code' in error && 'faults' in error
}
