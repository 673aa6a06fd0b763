import type { ModelRequest } from './model-request.js'

/** What the server answers: to every request the same, to each the next of a list, or what a function says. */
export type ModelScript =
  | ModelAnswer
  | readonly ModelAnswer[]
  | ((request: ModelRequest) => ModelAnswer | Promise<ModelAnswer>)

/** The answer to one request. */
export type ModelAnswer = SpokenAnswer | ModelFailure | RawAnswer | 'silence' | 'reset'

/**
 * What a model says: reasoning, text and calls, in this order. A list is sent piece by piece, a string as one piece.
 */
export interface SpokenAnswer {
  readonly text?: string | readonly string[]
  /** As `reasoning_content`. */
  readonly reasoning?: string | readonly string[]
  readonly calls?: readonly ModelCall[]
  /** Default: 10 tokens in, 5 out. `null` sends none. A stream tells them only when the request asks for it, as OpenAI does. */
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number } | null
  /** Default: `tool_calls` with calls, else `stop`. */
  readonly finishReason?: 'stop' | 'length' | 'content_filter' | 'tool_calls' | (string & {})
  /** How the answer breaks off after its last piece, in place of its end. Default: it ends well. */
  readonly breaks?: ModelBreak
  /** Whether every piece, and the end, wait until `request.letGo()`. Default: false. */
  readonly byHand?: boolean
  /** Sends the bytes in so many at a time, also within a character. Default: each piece at once. */
  readonly bytesAtOnce?: number
}

/** One call of a function. */
export interface ModelCall {
  /** Default: `call_` with a number of its own. */
  readonly id?: string
  readonly name: string
  /** A value, or the JSON text itself, or pieces of that text: it may be none. */
  readonly arguments?: string | readonly string[] | Readonly<Record<string, unknown>>
}

/**
 * How an answer breaks off:
 * - `cut`: the connection is closed
 * - `reset`: the connection is reset (RST)
 * - `hang`: nothing more comes, and the connection stays
 * - `malformed`: what comes is no JSON
 * - `wrong_shape`: what comes is JSON that is no answer
 * - `error`: an error object comes in the stream, as from a provider that is overloaded in mid-answer
 * - `error_and_hang`: the same, and the connection stays
 * - `{ error }`: this error comes in the stream
 * - `early_end`: the stream ends well, without a finish reason
 */
export type ModelBreak =
  | 'cut'
  | 'reset'
  | 'hang'
  | 'malformed'
  | 'wrong_shape'
  | 'error'
  | 'error_and_hang'
  | 'early_end'
  | { readonly error: unknown }

/** What a provider answers when it does not answer. */
export type ModelFailureName =
  | 'invalid_key'
  | 'forbidden'
  | 'unknown_model'
  | 'rate_limited'
  | 'out_of_quota'
  | 'overloaded'
  | 'context_too_long'
  | 'content_filtered'
  | 'invalid_request'
  | 'server_error'
  | 'bad_gateway'
  | 'gateway_timeout'

/** A failure before the answer begins. Its text repeats the credentials and the last message, as a careless provider's does. */
export interface ModelFailure {
  readonly failure: ModelFailureName
  /** Further headers, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Any other answer. */
export interface RawAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}
