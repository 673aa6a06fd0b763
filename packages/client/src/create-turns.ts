import { turnPageShape, turnShape } from './answer-shapes.js'
import { checkCount } from './check-count.js'
import type { TurnsClient } from './client.js'
import type { Connection } from './connection.js'
import type { TurnEvent } from './contract-types.js'
import { defaultRetryMs, eventsCall, followTurn } from './follow-turn.js'
import { startInterruption } from './interruption.js'
import { leavable } from './leavable.js'
import { openEventStream } from './open-event-stream.js'
import type { RequestOptions, TurnEventsOptions, TurnRef } from './options.js'
import { requestJson } from './request.js'
import { sessionPath } from './session-path.js'
import { turnPath } from './turn-path.js'

/** The turns of a server, as functions. */
export function createTurns(connection: Connection): TurnsClient {
  return {
    list: async (sessionId, { order, limit, cursor, ...options } = {}) => {
      const path = `${sessionPath(sessionId)}/turns`
      const query = { order, limit, cursor }
      return requestJson(connection, { method: 'GET', path, query }, turnPageShape, options)
    },
    get: async (ref, options) =>
      requestJson(connection, { method: 'GET', path: turnPath(ref) }, turnShape, options),
    events: (ref, options) => readEvents(connection, ref, options),
    cancel: async (ref, { reason, ...options } = {}) => {
      const path = `${turnPath(ref)}/cancel`
      return requestJson(connection, { method: 'POST', path, body: { reason } }, turnShape, options)
    },
  }
}

function readEvents(
  connection: Connection,
  { session_id, turn_id }: TurnRef,
  { after = 0, maxReconnects = connection.maxReconnects, ...options }: TurnEventsOptions = {},
): AsyncIterable<TurnEvent> {
  checkCount('maxReconnects', maxReconnects)
  if (!(Number.isSafeInteger(after) && after >= 0)) {
    throw new RangeError(`after has to be the seq of an event, such as 12, or 0; got ${after}`)
  }
  const ref = { session_id, turn_id }
  const call = eventsCall(ref, after)
  return {
    [Symbol.asyncIterator]() {
      const interruption = startInterruption(options.signal)
      return leavable(read({ ...options, signal: interruption.signal }), interruption)
    },
  }

  async function* read(stoppable: RequestOptions): AsyncGenerator<TurnEvent, void, undefined> {
    const opened = await openEventStream(connection, call, stoppable, maxReconnects)
    if (opened === undefined) return
    const place = { ref, seq: after, retryMs: defaultRetryMs }
    yield* followTurn(connection, { opened, place, maxReconnects, options: stoppable })
  }
}
