import { once } from 'node:events'
import { expect, test } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { events, frame, problem, stream } from '../test/recorded.js'
import { sendJson, startServer, streamHeaders } from '../test/start-server.js'
import { createClient } from './index.js'

const delta = { seq: 1, type: 'text.delta', data: { text: 'Hello' } }

function streamOf(...chunks: string[]) {
  const fetch = answerInChunks(chunks)
  return createClient({ baseUrl: 'http://localhost', fetch, maxReconnects: 0 }).stream('Hello')
}

test('a problem before the turn starts is thrown, also by the ids', async () => {
  const { url } = await startServer((response) => sendJson(response, problem, 422))
  const turn = createClient({ baseUrl: url }).stream('Hello')
  const expected = { code: 'validation_failed', status: 422, requestId: 'req_7', errors: problem.errors }
  expect(await failureOf(readAll(turn))).toMatchObject(expected)
  expect(await failureOf(turn.sessionId)).toMatchObject(expected)
})

test('an answer that is no event stream is an unexpected response', async () => {
  const { url } = await startServer((response) => sendJson(response, { hello: true }))
  const failure = failureOf(readAll(createClient({ baseUrl: url }).stream('Hello')))
  expect(await failure).toMatchObject({ code: 'unexpected_response', status: 200 })
})

test('the connection of an answer that is no event stream is closed', async () => {
  let closed: Promise<unknown> | undefined
  const { url } = await startServer((response) => {
    closed = once(response, 'close')
    response.writeHead(200, { 'content-type': 'text/plain' }).write('data: never ends')
  })
  const failure = failureOf(readAll(createClient({ baseUrl: url }).stream('Hello')))
  expect(await failure).toMatchObject({ code: 'unexpected_response' })
  await closed
})

test('a chat that is answered with nothing at all has an unexpected response', async () => {
  const { url } = await startServer((response) => response.writeHead(204).end())
  const failure = failureOf(readAll(createClient({ baseUrl: url }).stream('Hello')))
  expect(await failure).toMatchObject({ code: 'unexpected_response', status: 204 })
})

test('a stream nobody reads fails without an unhandled rejection', async () => {
  const { url } = await startServer((response) => response.destroy())
  const turn = createClient({ baseUrl: url, maxRetries: 0 }).stream('Hello')
  expect(await failureOf(turn.turnId)).toMatchObject({ code: 'network_error' })
})

test('a connection that is cut in the middle of a stream breaks it off, after the events that came', async () => {
  const { url } = await startServer((response) => {
    const text = stream(events.slice(0, 3))
    response.writeHead(200, streamHeaders).write(text.slice(0, -10), () => response.destroy())
  })
  const seen: number[] = []
  const reading = async () => {
    const client = createClient({ baseUrl: url, maxReconnects: 0 })
    for await (const event of client.stream('Hello')) seen.push(event.seq)
  }
  const error = await failureOf(reading())
  expect(error).toMatchObject({ code: 'network_error', status: 0, lastEventId: 2 })
  expect(error.cause).toBeInstanceOf(Error)
  expect(seen).toEqual([1, 2])
})

test('a stream that ends in good order but before its final event is broken off, too', async () => {
  expect(await failureOf(readAll(streamOf(stream(events.slice(0, 6)))))).toMatchObject({
    code: 'network_error',
  })
})

test('a final event without its blank line is no event', async () => {
  expect(await failureOf(readAll(streamOf(stream().slice(0, -1))))).toMatchObject({ code: 'network_error' })
})

test.each([
  ['is not JSON', frame(delta).replace('{', '[')],
  ['lacks a field', frame({ ...delta, data: {} })],
  ['has a field of another type', frame({ ...delta, data: { text: 1 } })],
  ['has null as data', frame({ ...delta, data: null })],
  ['has no number', frame(delta).replace(/id.*\n/, '')],
  ['has a number that is none', frame(delta).replace('id: 1', 'id: one')],
  ['has the number 0', frame({ ...delta, seq: 0 })],
  ['is the first and has the number 2', frame({ ...delta, seq: 2 })],
  ['has the number of the one before', frame(delta) + frame(delta)],
  ['leaves a gap in the numbers', frame(delta) + frame({ ...delta, seq: 3 })],
])('an event that %s is an invalid response', async (_, text) => {
  const error = await failureOf(readAll(streamOf(text)))
  expect(error).toMatchObject({ code: 'invalid_response', status: 200, requestId: 'req_1' })
  expect(String(error)).not.toContain('Hello')
})

test('an event longer than the bound is an invalid response', async () => {
  const long = frame({ ...delta, data: { text: 'x'.repeat(8_388_608) } })
  expect(await failureOf(readAll(streamOf(long)))).toMatchObject({ code: 'invalid_response' })
})

test('the bound on an event can be chosen', async () => {
  const fetch = answerInChunks([stream()])
  const client = createClient({ baseUrl: 'http://localhost', fetch, maxEventLength: 20 })
  expect(await failureOf(readAll(client.stream('Hello')))).toMatchObject({ code: 'invalid_response' })
  expect(() => createClient({ baseUrl: 'http://localhost', maxEventLength: -1 })).toThrow(RangeError)
})

test('headers that a page may not see fail the ids, not the events', async () => {
  const fetch = async () => new Response(stream(), { headers: { 'content-type': 'text/event-stream' } })
  const turn = createClient({ baseUrl: 'http://localhost', fetch }).stream('Hello')
  expect(await readAll(turn)).toEqual(events)
  expect(await failureOf(turn.sessionId)).toMatchObject({ code: 'invalid_response' })
})
