/** Codes of the protocol that more than one place asks for (Schema, ErrorCode). */
export const authRequired = -32_000
export const notFound = -32_002

/**
 * An error that answers a request, in either direction (JSON-RPC 2.0, section 5.1; Schema, ErrorCode). The protocol's library has a
 * class of its own for it, which is there only when the library has been imported.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }

  static invalidRequest(why: string): RequestError {
    return new RequestError(-32_600, `Invalid request: ${why}`)
  }

  static methodNotFound(method: string): RequestError {
    return new RequestError(-32_601, `Method not found: ${method}`)
  }

  static invalidParams(why: string): RequestError {
    return new RequestError(-32_602, `Invalid params: ${why}`)
  }

  static resourceNotFound(): RequestError {
    return new RequestError(notFound, 'Resource not found')
  }
}
