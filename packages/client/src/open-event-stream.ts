import type { Call } from './call.js'
import type { Connection } from './connection.js'
import { interruptCall } from './interrupt-call.js'
import type { Interruption } from './interruption.js'
import { openResponse, readText } from './open-response.js'
import type { RequestOptions } from './options.js'
import { noProblem, readProblem } from './read-problem.js'
import { retry } from './retry.js'

/** An event stream that has begun. Whoever reads it releases its interruption at the end. */
export interface EventStream {
  readonly call: Call
  readonly head: Response
  readonly body: ReadableStream<Uint8Array>
  readonly interruption: Interruption
}

/** Makes a call that is answered with an event stream; undefined when the server says that nothing more comes (204). */
export async function openEventStream(
  connection: Connection,
  call: Call,
  options: RequestOptions,
  maxRetries: number,
): Promise<EventStream | undefined> {
  const interruption = interruptCall(connection, call, options)
  const { signal } = interruption
  try {
    const response = await retry(connection, maxRetries, signal, () =>
      open(connection, call, options, signal),
    )
    if (response.status === 204) {
      interruption.release()
      return undefined
    }
    if (response.body === null || !isEventStream(response)) {
      await response.body?.cancel()
      throw noProblem(call, response)
    }
    interruption.stopClock()
    return { call, head: response, body: response.body, interruption }
  } catch (error) {
    interruption.release()
    throw error
  }
}

async function open(
  connection: Connection,
  call: Call,
  { headers }: RequestOptions,
  signal: AbortSignal,
): Promise<Response> {
  const response = await openResponse(connection, call, 'text/event-stream', headers, signal)
  if (!response.ok) throw readProblem(call, response, await readText(call, response, signal))
  return response
}

function isEventStream({ headers }: Response): boolean {
  return /^text\/event-stream\s*(;|$)/i.test(headers.get('content-type') ?? '')
}
