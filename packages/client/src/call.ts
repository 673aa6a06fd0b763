/** What is asked of the server: everything about a request but where the server is and who asks. */
export interface Call {
  readonly method: string
  /** Below the base URL, with a leading slash and its parts already escaped. */
  readonly path: string
  /** What the call itself says in headers. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: object
  /** Gives the rest of the body before each attempt; has to give something at once when the signal is aborted. */
  readonly rest?: RestOfBody | undefined
}

/** What of a body is known only when the call is made. */
export type RestOfBody = (signal: AbortSignal) => Promise<object>

/** A call that asks for something. */
export function get(path: string): Call {
  return { method: 'GET', path }
}

/**
 * A call that makes something. Its key is part of it, so that every repetition has the same.
 *
 * @param key default: 128 random bits. Not `randomUUID`: a page that came over plain http has none
 */
export function post(
  path: string,
  body: object,
  key = crypto.getRandomValues(new Uint32Array(4)).join('-'),
  rest?: RestOfBody,
): Call {
  return { method: 'POST', path, headers: { 'idempotency-key': key }, body, rest }
}
