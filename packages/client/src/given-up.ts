import type { Call } from './call.js'
import { ColloquyError } from './colloquy-error.js'

/** How the reading of a turn came to an end before the turn did. */
export interface GivenUpFacts {
  /** What asked for the events first. */
  readonly call: Call
  /** The number of the last event; 0: none. */
  readonly seq: number
  /** The last answer that was a stream. */
  readonly head: Pick<Response, 'headers'>
  /** How many attempts to take it up again failed; null when none could be made. */
  readonly attempts: number | null
  /** What went wrong last. */
  readonly error: Error
}

/** The error of a stream that broke off and could not be taken up again. */
export function givenUp({ call, seq, head, attempts, error }: GivenUpFacts): ColloquyError {
  const where = seq === 0 ? 'before the first event' : `after event ${seq}`
  return new ColloquyError({
    code: 'network_error',
    detail: `The stream broke off ${where} of its turn, which may still be running${because(attempts)}.`,
    request: `${call.method} ${call.path}`,
    requestId: head.headers.get('x-request-id') ?? undefined,
    lastEventId: seq,
    // What is underneath, where there is something; what a server answered says more by itself.
    cause: error instanceof ColloquyError && error.code !== 'network_error' ? error : (error.cause ?? error),
  })
}

function because(attempts: number | null): string {
  if (attempts === null) return '; it cannot be taken up again, since the server did not name the turn'
  if (attempts === 0) return ''
  return `; ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} to take it up again failed`
}
