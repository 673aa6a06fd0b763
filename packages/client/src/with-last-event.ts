import type { Call } from './call.js'
import { ColloquyError } from './colloquy-error.js'

/**
 * An error of a call, as one of the stream that it was to take up again: it says also which event was the last that came
 * (its number; 0: none), so that the turn can be read on behind it.
 */
export function withLastEvent(error: ColloquyError, { method, path }: Call, seq: number): ColloquyError {
  const { code, detail, status, requestId, retryAfterSeconds, problem, cause } = error
  return new ColloquyError({
    code,
    detail,
    request: `${method} ${path}`,
    status,
    requestId,
    retryAfterSeconds,
    problem,
    lastEventId: seq,
    cause,
  })
}
