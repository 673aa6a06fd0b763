import type { ProblemCode, ProblemError } from '@colloquy/contract'

/** What a {@link ServerError} carries besides its code. */
export interface ServerErrorDetails {
  /** What happened, for the client. Default: what the code says by itself. */
  readonly detail?: string
  /** Every fault of the request. */
  readonly errors?: readonly ProblemError[]
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>
  readonly sessionId?: string
  readonly turnId?: string
  /** The text of a turn before it ended. */
  readonly content?: string
  /** After how many seconds to try again; null when that would not help. Default: what the code says by itself. */
  readonly retryAfterSeconds?: number | null | undefined
  readonly cause?: unknown
}

/**
 * A request that can't be answered as it was hoped: it becomes a problem document. It has no stack, which would take longer
 * than the rest of a refusal: what somebody has to mend is its cause, and that has its own.
 */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: ProblemCode
  readonly details: ServerErrorDetails

  constructor(code: ProblemCode, details: ServerErrorDetails = {}) {
    const { stackTraceLimit } = Error
    Reflect.set(Error, 'stackTraceLimit', 0) // not everybody lets it be assigned
    super(details.detail ?? code, 'cause' in details ? { cause: details.cause } : undefined)
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
    this.code = code
    this.details = details
  }
}
