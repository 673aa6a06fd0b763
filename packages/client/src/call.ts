/** What is asked of the server: everything about a request but where the server is and who asks. */
export interface Call {
  readonly method: string
  /** Below the base URL, with a leading slash and its parts already escaped. */
  readonly path: string
  /** What the call itself says in headers. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a promise is waited for first. */
  readonly body?: object | Promise<object>
}

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
  body: NonNullable<Call['body']>,
  key = crypto.getRandomValues(new Uint32Array(4)).join('-'),
): Call {
  return { method: 'POST', path, headers: { 'idempotency-key': key }, body }
}
