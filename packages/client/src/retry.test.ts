import { expect, onTestFinished, test, vi } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { answerInTurn, hang, refuse } from '../test/answer-in-turn.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { chatResponse, events, problem, session, stream, turn } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { problemHeaders, startServer } from '../test/start-server.js'
import { createClient } from './index.js'
import { wait as waitByTimer } from './wait.js'

const baseUrl = 'http://localhost'
const answer = async () => Response.json(chatResponse)

const problemOf =
  (status: number, more: object = {}, headers: Record<string, string> = {}) =>
  async () =>
    Response.json(
      { ...problem, status, code: 'overloaded', ...more },
      { status, headers: { ...problemHeaders(more), ...headers } },
    )

test('a chat that got no answer is sent again as it was, with its key', async () => {
  const recorded = recordWaits()
  const { fetch, requests } = answerInTurn(refuse, refuse, answer)
  const client = createClient({ baseUrl, fetch, ...recorded })
  expect(await client.send({ message: 'Hello', session_id: 'sess_1' })).toEqual(chatResponse)
  const sent = requests.map(({ method, url, headers, body }) => [
    method,
    url,
    headers.get('idempotency-key'),
    body,
  ])
  expect(sent).toEqual([sent[0], sent[0], sent[0]])
  expect(sent[0]?.[2]).toMatch(/^\d+-\d+-\d+-\d+$/)
  expect(recorded.waits).toEqual([500, 1_000])
})

test('a chat whose answer was cut off is sent again', async () => {
  let isFirst = true
  const { url, received } = await startServer((response) => {
    const text = JSON.stringify(chatResponse)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    if (isFirst) response.write(text.slice(0, 50), () => response.destroy())
    else response.end(text)
    isFirst = false
  })
  expect(await createClient({ baseUrl: url, ...recordWaits() }).send('Hello')).toEqual(chatResponse)
  expect(received).toHaveLength(2)
  expect(received[1]?.body).toBe(received[0]?.body)
})

test.each([408, 429, 502, 503, 504])('a chat that is answered with %i is sent again', async (status) => {
  const html = async () =>
    new Response('<h1>Sorry</h1>', { status, headers: { 'content-type': 'text/html' } })
  const { fetch, requests } = answerInTurn(html, problemOf(status), answer)
  expect(await createClient({ baseUrl, fetch, ...recordWaits() }).send('Hello')).toEqual(chatResponse)
  expect(requests).toHaveLength(3)
})

test.each([400, 401, 403, 404, 409, 413, 422, 500, 501])(
  'a chat that is answered with %i is not sent again',
  async (status) => {
    const { fetch, requests } = answerInTurn(problemOf(status), answer)
    const failure = failureOf(createClient({ baseUrl, fetch, ...recordWaits() }).send('Hello'))
    expect(await failure).toMatchObject({ status })
    expect(requests).toHaveLength(1)
  },
)

test.each([502, 503, 504])('a turn that failed with %i would fail with its key again', async (status) => {
  const { fetch, requests } = answerInTurn(problemOf(status, { turn_id: 'turn_1', content: '' }), answer)
  const failure = failureOf(createClient({ baseUrl, fetch, ...recordWaits() }).send('Hello'))
  expect(await failure).toMatchObject({ status, problem: { turn_id: 'turn_1' } })
  expect(requests).toHaveLength(1)
})

test('it fails as the last attempt does', async () => {
  const { fetch, requests } = answerInTurn(refuse, problemOf(502), problemOf(503, { code: 'not_ready' }))
  const failure = failureOf(createClient({ baseUrl, fetch, ...recordWaits() }).send('Hello'))
  expect(await failure).toMatchObject({ code: 'not_ready', status: 503 })
  expect(requests).toHaveLength(3)
})

test('the server is waited for as long as it asks, and not at all beyond a minute', async () => {
  const recorded = recordWaits()
  const patient = answerInTurn(
    problemOf(503, {}, { 'retry-after': '60' }),
    problemOf(503, { retry_after_seconds: 9 }),
    answer,
  )
  await createClient({ baseUrl, fetch: patient.fetch, ...recorded }).send('Hello')
  expect(recorded.waits).toEqual([60_000, 9_000])
  const { fetch } = answerInTurn(problemOf(503, {}, { 'retry-after': '61' }), answer)
  const failure = failureOf(createClient({ baseUrl, fetch, ...recorded }).send('Hello'))
  expect(await failure).toMatchObject({ retryAfter: 61 })
  expect(recorded.waits).toHaveLength(2)
})

test('how often it is sent again can be chosen, for the client and for the chat', async () => {
  const { fetch, requests } = answerInTurn(refuse)
  const client = createClient({ baseUrl, fetch, maxRetries: 4, ...recordWaits() })
  await failureOf(client.send('Hello'))
  expect(requests).toHaveLength(5)
  await failureOf(client.send('Hello', { maxRetries: 0 }))
  expect(requests).toHaveLength(6)
  await failureOf(readAll(client.stream('Hello', { maxRetries: 1 })))
  expect(requests).toHaveLength(8)
})

test('every other call is made again, too, and each that makes something has a key of its own', async () => {
  const answers: Record<string, unknown> = { POST: turn, GET: turn, PATCH: session }
  const { fetch, requests } = answerInTurn(refuse, problemOf(503), async (_, { method = '' }) =>
    method === 'DELETE'
      ? new Response(null, { status: 204 })
      : Response.json({ ...session, ...(answers[method] as object) }),
  )
  const client = () => {
    requests.length = 0
    return createClient({ baseUrl, fetch, ...recordWaits() }).session('sess_1')
  }
  const calls: readonly (() => Promise<unknown>)[] = [
    () => createClient({ baseUrl, fetch, ...recordWaits() }).sessions.create(),
    () => client().get(),
    () => client().update({ ttl_seconds: 60 }),
    () => client().delete(),
    () => client().turns.get('turn_1'),
    () => client().turns.cancel('turn_1'),
  ]
  for (const call of calls) {
    requests.length = 0
    await call()
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'))
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect(typeof keys[0]).toBe(requests[0]?.method === 'POST' ? 'string' : 'object')
  }
})

test('a deletion whose answer was lost is found done', async () => {
  const gone = problemOf(404)
  const { fetch } = answerInTurn(refuse, gone)
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  expect(await client.session('sess_1').delete()).toBeUndefined()
  const { fetch: first } = answerInTurn(gone)
  const failure = failureOf(createClient({ baseUrl, fetch: first }).session('sess_1').delete())
  expect(await failure).toMatchObject({ status: 404 })
})

test('a stream that does not begin is asked for again', async () => {
  const recorded = recordWaits()
  const { fetch, requests } = answerInTurn(refuse, problemOf(503), answerInChunks([stream()]))
  const turn = createClient({ baseUrl, fetch, ...recorded }).stream('Hello')
  expect(await turn.sessionId).toBe('sess_1')
  expect(await readAll(turn)).toEqual(events)
  expect(new Set(requests.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1)
  expect(recorded.waits).toEqual([500, 1_000])
})

test('an abort between two attempts ends it with an AbortError', async () => {
  const stop = new AbortController()
  const { fetch, requests } = answerInTurn(refuse)
  const wait = (_: number, signal: AbortSignal) => {
    queueMicrotask(() => stop.abort('enough'))
    return waitByTimer(3_600_000, signal)
  }
  const client = createClient({ baseUrl, fetch, wait })
  await expect(client.send('Hello', { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' })
  expect(requests).toHaveLength(1)
})

test('the time-out is over all attempts; when it ends a wait, what the server said is the error', async () => {
  const client = createClient({
    baseUrl,
    fetch: answerInTurn(problemOf(503, { code: 'not_ready' }, { 'retry-after': '60' })).fetch,
    timeout: 20,
  })
  expect(await failureOf(client.send('Hello'))).toMatchObject({ code: 'not_ready' })
  const slow = createClient({
    baseUrl,
    fetch: answerInTurn(refuse, hang).fetch,
    timeout: 20,
    ...recordWaits(),
  })
  expect(await failureOf(slow.send('Hello'))).toMatchObject({ code: 'timeout' })
})

test('each chat has a key of its own, also where randomUUID is missing', async () => {
  const { getRandomValues } = crypto
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) })
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  const { fetch, requests } = answerInTurn(answer)
  const client = createClient({ baseUrl, fetch })
  for (let chat = 0; chat < 20; chat += 1) await client.send('Hello')
  const keys = requests.map(({ headers }) => headers.get('idempotency-key'))
  expect(new Set(keys).size).toBe(20)
  for (const key of keys) expect(key).toMatch(/^\d+-\d+-\d+-\d+$/)
})

test('a key may be given', async () => {
  const { fetch, requests } = answerInTurn(answer)
  const client = createClient({ baseUrl, fetch })
  await client.send('Hello', { idempotencyKey: 'order-17' })
  expect(requests[0]?.headers.get('idempotency-key')).toBe('order-17')
})
