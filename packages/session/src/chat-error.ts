/**
 * Why a chat interface could not answer:
 * - `not_ready`: it is still starting, or has lost what it needs
 * - `rate_limited`: it, or a provider behind it, wants fewer requests
 * - `timeout`: something behind it took too long
 * - `upstream_failed`: a provider behind it failed
 * - `refused`: a provider behind it refused the credentials or the request
 */
export type ChatErrorCode = 'not_ready' | 'rate_limited' | 'timeout' | 'upstream_failed' | 'refused'

/** Options of a {@link ChatError}. */
export interface ChatErrorOptions {
  /** What led to this error; it is logged and never sent to a client. */
  readonly cause?: unknown
  /** When to try again, in seconds from now; clients are told whole ones, rounded up. Default: none is promised. */
  readonly retryAfterSeconds?: number
}

/**
 * Thrown by a chat interface to say precisely why it can't answer. Anything else that it throws is `chat_failed`.
 * The message is logged and never sent to a client.
 */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ChatErrorCode
  readonly retryAfterSeconds: number | undefined

  constructor(code: ChatErrorCode, message: string, options: ChatErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

const codes: ReadonlySet<string> = new Set<ChatErrorCode>([
  'not_ready',
  'rate_limited',
  'timeout',
  'upstream_failed',
  'refused',
])

/** Tells a ChatError, also one that another copy of this package made. */
export function isChatError(error: unknown): error is ChatError {
  return (
    error instanceof Error && error.name === 'ChatError' && 'code' in error && codes.has(String(error.code))
  )
}
