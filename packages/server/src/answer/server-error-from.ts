import type { ProblemError } from '@colloquy/contract'
import { type InputFault, isSessionError, type SessionError } from '@colloquy/session'
import { ServerError } from './server-error.js'

/** Reads anything that was thrown while a request was answered. What is not known is an internal error. */
export function serverErrorFrom(thrown: unknown): ServerError {
  if (thrown instanceof ServerError) return thrown
  if (isSessionError(thrown)) return fromSessionError(thrown)
  return fromRouter(thrown) ?? new ServerError('internal_error', { cause: thrown })
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

/** express answers a path that can't be decoded with a URIError. */
function fromRouter(thrown: unknown): ServerError | null {
  if (!(thrown instanceof URIError)) return null
  return new ServerError('bad_request', { detail: 'The path is not percent-encoded UTF-8.' })
}
