import { getEventListeners, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { events, frame, stream } from '../test/recorded.js'
import { startServer, streamHeaders } from '../test/start-server.js'
import { createClient } from './index.js'

test('a call whose signal is aborted before it starts fails with an AbortError and sends nothing', async () => {
  const { url, received } = await startServer((response) => response.end())
  const client = createClient({ baseUrl: url })
  const reason = new Error('No longer wanted')
  const signal = AbortSignal.abort(reason)
  await expect(client.send('Hello', { signal })).rejects.toMatchObject({ name: 'AbortError' })
  const turn = client.stream('Hello', { signal })
  await expect(readAll(turn)).rejects.toMatchObject({ name: 'AbortError' })
  await expect(turn.sessionId).rejects.toMatchObject({ name: 'AbortError' })
  expect(received).toEqual([])
})

test('a call that is aborted while it waits fails with an AbortError and leaves the server', async () => {
  const stop = new AbortController()
  let closed: Promise<unknown> | undefined
  const { url } = await startServer((response) => {
    closed = once(response, 'close')
    stop.abort()
  })
  const call = createClient({ baseUrl: url }).send('Hello', { signal: stop.signal })
  await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  await closed
})

test('a call that is aborted in the middle of its body fails with an AbortError', async () => {
  const stop = new AbortController()
  const { url } = await startServer((response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{', () => stop.abort('enough'))
  })
  await expect(createClient({ baseUrl: url }).health({ signal: stop.signal })).rejects.toMatchObject({
    name: 'AbortError',
  })
})

test('a stream that is aborted fails with an AbortError, and its connection closes', async () => {
  const stop = new AbortController()
  let closed: Promise<unknown> | undefined
  const { url } = await startServer((response) => {
    closed = once(response, 'close')
    response.writeHead(200, streamHeaders).write(stream(events.slice(0, 1)))
  })
  const reason = new Error('No longer wanted')
  const seen: string[] = []
  const reading = async () => {
    for await (const event of createClient({ baseUrl: url }).stream('Hello', { signal: stop.signal })) {
      seen.push(event.type)
      stop.abort(reason)
    }
  }
  await expect(reading()).rejects.toMatchObject({ name: 'AbortError' })
  expect(seen).toEqual(['turn.started'])
  await closed
})

test('events that have come but were not read before the abort are not handed out', async () => {
  const stop = new AbortController()
  const { url } = await startServer((response) => response.writeHead(200, streamHeaders).end(stream()))
  const turn = createClient({ baseUrl: url }).stream('Hello', { signal: stop.signal })
  const iterator = turn[Symbol.asyncIterator]()
  await iterator.next()
  stop.abort()
  await expect(iterator.next()).rejects.toMatchObject({ name: 'AbortError' })
})

test('a signal may serve many calls and streams, and nothing is left on it', async () => {
  const { url } = await startServer((response, { body }) => {
    if (body.includes('fail')) response.writeHead(404).end()
    else response.writeHead(200, streamHeaders).end(stream())
  })
  const client = createClient({ baseUrl: url })
  const { signal } = new AbortController()
  await readAll(client.stream('Hello', { signal }))
  await failureOf(client.send('Hello', { signal }))
  await failureOf(client.stream('fail', { signal }).turnId)
  await client.stream('Hello', { signal })[Symbol.asyncIterator]().return?.()
  for await (const _ of client.stream('Hello', { signal })) break
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a stream that nobody reads is ended by its signal', async () => {
  const stop = new AbortController()
  const closed = Promise.withResolvers<void>()
  const { url } = await startServer((response) => {
    response.once('close', () => closed.resolve())
    response.writeHead(200, streamHeaders).write(stream(events.slice(0, 1)))
  })
  await createClient({ baseUrl: url }).stream('Hello', { signal: stop.signal }).turnId
  stop.abort()
  await expect(closed.promise).resolves.toBeUndefined()
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
  const client = createClient({ baseUrl: url, timeout: 60_000 })
  const error = await failureOf(client.send('Hello', { timeout: 100 }))
  expect(error).toMatchObject({
    code: 'timeout',
    status: 0,
    detail: 'No answer within 100 ms.',
  })
  await closed
})

test('a stream that does not begin is a time-out', async () => {
  const { url } = await startServer(() => undefined)
  const turn = createClient({ baseUrl: url, timeout: 20 }).stream('Hello')
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
  const client = createClient({ baseUrl: 'http://localhost', fetch, timeout: 1_000 })
  const iterator = client.stream('Hello')[Symbol.asyncIterator]()
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
  const failure = failureOf(createClient({ baseUrl: 'http://localhost', fetch }).send('Hello'))
  await vi.advanceTimersByTimeAsync(299_999)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(await failure).toMatchObject({ code: 'timeout' })
})

test('an infinite time-out never ends', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const fetch = async () => {
    vi.advanceTimersByTime(2 ** 31 - 2)
    return Response.json({ status: 'healthy', components: {}, timestamp: '' })
  }
  await createClient({ baseUrl: 'http://localhost', fetch, timeout: Infinity }).health()
  expect(vi.getTimerCount()).toBe(0)
})

test.each([-1, Number.NaN])('a time-out of %d ms is refused', async (timeout) => {
  const baseUrl = 'http://localhost'
  expect(() => createClient({ baseUrl, timeout })).toThrow(RangeError)
  await expect(createClient({ baseUrl }).send('Hello', { timeout })).rejects.toThrow(RangeError)
})
