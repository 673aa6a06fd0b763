import { expect, onTestFinished, test, vi } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { answerInTurn, hang, refuse } from '../test/answer-in-turn.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { chatResponse, events, problem, stream } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { startServer } from '../test/start-server.js'
import { createClient } from './index.js'
import { wait as waitByTimer } from './wait.js'

const baseUrl = 'http://localhost'
const answer = async () => Response.json(chatResponse)

const problemOf =
  (status: number, more: object = {}, headers: Record<string, string> = {}) =>
  async () =>
    Response.json({ ...problem, status, code: 'overloaded', ...more }, { status, headers })

test('a chat that got no answer is sent again as it was, with its key', async () => {
  const recorded = recordWaits()
  const { fetch, requests } = answerInTurn(refuse, refuse, answer)
  const client = createClient({ baseUrl, fetch, ...recorded })
  expect(await client.chat({ message: 'Hello', session_id: 'sess_1' })).toEqual(chatResponse)
  const sent = requests.map(({ method, url, headers, body }) => [
    method,
    url,
    headers.get('idempotency-key'),
    body,
  ])
  expect(sent).toEqual([sent[0], sent[0], sent[0]])
  expect(sent[0]?.[2]).toMatch(/^[0-9a-f]{32}$/)
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
  expect(await createClient({ baseUrl: url, ...recordWaits() }).chat('Hello')).toEqual(chatResponse)
  expect(received).toHaveLength(2)
  expect(received[1]?.body).toBe(received[0]?.body)
})

test.each([408, 429, 502, 503, 504])('a chat that is answered with %i is sent again', async (status) => {
  const html = async () =>
    new Response('<h1>Sorry</h1>', { status, headers: { 'content-type': 'text/html' } })
  const { fetch, requests } = answerInTurn(html, problemOf(status), answer)
  expect(await createClient({ baseUrl, fetch, ...recordWaits() }).chat('Hello')).toEqual(chatResponse)
  expect(requests).toHaveLength(3)
})

test.each([400, 401, 403, 404, 409, 413, 422, 500, 501])(
  'a chat that is answered with %i is not sent again',
  async (status) => {
    const { fetch, requests } = answerInTurn(problemOf(status), answer)
    const failure = failureOf(createClient({ baseUrl, fetch, ...recordWaits() }).chat('Hello'))
    expect(await failure).toMatchObject({ status })
    expect(requests).toHaveLength(1)
  },
)

test.each([502, 503, 504])('a turn that failed with %i would fail with its key again', async (status) => {
  const { fetch, requests } = answerInTurn(problemOf(status, { turn_id: 'turn_1', content: '' }), answer)
  const failure = failureOf(createClient({ baseUrl, fetch, ...recordWaits() }).chat('Hello'))
  expect(await failure).toMatchObject({ status, problem: { turn_id: 'turn_1' } })
  expect(requests).toHaveLength(1)
})

test('it fails as the last attempt does', async () => {
  const { fetch, requests } = answerInTurn(refuse, problemOf(502), problemOf(503, { code: 'not_ready' }))
  const failure = failureOf(createClient({ baseUrl, fetch, ...recordWaits() }).chat('Hello'))
  expect(await failure).toMatchObject({ code: 'not_ready', status: 503 })
  expect(requests).toHaveLength(3)
})

test('the server is waited for as long as it asks, and not at all beyond a minute', async () => {
  const recorded = recordWaits()
  const patient = answerInTurn(
    problemOf(503, {}, { 'retry-after': '60' }),
    problemOf(503, { retry_after_seconds: 0 }, { 'retry-after': '9' }),
    answer,
  )
  await createClient({ baseUrl, fetch: patient.fetch, ...recorded }).chat('Hello')
  expect(recorded.waits).toEqual([60_000, 1_000])
  const { fetch } = answerInTurn(problemOf(503, {}, { 'retry-after': '61' }), answer)
  const failure = failureOf(createClient({ baseUrl, fetch, ...recorded }).chat('Hello'))
  expect(await failure).toMatchObject({ retryAfterSeconds: 61 })
  expect(recorded.waits).toHaveLength(2)
})

test('how often it is sent again can be chosen, for the client and for the chat', async () => {
  const { fetch, requests } = answerInTurn(refuse)
  const client = createClient({ baseUrl, fetch, maxRetries: 4, ...recordWaits() })
  await failureOf(client.chat('Hello'))
  expect(requests).toHaveLength(5)
  await failureOf(client.chat('Hello', { maxRetries: 0 }))
  expect(requests).toHaveLength(6)
  await failureOf(readAll(client.streamChat('Hello', { maxRetries: 1 })))
  expect(requests).toHaveLength(8)
})

test.each([-1, 0.5, Number.NaN])('a number of %d is refused', async (maxRetries) => {
  const { fetch, requests } = answerInTurn(answer)
  expect(() => createClient({ baseUrl, maxRetries })).toThrow(RangeError)
  const client = createClient({ baseUrl, fetch })
  await expect(client.chat('Hello', { maxRetries })).rejects.toThrow(RangeError)
  expect(() => client.streamChat('Hello', { maxRetries })).toThrow(RangeError)
  expect(requests).toEqual([])
})

test('without a key nothing is sent twice', async () => {
  for (const failing of [refuse, problemOf(503)]) {
    const { fetch, requests } = answerInTurn(failing, answer)
    const client = createClient({ baseUrl, fetch, ...recordWaits() })
    await failureOf(client.chat('Hello', { idempotencyKey: null }))
    await failureOf(readAll(client.streamChat('Hello', { idempotencyKey: null, maxReconnects: 0 })))
    expect(requests).toHaveLength(2)
    expect(requests.map(({ headers }) => headers.has('idempotency-key'))).toEqual([false, false])
  }
})

test('no other call is sent twice', async () => {
  const { fetch, requests } = answerInTurn(refuse)
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  const ref = { session_id: 'sess_1', turn_id: 'turn_1' }
  const calls = [
    client.sessions.create(),
    client.sessions.get('sess_1'),
    client.sessions.delete('sess_1'),
    client.turns.get(ref),
    client.turns.cancel(ref),
    client.status(),
  ]
  for (const call of calls) expect(await failureOf(call)).toMatchObject({ code: 'network_error' })
  expect(requests).toHaveLength(calls.length)
})

test('a stream that does not begin is asked for again', async () => {
  const recorded = recordWaits()
  const { fetch, requests } = answerInTurn(refuse, problemOf(503), answerInChunks([stream()]))
  const turn = createClient({ baseUrl, fetch, ...recorded }).streamChat('Hello')
  expect(await turn.sessionId).toBe('sess_1')
  expect(await readAll(turn)).toEqual(events)
  expect(new Set(requests.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1)
  expect(recorded.waits).toEqual([500, 1_000])
})

test('an abort between two attempts ends it with the reason', async () => {
  const stop = new AbortController()
  const { fetch, requests } = answerInTurn(refuse)
  const wait = (_: number, signal: AbortSignal | undefined) => {
    queueMicrotask(() => stop.abort('enough'))
    return waitByTimer(3_600_000, signal)
  }
  const client = createClient({ baseUrl, fetch, wait })
  await expect(client.chat('Hello', { signal: stop.signal })).rejects.toBe('enough')
  expect(requests).toHaveLength(1)
})

test('the time-out is over all attempts; when it ends a wait, what the server said is the error', async () => {
  const client = createClient({
    baseUrl,
    fetch: answerInTurn(problemOf(503, { code: 'not_ready' }, { 'retry-after': '60' })).fetch,
    timeoutMs: 20,
  })
  expect(await failureOf(client.chat('Hello'))).toMatchObject({ code: 'not_ready' })
  const slow = createClient({
    baseUrl,
    fetch: answerInTurn(refuse, hang).fetch,
    timeoutMs: 20,
    ...recordWaits(),
  })
  expect(await failureOf(slow.chat('Hello'))).toMatchObject({ code: 'timeout' })
})

test('each chat has a key of its own, also where randomUUID is missing', async () => {
  const { getRandomValues } = crypto
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) })
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  const { fetch, requests } = answerInTurn(answer)
  const client = createClient({ baseUrl, fetch })
  for (let chat = 0; chat < 20; chat += 1) await client.chat('Hello')
  const keys = requests.map(({ headers }) => headers.get('idempotency-key'))
  expect(new Set(keys).size).toBe(20)
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/)
})

test('a key may be given, as an option or as a header', async () => {
  const { fetch, requests } = answerInTurn(answer)
  const client = createClient({ baseUrl, fetch })
  await client.chat('Hello', { headers: { 'idempotency-key': 'header' } })
  await client.chat('Hello', { headers: { 'Idempotency-Key': 'header' }, idempotencyKey: 'option' })
  await client.chat('Hello', { headers: { 'Idempotency-Key': 'header' }, idempotencyKey: null })
  expect(requests.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['header', 'option', null])
})

test('a key for every chat of a client is refused, since it would get them all the answer to the first', () => {
  expect(() => createClient({ baseUrl, headers: { 'idempotency-KEY': 'same' } })).toThrow(
    new TypeError(
      'headers must not have an Idempotency-Key, which names one chat; give it to the chat as idempotencyKey',
    ),
  )
})

test.each(['', 'two words', 'schlüssel', 'x'.repeat(256), 'a\nb'])(
  'the key %j is refused before anything is sent',
  async (idempotencyKey) => {
    const { fetch, requests } = answerInTurn(answer)
    const client = createClient({ baseUrl, fetch })
    await expect(client.chat('Hello', { idempotencyKey })).rejects.toThrow(/1 to 255 visible ASCII/)
    expect(() => client.streamChat('Hello', { idempotencyKey })).toThrow(TypeError)
    expect(requests).toEqual([])
  },
)
