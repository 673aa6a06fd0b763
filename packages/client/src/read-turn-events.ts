import type { TurnEvent } from './contract-types.js'
import { decodeTurnEvent, InvalidFrameError, readSeq } from './decode-turn-event.js'
import { endsTurn } from './event-shapes.js'
import { EventTooLongError } from './event-stream-parser.js'
import { fault } from './fault.js'
import type { EventStream } from './open-event-stream.js'
import type { TurnRef } from './options.js'
import { readEventStream } from './read-event-stream.js'

/** How far the reading of a turn has come; moved on with each event. */
export interface Place {
  /** The turn, once it is known. */
  ref: TurnRef | undefined
  /** The number of the last event; 0: none. */
  seq: number
  /** How long the server asks to wait before the next connection, in milliseconds. */
  retryMs: number
}

/** A stream that ended before the final event of its turn. */
export class BrokenStreamError extends Error {
  override readonly name = 'BrokenStreamError'
}

/**
 * The events of one connection, up to the final one of the turn. Throws a `BrokenStreamError` when the connection ends
 * before; a frame that is not whole by then is no event.
 */
export async function* readTurnEvents(
  { call, head, body, interruption }: EventStream,
  place: Place,
  maxEventLength: number,
): AsyncGenerator<TurnEvent, void, undefined> {
  const { signal } = interruption
  place.ref ??= namedIn(head.headers)
  try {
    const frames = readEventStream(body, { maxEventLength, isLast: ({ event }) => endsTurn(event) })
    for await (const frame of frames) {
      signal.throwIfAborted()
      const event = decodeTurnEvent(frame, readSeq(frame, place.seq))
      place.seq += 1
      place.retryMs = frame.retryMs ?? place.retryMs
      if (event?.type === 'turn.started') place.ref ??= event.data
      if (event !== undefined) yield event
      if (endsTurn(frame.event)) return
    }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof InvalidFrameError || cause instanceof EventTooLongError) {
      throw fault(call, head, 'invalid_response', cause.message)
    }
    throw new BrokenStreamError('The connection was lost.', { cause })
  } finally {
    interruption.release()
  }
  throw new BrokenStreamError('The stream ended before the final event of its turn.')
}

function namedIn(headers: Headers): TurnRef | undefined {
  const session_id = headers.get('x-session-id') ?? ''
  const turn_id = headers.get('x-turn-id') ?? ''
  return session_id === '' || turn_id === '' ? undefined : { session_id, turn_id }
}
