import { type ChatContext, ChatError, type Chunk } from '@colloquy/session'
import { retryAfter } from '../../retry-after.js'
import { statusFailure } from '../status-failure.js'
import { networkFailure } from './network-failure.js'
import { readAnswer } from './read-answer.js'
import { requestBody } from './request-body.js'
import type { Service } from './service.js'

/** How long a service may take to end its answer after it has said that it is done, in milliseconds. */
const endGraceMs = 100

/** Waits for the network: for as long as the service may be silent. */
type Wait = <Result>(waiting: Promise<Result>) => Promise<Result>

/**
 * Asks a service once, and reads its answer no faster than its chunks are asked for. However it ends, the connection is closed,
 * but for one whose answer has been read to its end: that one can be used again.
 */
export async function* askService(
  service: Service,
  message: string,
  context: ChatContext,
  stop: AbortSignal,
): AsyncGenerator<Chunk, void, undefined> {
  const { clock, timeoutMs, who } = service
  const own = new AbortController()
  const signal = AbortSignal.any([stop, own.signal])
  const wait: Wait = async (waiting) => {
    const cancel = clock.after(timeoutMs, () => {
      own.abort(new ChatError('timeout', `${who} was silent for ${timeoutMs} ms.`))
    })
    try {
      return await waiting
    } catch (error) {
      signal.throwIfAborted()
      throw networkFailure(who, error)
    } finally {
      cancel()
    }
  }
  let isOver = false
  try {
    const response = await wait(post(service, message, context, signal))
    if (!response.ok) {
      const seconds = retryAfter(response.headers.get('retry-after'), clock.now())
      throw statusFailure(who, response.status, seconds)
    }
    const reader = response.body?.getReader()
    for await (const chunk of readAnswer(service, response.headers, bytesOf(reader, wait))) {
      signal.throwIfAborted()
      yield chunk
    }
    signal.throwIfAborted()
    const cancel = clock.after(endGraceMs, () => own.abort())
    const end = await reader?.read().catch(() => undefined) // that it does not come is no fault of the answer
    cancel()
    isOver = end?.done === true
  } finally {
    if (!isOver) own.abort()
  }
}

async function post(
  { url, headers, fetch }: Service,
  message: string,
  context: ChatContext,
  signal: AbortSignal,
): Promise<Response> {
  const all = new Headers(headers)
  all.set('content-type', 'application/json')
  all.set('accept', 'text/event-stream, application/json, text/plain;q=0.5')
  const { traceparent, tracestate } = context.trace ?? {}
  if (traceparent !== undefined) all.set('traceparent', traceparent)
  if (tracestate !== undefined) all.set('tracestate', tracestate)
  const body = requestBody(message, context)
  // Followed, a redirect would send the headers, with their secrets, to wherever the answer says.
  return fetch(url, { method: 'POST', headers: all, body, redirect: 'manual', signal })
}

/** The bytes of a body, as they come, and no sooner than they are asked for. */
async function* bytesOf(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  wait: Wait,
): AsyncGenerator<Uint8Array, void, undefined> {
  while (reader !== undefined) {
    const { done, value } = await wait(reader.read())
    if (done) return
    yield value
  }
}
