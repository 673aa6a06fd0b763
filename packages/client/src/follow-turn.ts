import { backoffMs } from './backoff.js'
import type { Call } from './call.js'
import { isRepeatable } from './chat-call.js'
import { ColloquyError } from './colloquy-error.js'
import type { Connection } from './connection.js'
import type { TurnEvent } from './contract-types.js'
import { givenUp } from './given-up.js'
import { mayPass } from './may-pass.js'
import { type EventStream, openEventStream } from './open-event-stream.js'
import type { RequestOptions, TurnRef } from './options.js'
import { BrokenStreamError, type Place, readTurnEvents } from './read-turn-events.js'
import { turnPath } from './turn-path.js'
import { withLastEvent } from './with-last-event.js'

/** How long to wait before a stream is taken up again when the server says nothing about it, in milliseconds. */
export const defaultRetryMs = 1_000

/** The longest time that a stream itself may ask to wait, in milliseconds. */
const longestRetryMs = 60_000

/** What is followed, from where, and how patiently. */
export interface Following {
  /** The stream that is read first. */
  readonly opened: EventStream
  readonly place: Place
  readonly maxReconnects: number
  readonly options: RequestOptions
}

/**
 * The events of a turn behind a place, to the final one, each once and in order, over as many connections as it takes.
 * It gives up when `maxReconnects` attempts in a row brought no event. Whatever goes wrong, but for the signal, is an
 * error with the number of the last event.
 */
export async function* followTurn(
  connection: Connection,
  { opened, place, maxReconnects, options }: Following,
): AsyncGenerator<TurnEvent, void, undefined> {
  const { maxEventLength, random, wait } = connection
  const { signal } = options
  let stream: EventStream | undefined = opened
  let { call, head } = opened
  let attempt = 0
  while (true) {
    const { seq } = place
    try {
      stream ??= await openEventStream(connection, call, options, 0)
      if (stream === undefined) return
      head = stream.head
      yield* readTurnEvents(stream, place, maxEventLength)
      return
    } catch (error) {
      signal?.throwIfAborted()
      if (!isBreak(error))
        throw error instanceof ColloquyError ? withLastEvent(error, call, place.seq) : error
      stream = undefined
      attempt = place.seq > seq ? 1 : attempt + 1
      const next = callBehind(place, opened.call)
      if (next === undefined || attempt > maxReconnects) {
        const attempts = next === undefined ? null : attempt - 1
        throw givenUp({ call: opened.call, seq: place.seq, head, attempts, error })
      }
      call = next
      const retryAfterSeconds = error instanceof ColloquyError ? error.retryAfterSeconds : undefined
      const baseMs = Math.min(place.retryMs, longestRetryMs)
      await wait(backoffMs({ attempt, baseMs, retryAfterSeconds, chance: random() }), signal)
      signal?.throwIfAborted()
    }
  }
}

/** Whether an error says only that a connection was lost, or not made. */
function isBreak(error: unknown): error is Error {
  if (error instanceof BrokenStreamError) return true
  return mayPass(error) || (error instanceof ColloquyError && error.code === 'timeout')
}

/**
 * What asks for the events behind a place. Of a turn without a name only the whole can be had, by sending the chat again
 * with its key: not when events have been seen, since a server that has forgotten the key would begin another turn.
 */
function callBehind({ ref, seq }: Place, first: Call): Call | undefined {
  if (ref !== undefined) return eventsCall(ref, seq)
  return seq === 0 && isRepeatable(first) ? first : undefined
}

/** Asks for the events of a turn behind one of them. */
export function eventsCall(ref: TurnRef, after: number): Call {
  const headers = after === 0 ? {} : { 'last-event-id': String(after) }
  return { method: 'GET', path: `${turnPath(ref)}/events`, headers }
}
