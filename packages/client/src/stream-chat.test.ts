import { once } from 'node:events'
import { expect, test } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { readAll } from '../test/read-all.js'
import { events, frame, stream } from '../test/recorded.js'
import { startServer, streamHeaders } from '../test/start-server.js'
import { createClient } from './index.js'

const baseUrl = 'http://localhost'

test('the events of a turn come in order, with their numbers, types and data', async () => {
  const { url, received } = await startServer((response) =>
    response.writeHead(200, streamHeaders).end(stream()),
  )
  const turn = createClient({ baseUrl: url }).stream({ message: 'Stühle?', session_id: 'sess_1' })
  expect(await readAll(turn)).toEqual(events)
  expect(received).toMatchObject([
    {
      method: 'POST',
      url: '/api/v1/chat',
      headers: { accept: 'text/event-stream;final=brief', 'content-type': 'application/json' },
    },
  ])
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({
    message: 'Stühle?',
    session_id: 'sess_1',
    stream: true,
  })
})

test('the ids of session and turn are there before the first event', async () => {
  const { url } = await startServer((response) => {
    response.writeHead(200, streamHeaders).flushHeaders()
  })
  const turn = createClient({ baseUrl: url }).stream('Hello')
  expect(await Promise.all([turn.sessionId, turn.turnId])).toEqual(['sess_1', 'turn_1'])
})

test('an event is handed out as soon as it is whole', async () => {
  let send: (text: string) => void = () => undefined
  const { url } = await startServer((response) => {
    response.writeHead(200, streamHeaders).write(stream(events.slice(0, 1)))
    send = (text) => response.write(text)
  })
  const seen: number[] = []
  for await (const event of createClient({ baseUrl: url }).stream('Hello')) {
    seen.push(event.seq)
    send(
      events
        .slice(event.seq, event.seq + 1)
        .map(frame)
        .join(''),
    )
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test.each([
  [
    'turn.failed',
    { type: 'u', title: 't', status: 500, detail: 'd', code: 'chat_failed', content: 'so far' },
  ],
  ['turn.cancelled', { reason: 'client_request', content: 'so far' }],
  ['turn.interrupted', { reason: 'shutdown', content: 'so far' }],
])('%s is the last event, not an exception', async (type, data) => {
  const after = frame({ seq: 2, type: 'text.delta', data: { text: 'too late' } })
  const fetch = answerInChunks([frame({ seq: 1, type, data }) + after])
  expect(await readAll(createClient({ baseUrl, fetch }).stream('Hello'))).toEqual([{ seq: 1, type, data }])
})

test('the last event ends the iteration although the server leaves the connection open', async () => {
  const fetch = answerInChunks([stream()], { ends: false })
  expect(await readAll(createClient({ baseUrl, fetch }).stream('Hello'))).toHaveLength(events.length)
})

test('leaving before the first event closes the connection too', async () => {
  const closed = Promise.withResolvers<void>()
  const { url } = await startServer((response) => {
    response.writeHead(200, streamHeaders).write(stream(events.slice(0, 1)))
    response.once('close', () => closed.resolve())
  })
  const turn = createClient({ baseUrl: url }).stream('Hello')
  await turn.turnId
  const reader = turn[Symbol.asyncIterator]()
  await reader.return?.()
  await closed.promise
  expect(await reader.next()).toEqual({ done: true, value: undefined })
})

test('leaving before the answer has begun does not wait for it', async () => {
  const asked = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const { url } = await startServer((response) => {
    response.once('close', () => closed.resolve())
    asked.resolve()
  })
  const turn = createClient({ baseUrl: url }).stream('Hello')
  const reader = turn[Symbol.asyncIterator]()
  await asked.promise
  await reader.return?.()
  await closed.promise
  expect(await reader.next()).toEqual({ done: true, value: undefined })
  await expect(turn.turnId).rejects.toMatchObject({ name: 'AbortError' })
})

test.each([
  ['the answer', 0],
  ['the next event', 1],
])('leaving while %s is waited for ends that wait, and closes the connection', async (_, count) => {
  const asked = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const { url } = await startServer((response) => {
    response.once('close', () => closed.resolve())
    if (count > 0) response.writeHead(200, streamHeaders).write(stream(events.slice(0, count)))
    asked.resolve()
  })
  const reader = createClient({ baseUrl: url }).stream('Hello')[Symbol.asyncIterator]()
  for (let read = 0; read < count; read += 1) await reader.next()
  const next = reader.next()
  await asked.promise
  await reader.return?.()
  await expect(next).rejects.toMatchObject({ name: 'AbortError' })
  await closed.promise
})

test('leaving the loop early closes the connection', async () => {
  let closed: Promise<unknown> | undefined
  const { url } = await startServer((response) => {
    closed = once(response, 'close')
    response.writeHead(200, streamHeaders).write(stream(events.slice(0, 2)))
  })
  for await (const event of createClient({ baseUrl: url }).stream('Hello')) {
    expect(event.seq).toBe(1)
    break
  }
  await closed
})

test('streams that were read to their ends leave their connections to later requests', async () => {
  let end: () => void = () => undefined
  const { url, http } = await startServer((response) => {
    response.writeHead(200, streamHeaders).write(stream())
    end = () => response.end()
  })
  let connections = 0
  http.on('connection', () => {
    connections += 1
  })
  const client = createClient({ baseUrl: url })
  for (let turn = 0; turn < 10; turn += 1) {
    for await (const event of client.stream('Hello')) {
      if (event.type === 'turn.completed') setImmediate(end)
    }
  }
  // Not 1: fetch may open a second one before it takes the first back.
  expect(connections).toBeLessThan(5)
})

test('events of a type that this version does not know are passed over', async () => {
  const fetch = answerInChunks([
    frame({ seq: 1, type: 'turn.pondered', data: { for: 'long' } }),
    frame({ seq: 2, type: 'turn.cancelled', data: { reason: 'r', content: '' } }),
  ])
  expect(await readAll(createClient({ baseUrl, fetch }).stream('Hello'))).toMatchObject([{ seq: 2 }])
})

test('the events can be read only once', async () => {
  const turn = createClient({ baseUrl, fetch: answerInChunks([stream()]) }).stream('Hello')
  await readAll(turn)
  await expect(readAll(turn)).rejects.toThrow(TypeError)
})
