import { expect, test } from 'vitest'
import { answerInTurn, hang, refuse } from '../test/answer-in-turn.js'
import { bytesBehind } from '../test/broken-streams.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { events, problem, stream, turn } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { sendJson, startServer, streamHeaders } from '../test/start-server.js'
import { createClient } from './index.js'

test('a page of turns is asked for as it is wanted', async () => {
  const page = { data: [turn], next_cursor: 'c2' }
  const { url, received } = await startServer((response) => sendJson(response, page))
  const { turns } = createClient({ baseUrl: url }).session('sess_1')
  expect(await turns.list()).toEqual(page)
  await turns.list({ order: 'desc', limit: 3, cursor: 'c 1' })
  expect(received.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /api/v1/sessions/sess_1/turns',
    'GET /api/v1/sessions/sess_1/turns?order=desc&limit=3&cursor=c+1',
  ])
})

test('a turn is read by its ids, which are escaped', async () => {
  const { url, received } = await startServer((response) => sendJson(response, turn))
  const client = createClient({ baseUrl: url })
  expect(await client.session('sess_1').turns.get('turn_1')).toEqual(turn)
  await client.session('a/b').turns.get('c?d')
  expect(received.map(({ url }) => url)).toEqual([
    '/api/v1/sessions/sess_1/turns/turn_1',
    '/api/v1/sessions/a%2Fb/turns/c%3Fd',
  ])
})

test('a turn is stopped, with a reason or without', async () => {
  const { url, received } = await startServer((response) => sendJson(response, turn, 202))
  const { turns } = createClient({ baseUrl: url }).session('sess_1')
  expect(await turns.cancel('turn_1')).toEqual(turn)
  await turns.cancel('turn_1', { reason: 'changed my mind' })
  expect(received.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /api/v1/sessions/sess_1/turns/turn_1/cancel',
    'POST /api/v1/sessions/sess_1/turns/turn_1/cancel',
  ])
  expect(received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{}, { reason: 'changed my mind' }])
})

test('a turn that has ended is no longer stopped', async () => {
  const answer = { ...problem, status: 409, code: 'turn_not_cancellable' }
  const { url } = await startServer((response) => sendJson(response, answer, 409))
  const failure = failureOf(createClient({ baseUrl: url }).session('sess_1').turns.cancel('turn_1'))
  expect(await failure).toMatchObject({ code: 'turn_not_cancellable', status: 409 })
})

test('a turn that lacks a field is an invalid response', async () => {
  const { status: _, ...rest } = turn
  const { url } = await startServer((response) => sendJson(response, rest))
  const failure = failureOf(createClient({ baseUrl: url }).session('sess_1').turns.get('turn_1'))
  expect(await failure).toMatchObject({ code: 'invalid_response' })
})

test.each(['', '.', '..'])('the id "%s", which would name another path, is refused', async (id) => {
  const client = createClient({ baseUrl: 'http://localhost' })
  expect(() => client.session(id)).toThrow(TypeError)
  const { turns } = client.session('sess_1')
  await expect(turns.get(id)).rejects.toThrow(TypeError)
  await expect(turns.cancel(id)).rejects.toThrow(TypeError)
  expect(() => turns.events(id)).toThrow(TypeError)
})

test('events are read from the first, or behind one, and anew each time', async () => {
  const { url, received } = await startServer((response, { headers }) =>
    response.writeHead(200, streamHeaders).end(bytesBehind(Number(headers['last-event-id'] ?? 0))),
  )
  const { turns } = createClient({ baseUrl: url }).session('sess_1')
  const all = turns.events('turn_1')
  expect(received).toEqual([])
  expect(await readAll(all)).toEqual(events)
  expect(await readAll(all)).toEqual(events)
  expect(await readAll(turns.events('turn_1', { after: 4 }))).toEqual(events.slice(4))
  expect(received.map(({ method, url }) => `${method} ${url}`)).toEqual(
    Array.from({ length: 3 }, () => 'GET /api/v1/sessions/sess_1/turns/turn_1/events'),
  )
  expect(received.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, undefined, '4'])
})

test('leaving while the first event is waited for ends that wait, and closes the connection', async () => {
  const asked = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const { url } = await startServer((response) => {
    response.once('close', () => closed.resolve())
    asked.resolve()
  })
  const { turns } = createClient({ baseUrl: url }).session('sess_1')
  const reader = turns.events('turn_1')[Symbol.asyncIterator]()
  const next = reader.next()
  await asked.promise
  await reader.return?.()
  await expect(next).rejects.toMatchObject({ name: 'AbortError' })
  await closed.promise
})

test('events behind the final one are none', async () => {
  const { url } = await startServer((response) => response.writeHead(204).end())
  expect(
    await readAll(createClient({ baseUrl: url }).session('sess_1').turns.events('turn_1', { after: 7 })),
  ).toEqual([])
})

test('a stream whose first attempts fail begins with a later one', async () => {
  const recorded = recordWaits()
  const { fetch } = answerInTurn(
    refuse,
    async () => Response.json({ ...problem, status: 503 }, { status: 503, headers: { 'retry-after': '5' } }),
    async () => new Response(stream(), { headers: streamHeaders }),
  )
  const { turns } = createClient({ baseUrl: 'http://localhost', fetch, ...recorded }).session('sess_1')
  expect(await readAll(turns.events('turn_1'))).toEqual(events)
  expect(recorded.waits).toEqual([500, 5_000])
})

test('one that never begins fails as the last attempt does', async () => {
  const { fetch, requests } = answerInTurn(refuse)
  const { turns } = createClient({ baseUrl: 'http://localhost', fetch, ...recordWaits() }).session('sess_1')
  expect(await failureOf(readAll(turns.events('turn_1', { maxReconnects: 3 })))).toMatchObject({
    code: 'network_error',
    detail: 'The connection failed.',
  })
  expect(requests).toHaveLength(4)
})

test('the time-out is over all attempts of a stream to begin', async () => {
  const recorded = recordWaits()
  const { fetch, requests } = answerInTurn(refuse, hang)
  const { turns } = createClient({ baseUrl: 'http://localhost', fetch, timeout: 20, ...recorded }).session(
    'sess_1',
  )
  expect(await failureOf(readAll(turns.events('turn_1')))).toMatchObject({
    code: 'timeout',
    detail: 'No answer within 20 ms.',
  })
  expect(requests).toHaveLength(2)
  expect(recorded.waits).toEqual([500])
})

test('when it ends a wait, what the server said is the error', async () => {
  const answer = { ...problem, status: 503, code: 'not_ready', retry_after_seconds: 60 }
  const { url } = await startServer((response) => sendJson(response, answer, 503))
  const failure = failureOf(
    readAll(createClient({ baseUrl: url, timeout: 100 }).session('sess_1').turns.events('turn_1')),
  )
  expect(await failure).toMatchObject({ code: 'not_ready' })
})

test('events of a turn that is gone are an error at once', async () => {
  const answer = { ...problem, status: 404, code: 'turn_not_found' }
  const { url, received } = await startServer((response) => sendJson(response, answer, 404))
  const failure = failureOf(readAll(createClient({ baseUrl: url }).session('sess_1').turns.events('turn_1')))
  expect(await failure).toMatchObject({ code: 'turn_not_found', status: 404 })
  expect(received).toHaveLength(1)
})

test('a call whose signal is aborted sends nothing', async () => {
  const { fetch, requests } = answerInTurn(refuse)
  const { turns } = createClient({ baseUrl: 'http://localhost', fetch }).session('sess_1')
  const signal = AbortSignal.abort('enough')
  await expect(readAll(turns.events('turn_1', { signal }))).rejects.toMatchObject({ name: 'AbortError' })
  await expect(turns.cancel('turn_1', { signal })).rejects.toMatchObject({ name: 'AbortError' })
  expect(requests).toEqual([])
})
