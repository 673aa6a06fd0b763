import type { ProblemError } from '@colloquy/contract'
import { type InputFault, SessionError } from '@colloquy/session'
import { ServerError } from './server-error.js'
import { whereMalformed } from './where-malformed.js'

/** Reads anything that was thrown while a request was answered. What is not known is an internal error. */
export function serverErrorFrom(thrown: unknown): ServerError {
  if (thrown instanceof ServerError) return thrown
  if (isSessionError(thrown)) return fromSessionError(thrown)
  return fromBodyParser(thrown) ?? new ServerError('internal_error', { cause: thrown })
}

/** Tells a SessionError, also one that another copy of the session package made. */
function isSessionError(thrown: unknown): thrown is SessionError {
  return (
    thrown instanceof SessionError ||
    (thrown instanceof Error && thrown.name === 'SessionError' && 'faults' in thrown)
  )
}

function fromSessionError(error: SessionError): ServerError {
  const about = {
    cause: error,
    ...(error.sessionId === undefined ? {} : { sessionId: error.sessionId }),
    ...(error.turnId === undefined ? {} : { turnId: error.turnId }),
  }
  if (error.code === 'key_reused') return new ServerError('idempotency_key_reused', about)
  if (error.code !== 'invalid_input') return new ServerError(error.code, about)
  return new ServerError('validation_failed', { ...about, errors: error.faults.map(fromFault) })
}

function fromFault({ path, message }: InputFault): ProblemError {
  return { in: 'body', path, message }
}

/** What body-parser (behind `express.json`) and express's own router throw, by the `type` that they document. */
function fromBodyParser(thrown: unknown): ServerError | null {
  if (!(thrown instanceof Error)) return null
  const type = 'type' in thrown ? thrown.type : undefined
  switch (type) {
    case 'entity.parse.failed':
      return new ServerError('malformed_json', {
        detail: whereMalformed('body' in thrown ? String(thrown.body) : '', thrown.message),
      })
    case 'entity.too.large':
      return new ServerError('payload_too_large', {
        detail: `The body is larger than ${'limit' in thrown ? String(thrown.limit) : 'the allowed'} bytes.`,
      })
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new ServerError('unsupported_media_type', { cause: thrown })
    case 'request.aborted':
    case 'request.size.invalid':
      return new ServerError('bad_request', {
        detail: 'The body did not arrive as announced.',
        cause: thrown,
      })
    default:
      // express answers a path that can't be decoded with a URIError; whatever else http-errors made with a status of
      // the client's fault (a compressed body that is broken, say) is a request that is not right
      if (thrown instanceof URIError)
        return new ServerError('bad_request', { detail: 'The path is not percent-encoded UTF-8.' })
      return isClientFault(thrown)
        ? new ServerError('bad_request', { detail: 'The body can not be read.', cause: thrown })
        : null
  }
}

function isClientFault(error: Error): boolean {
  return 'status' in error && typeof error.status === 'number' && error.status >= 400 && error.status < 500
}
