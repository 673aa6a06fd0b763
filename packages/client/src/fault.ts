import type { Call } from './call.js'
import { ColloquyError, type ConnectionErrorCode } from './colloquy-error.js'

/** What every answer has, whether its body is read at once or as a stream. */
export type ResponseHead = Pick<Response, 'status' | 'headers'>

/** An error about a call whose answer, if there is one, is no problem document. */
export function fault(
  call: Call,
  head: ResponseHead | undefined,
  code: ConnectionErrorCode,
  detail: string,
  cause?: unknown,
): ColloquyError {
  return new ColloquyError({
    code,
    detail,
    cause,
    request: `${call.method} ${call.path}`,
    status: head?.status,
    requestId: head?.headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: head === undefined ? undefined : readRetryAfter(head.headers),
  })
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, section 10.2.3). */
export function readRetryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  if (/^\d+$/.test(value)) return Number(value)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000))
}
