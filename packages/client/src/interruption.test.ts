import { getEventListeners, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { events, frame, stream } from '../test/recorded.js'
import { startServer, streamHeaders } from '../test/start-server.js'
import { createClient } from './index.js'

test('a call whose signal is aborted before it starts fails with its reason and sends nothing', async () => {
  const { url, received } = await startServer((response) => response.end())
  const client = createClient({ baseUrl: url })
  const reason = new Error('No longer wanted')
  const signal = AbortSignal.abort(reason)
  await expect(client.chat('Hello', { signal })).rejects.toBe(reason)
  const turn = client.streamChat('Hello', { signal })
  await expect(readAll(turn)).rejects.toBe(reason)
  await expect(turn.sessionId).rejects.toBe(reason)
  expect(received).toEqual([])
})

test('a call that is aborted while it waits fails with an AbortError and leaves the server', async () => {
  const stop = new AbortController()
  let closed: Promise<unknown> | undefined
  const { url } = await startServer((response) => {
    closed = once(response, 'close')
    stop.abort()
  })
  const call = createClient({ baseUrl: url }).chat('Hello', { signal: stop.signal })
  await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  await closed
})

test('a call that is aborted in the middle of its body fails with the reason', async () => {
  const stop = new AbortController()
  const { url } = await startServer((response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{', () => stop.abort('enough'))
  })
  await expect(createClient({ baseUrl: url }).health({ signal: stop.signal })).rejects.toBe('enough')
})

test('a stream that is aborted fails with the reason, and its connection closes', async () => {
  const stop = new AbortController()
  let closed: Promise<unknown> | undefined
  const { url } = await startServer((response) => {
    closed = once(response, 'close')
    response.writeHead(200, streamHeaders).write(stream(events.slice(0, 1)))
  })
  const reason = new Error('No longer wanted')
  const seen: string[] = []
  const reading = async () => {
    for await (const event of createClient({ baseUrl: url }).streamChat('Hello', { signal: stop.signal })) {
      seen.push(event.type)
      stop.abort(reason)
    }
  }
  await expect(reading()).rejects.toBe(reason)
  expect(seen).toEqual(['turn.started'])
  await closed
})

test('events that have come but were not read before the abort are not handed out', async () => {
  const stop = new AbortController()
  const { url } = await startServer((response) => response.writeHead(200, streamHeaders).end(stream()))
  const turn = createClient({ baseUrl: url }).streamChat('Hello', { signal: stop.signal })
  const iterator = turn[Symbol.asyncIterator]()
  await iterator.next()
  stop.abort()
  await expect(iterator.next()).rejects.toMatchObject({ name: 'AbortError' })
})

test('nothing is left on a signal after a call and after a stream', async () => {
  const { url } = await startServer((response) => response.writeHead(200, streamHeaders).end(stream()))
  const client = createClient({ baseUrl: url })
  const { signal } = new AbortController()
  const add = vi.spyOn(signal, 'addEventListener')
  const remove = vi.spyOn(signal, 'removeEventListener')
  await readAll(client.streamChat('Hello', { signal }))
  await failureOf(client.chat('Hello', { signal }))
  expect(add).toHaveBeenCalledTimes(2)
  expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(
    add.mock.calls.map(([, listener]) => listener),
  )
})

test('nothing is left on a signal after a stream that was left, or failed, before it was read', async () => {
  const { url } = await startServer((response, { body }) => {
    if (body.includes('fail')) response.writeHead(404).end()
    else response.writeHead(200, streamHeaders).write(stream(events.slice(0, 1)))
  })
  const client = createClient({ baseUrl: url })
  const { signal } = new AbortController()
  await client.streamChat('Hello', { signal })[Symbol.asyncIterator]().return?.()
  await failureOf(client.streamChat('fail', { signal }).turnId)
  for await (const _ of client.streamChat('Hello', { signal })) break
  const opened = client.streamChat('Hello', { signal })
  await opened.turnId
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  await opened[Symbol.asyncIterator]().return?.()
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a stream that nobody reads is ended by its signal', async () => {
  const stop = new AbortController()
  const closed = Promise.withResolvers<void>()
  const { url } = await startServer((response) => {
    response.once('close', () => closed.resolve())
    response.writeHead(200, streamHeaders).write(stream(events.slice(0, 1)))
  })
  await createClient({ baseUrl: url }).streamChat('Hello', { signal: stop.signal }).turnId
  stop.abort()
  await expect(closed.promise).resolves.toBeUndefined()
})

test.each([
  ['says that nothing comes', 204, {}],
  ['refuses', 404, {}],
  ['is no event stream', 200, { 'content-type': 'text/html' }],
])('nothing is left on a signal after a stream whose answer %s', async (_, status, headers) => {
  const { url } = await startServer((response) => response.writeHead(status, headers).end())
  const { signal } = new AbortController()
  const add = vi.spyOn(signal, 'addEventListener')
  const remove = vi.spyOn(signal, 'removeEventListener')
  const { turns } = createClient({ baseUrl: url })
  const reading = readAll(turns.events({ session_id: 'sess_1', turn_id: 'turn_1' }, { signal }))
  await Promise.allSettled([reading])
  expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(
    add.mock.calls.map(([, listener]) => listener),
  )
  expect(add).toHaveBeenCalledOnce()
})

test.each([
  ['never answers', () => undefined],
  ['never ends its answer', (response: ServerResponse) => response.writeHead(200).write('{')],
])('a server that %s is a time-out, and its connection closes', async (_, answer) => {
  let closed: Promise<unknown> | undefined
  const { url } = await startServer((response) => {
    closed = once(response, 'close')
    answer(response)
  })
  const client = createClient({ baseUrl: url, timeoutMs: 60_000 })
  const error = await failureOf(client.chat('Hello', { timeoutMs: 100 }))
  expect(error).toMatchObject({
    code: 'timeout',
    status: 0,
    detail: 'The server did not answer within 100 ms.',
  })
  await closed
})

test('a stream that does not begin is a time-out', async () => {
  const { url } = await startServer(() => undefined)
  const turn = createClient({ baseUrl: url, timeoutMs: 20 }).streamChat('Hello')
  expect(await failureOf(readAll(turn))).toMatchObject({ code: 'timeout' })
  expect(await failureOf(turn.turnId)).toMatchObject({ code: 'timeout' })
})

test('a stream that has begun is never cut by the time-out', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const write = async (text: string) => writer.write(new TextEncoder().encode(text))
  const fetch = async (_: string, { signal }: RequestInit) => {
    signal?.addEventListener('abort', () => void writer.abort(signal.reason))
    return new Response(readable, { headers: streamHeaders })
  }
  const client = createClient({ baseUrl: 'http://localhost', fetch, timeoutMs: 1_000 })
  const iterator = client.streamChat('Hello')[Symbol.asyncIterator]()
  const [first] = await Promise.all([iterator.next(), write(stream(events.slice(0, 1)))])
  expect(first.value).toEqual(events[0])
  vi.advanceTimersByTime(1_000_000)
  const [second] = await Promise.all([iterator.next(), write(events.slice(1, 2).map(frame).join(''))])
  expect(second.value).toEqual(events[1])
})

test('without a time-out of its own a client waits for five minutes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const fetch = async (_: string, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  const failure = failureOf(createClient({ baseUrl: 'http://localhost', fetch }).chat('Hello'))
  await vi.advanceTimersByTimeAsync(299_999)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(await failure).toMatchObject({ code: 'timeout' })
})

test('an infinite time-out starts no timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const fetch = async () => {
    expect(vi.getTimerCount()).toBe(0)
    return Response.json({ status: 'healthy', components: {}, timestamp: '' })
  }
  await createClient({ baseUrl: 'http://localhost', fetch, timeoutMs: Infinity }).health()
})

test.each([0, -1, Number.NaN])('a time-out of %d ms is refused', async (timeoutMs) => {
  const baseUrl = 'http://localhost'
  expect(() => createClient({ baseUrl, timeoutMs })).toThrow(RangeError)
  await expect(createClient({ baseUrl }).chat('Hello', { timeoutMs })).rejects.toThrow(RangeError)
})
