import type { Call } from './call.js'
import { isRepeatable } from './chat-call.js'
import { checkCount } from './check-count.js'
import type { Connection } from './connection.js'
import type { TurnEvent } from './contract-types.js'
import { fault } from './fault.js'
import { defaultRetryMs, followTurn } from './follow-turn.js'
import { startInterruption } from './interruption.js'
import { leavable } from './leavable.js'
import { type EventStream, openEventStream } from './open-event-stream.js'
import type { StreamChatOptions } from './options.js'
import { noProblem } from './read-problem.js'
import type { TurnStream } from './turn-stream.js'

/** Sends a chat call at once; its events can be read one time. */
export function streamChat(connection: Connection, call: Call, options: StreamChatOptions = {}): TurnStream {
  const { maxRetries = connection.maxRetries, maxReconnects = connection.maxReconnects } = options
  checkCount('maxRetries', maxRetries)
  checkCount('maxReconnects', maxReconnects)
  const interruption = startInterruption(options.signal)
  const stoppable = { ...options, signal: interruption.signal }
  const opened = openChat(connection, call, stoppable, isRepeatable(call) ? maxRetries : 0)
  opened.catch(() => interruption.release())
  let isTaken = false
  return {
    sessionId: headerOf(opened, 'x-session-id'),
    turnId: headerOf(opened, 'x-turn-id'),
    [Symbol.asyncIterator]() {
      if (isTaken) throw new TypeError('The events of a turn stream can be read only once')
      isTaken = true
      return leavable(readOpened(), interruption)
    },
  }

  async function* readOpened(): AsyncGenerator<TurnEvent, void, undefined> {
    const place = { ref: undefined, seq: 0, retryMs: defaultRetryMs }
    yield* followTurn(connection, { opened: await opened, place, maxReconnects, options: stoppable })
  }
}

async function openChat(
  connection: Connection,
  call: Call,
  options: StreamChatOptions,
  maxRetries: number,
): Promise<EventStream> {
  const stream = await openEventStream(connection, call, options, maxRetries)
  if (stream === undefined) throw noProblem(call, { status: 204, headers: new Headers() })
  return stream
}

/** A promise that nobody has to look at: the same failure reaches whoever reads the events. */
function headerOf(opened: Promise<EventStream>, name: string): Promise<string> {
  const value = opened.then(({ call, head }) => {
    const header = head.headers.get(name)
    if (header !== null) return header
    const detail = `The answer shows no header ${name}. To another origin's page, the server has to expose it.`
    throw fault(call, head, 'invalid_response', detail)
  })
  value.catch(() => undefined)
  return value
}
