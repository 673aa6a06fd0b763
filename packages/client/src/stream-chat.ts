import type { Call } from './call.js'
import type { ColloquyError } from './colloquy-error.js'
import { type Connection, interruptionOf } from './connection.js'
import type { TurnEvent } from './contract-types.js'
import { decodeTurnEvent, InvalidFrameError, readSeq } from './decode-turn-event.js'
import { endsTurn } from './event-shapes.js'
import { EventTooLongError } from './event-stream-parser.js'
import { fault } from './fault.js'
import type { Interruption } from './interruption.js'
import { openResponse, readText } from './open-response.js'
import type { RequestOptions } from './options.js'
import { readEventStream } from './read-event-stream.js'
import { noProblem, readProblem } from './read-problem.js'
import type { TurnStream } from './turn-stream.js'

interface OpenStream {
  readonly head: Response
  readonly body: ReadableStream<Uint8Array>
}

/** Sends a chat call at once; its events can be read one time. */
export function streamChat(connection: Connection, call: Call, options: RequestOptions = {}): TurnStream {
  const interruption = interruptionOf(connection, call, options)
  const opened = openStream(connection, call, options, interruption)
  let isTaken = false
  return {
    sessionId: headerOf(opened, call, 'x-session-id'),
    turnId: headerOf(opened, call, 'x-turn-id'),
    [Symbol.asyncIterator]() {
      if (isTaken) throw new TypeError('The events of a turn stream can be read only once')
      isTaken = true
      return leavable(readEvents(connection, call, opened, interruption), opened, interruption)
    },
  }
}

/** A generator that was not begun runs none of its `finally`: leaving it has to close the connection all the same. */
function leavable(
  events: AsyncGenerator<TurnEvent, void, undefined>,
  opened: Promise<OpenStream>,
  interruption: Interruption,
): AsyncIterator<TurnEvent, void, undefined> {
  let isBegun = false
  return {
    next() {
      isBegun = true
      return events.next()
    },
    async return() {
      if (!isBegun) {
        interruption.release()
        await opened.then(
          ({ body }) => body.cancel(),
          () => {}, // there is nothing to close
        )
      }
      return events.return()
    },
  }
}

async function openStream(
  connection: Connection,
  call: Call,
  options: RequestOptions,
  interruption: Interruption,
): Promise<OpenStream> {
  const { signal } = interruption
  try {
    const response = await openResponse(connection, call, 'text/event-stream', options.headers, signal)
    if (!response.ok) throw readProblem(call, response, await readText(call, response, signal))
    const type = response.headers.get('content-type') ?? ''
    if (response.body === null || !/^text\/event-stream\s*(;|$)/i.test(type)) {
      await response.body?.cancel()
      throw noProblem(call, response)
    }
    interruption.stopClock()
    return { head: response, body: response.body }
  } catch (error) {
    interruption.release()
    throw error
  }
}

/** A promise that nobody has to look at: the same failure reaches whoever reads the events. */
function headerOf(opened: Promise<OpenStream>, call: Call, name: string): Promise<string> {
  const value = opened.then(({ head }) => {
    const header = head.headers.get(name)
    if (header !== null) return header
    const detail = `The answer shows no header ${name}. To another origin's page, the server has to expose it.`
    throw fault(call, head, 'invalid_response', detail)
  })
  value.catch(() => undefined)
  return value
}

async function* readEvents(
  { maxEventLength }: Connection,
  call: Call,
  opened: Promise<OpenStream>,
  interruption: Interruption,
): AsyncGenerator<TurnEvent, void, undefined> {
  const { head, body } = await opened
  const { signal } = interruption
  let seq: number | undefined
  try {
    const frames = readEventStream(body, { maxEventLength, isLast: (frame) => endsTurn(frame.event) })
    for await (const frame of frames) {
      signal.throwIfAborted()
      seq = readSeq(frame, seq)
      const event = decodeTurnEvent(frame, seq)
      if (event !== undefined) yield event
      if (endsTurn(frame.event)) return
    }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof InvalidFrameError || cause instanceof EventTooLongError) {
      throw fault(call, head, 'invalid_response', cause.message)
    }
    throw streamClosed(call, head, cause)
  } finally {
    interruption.release()
  }
  throw streamClosed(call, head)
}

function streamClosed(call: Call, head: Response, cause?: unknown): ColloquyError {
  const detail = 'The stream ended before the final event of its turn, which may still be running.'
  return fault(call, head, 'stream_closed', detail, cause)
}
