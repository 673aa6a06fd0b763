import { attempts, mayPass, waitFor } from './attempts.js'
import { type Call, get } from './call.js'
import { ColloquyError } from './colloquy-error.js'
import type { TurnEvent } from './contract-types.js'
import { problemOf } from './fault.js'
import type { TurnRef } from './options.js'
import { turnPath } from './path-of.js'
import { readEvents } from './read-events.js'
import { readAll, sendRequest } from './send-request.js'
import type { Settings } from './settings.js'
import { parseJson } from './shapes.js'
import { checkAborted } from './signals.js'

/** The longest time that a stream itself may ask to wait, in milliseconds. */
const longestRetry = 60_000

/** How far the reading of a turn has come; moved on with each event. */
export interface Place {
  /** The turn, once it is known. */
  ref?: TurnRef | undefined
  /** The number of the last event; 0: none. */
  seq: number
  /** How long the server asks to wait before the next connection, in milliseconds. */
  retry: number
  /** What has been said so far. */
  text: string
  /** The last event. */
  last?: TurnEvent
  /** Whether that is the final one. */
  isOver: boolean
}

/** What a turn is followed with. */
export type FollowSettings = Settings & { readonly signal: AbortSignal }

/** Makes a call that is answered with an event stream; undefined when the server says that nothing more comes (204). */
export function openEvents(settings: Settings, call: Call): Promise<Response | undefined> {
  return attempts(settings, async (signal) => {
    const answer = await sendRequest(settings, call, signal)
    const { status, ok, headers, body } = answer
    if (!ok) throw problemOf(answer, parseJson(await readAll(answer, signal)))
    if (status === 204 && call.method === 'GET') return undefined
    if (body && /^text\/event-stream\b/i.test(headers.get('content-type') as string)) return answer
    await body?.cancel()
    throw problemOf(answer, undefined)
  })
}

/**
 * The events of a turn behind a place, to the final one, each once and in order, over as many connections as it takes.
 * It gives up when `maxReconnects` attempts in a row brought no event. Whatever goes wrong after the first stream has
 * begun, but for the signal, is an error with the number of the last event.
 */
export async function* followTurn(
  settings: FollowSettings,
  first: Call,
  opened: Promise<Response | undefined>,
  place: Place,
): AsyncGenerator<TurnEvent, void, undefined> {
  const { signal, maxReconnects } = settings
  let hasBegun = false
  let attempt = 0
  for (;;) {
    const { seq } = place
    try {
      const answer = await opened
      hasBegun = true
      if (answer) yield* readEvents(settings, answer, place)
      return
    } catch (error) {
      checkAborted(signal)
      if (!hasBegun || !(error instanceof ColloquyError)) throw error
      const { ref } = place
      attempt = place.seq > seq ? 1 : attempt + 1
      // Of a turn without a name only the whole can be had, by sending the chat again with its key: not when events have
      // been seen, since a server that has forgotten the key would begin another turn.
      const isLost = place.seq && !ref
      if (attempt > maxReconnects || isLost || !(error.code === 'timeout' || mayPass(error))) {
        throw Object.assign(error, { lastEventId: place.seq })
      }
      await waitFor(settings, attempt, Math.min(place.retry, longestRetry), error, signal)
      opened = openEvents({ ...settings, maxRetries: 0 }, ref ? eventsCall(ref, place.seq) : first)
    }
  }
}

/** Asks for the events of a turn behind one of them. */
export function eventsCall(ref: TurnRef, after: number): Call {
  return { ...get(`${turnPath(ref)}/events`), headers: after ? { 'last-event-id': `${after}` } : {} }
}
