import { once } from 'node:events'
import { expect, test } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { answerInTurn, hang, refuse } from '../test/answer-in-turn.js'
import { afterOf, breakingFetch, bytesBehind, lengthOf, startBreakingServer } from '../test/broken-streams.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { events, frame, problem, stream } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { startServer, streamHeaders } from '../test/start-server.js'
import { createClient, type TurnEvent } from './index.js'
import { wait as waitByTimer } from './wait.js'

const baseUrl = 'http://localhost'
const problemOf =
  (status: number, code: string, headers: Record<string, string> = {}) =>
  async () =>
    Response.json(
      { ...problem, status, code },
      { status, headers: { 'x-request-id': problem.request_id, ...headers } },
    )

/** Reads a stream that fails: what came before, and the error. */
async function readToFailure(turn: AsyncIterable<TurnEvent>) {
  const seen: number[] = []
  const reading = async () => {
    for await (const { seq } of turn) seen.push(seq)
  }
  return { error: await failureOf(reading()), seen }
}

test('it is taken up at the events of its turn, behind the last whole one, with the headers of the call', async () => {
  const { url, received } = await startBreakingServer((connection) =>
    connection === 0 ? lengthOf(3) + 20 : undefined,
  )
  const client = createClient({ baseUrl: url, headers: { Authorization: 'Bearer a' }, ...recordWaits() })
  const turn = client.stream('Hello', { headers: { 'X-Shop': 'north' } })
  expect(await readAll(turn)).toEqual(events)
  expect(await turn.turnId).toBe('turn_1')
  expect(received).toMatchObject([
    { method: 'POST', url: '/api/v1/chat' },
    {
      method: 'GET',
      url: '/api/v1/sessions/sess_1/turns/turn_1/events',
      headers: {
        'last-event-id': '3',
        accept: 'text/event-stream;final=brief',
        authorization: 'Bearer a',
        'x-shop': 'north',
      },
      body: '',
    },
  ])
  expect(received[1]?.headers).not.toHaveProperty('idempotency-key')
})

test('a named turn whose stream broke before its first event is read from the first, and not asked for again', async () => {
  const { fetch, requests } = breakingFetch((connection) => (connection === 0 ? 0 : undefined))
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  expect(await readAll(client.stream('Hello'))).toEqual(events)
  expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET'])
  expect(requests[1]?.headers.has('last-event-id')).toBe(false)
})

const unnamed = { 'content-type': 'text/event-stream' }

test('a turn without a name whose stream broke before its first event is asked for again, with the same key', async () => {
  const { fetch, requests } = breakingFetch((connection) => (connection < 2 ? 0 : undefined), {
    headers: unnamed,
  })
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  expect(await readAll(client.stream('Hello'))).toEqual(events)
  const sent = requests.map(({ method, headers, body }) => [method, headers.get('idempotency-key'), body])
  expect(sent).toHaveLength(3)
  expect(sent).toEqual([sent[0], sent[0], sent[0]])
  expect(sent[0]?.[1]).toMatch(/^\d+-\d+-\d+-\d+$/)
})

test('a turn that its first event names needs no headers', async () => {
  const { fetch, requests } = breakingFetch((connection) => (connection === 0 ? lengthOf(1) : undefined), {
    headers: unnamed,
  })
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  expect(await readAll(client.stream('Hello'))).toEqual(events)
  expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET'])
})

test('a turn without a name that has been seen is not asked for again', async () => {
  const queued = frame({ seq: 1, type: 'turn.queued', data: { position: 1 } })
  const answer = async () => new Response((await answerInChunks([queued])()).body, { headers: unnamed })
  const { fetch, requests } = answerInTurn(answer)
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  const { error } = await readToFailure(client.stream('Hello'))
  expect(error).toMatchObject({ code: 'network_error', lastEventId: 1 })
  expect(requests).toHaveLength(1)
})

test('each attempt in a row waits twice as long, from what the stream says on, and an event starts it anew', async () => {
  const recorded = recordWaits()
  const retry = (text: string) => `retry: 300\n${text}`
  const { fetch } = answerInTurn(
    answerInChunks([retry(events.slice(0, 1).map(frame).join(''))]),
    refuse,
    refuse,
    answerInChunks([]),
    answerInChunks([events.slice(1, 2).map(frame).join('')]),
    refuse,
    answerInChunks([events.slice(2).map(frame).join('')]),
  )
  const client = createClient({ baseUrl, fetch, ...recorded })
  expect(await readAll(client.stream('Hello'))).toEqual(events)
  expect(recorded.waits).toEqual([300, 600, 1_200, 2_400, 300, 600])
})

test('it waits as long as an answer asks for, and a second where nobody asks for anything', async () => {
  const recorded = recordWaits()
  const { fetch } = answerInTurn(
    answerInChunks([]),
    problemOf(503, 'not_ready', { 'retry-after': '7' }),
    problemOf(429, 'rate_limited'),
    answerInChunks([stream()]),
  )
  expect(await readAll(createClient({ baseUrl, fetch, ...recorded }).stream('Hello'))).toHaveLength(
    events.length,
  )
  expect(recorded.waits).toEqual([1_000, 7_000, 4_000])
})

test('it gives up after so many attempts without an event, with what it had', async () => {
  const { fetch, requests } = answerInTurn(answerInChunks([stream(events.slice(0, 2))]), async () => {
    throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })
  })
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  const { error, seen } = await readToFailure(client.stream('my secret'))
  expect(seen).toEqual([1, 2])
  expect(error).toMatchObject({
    code: 'network_error',
    status: 0,
    lastEventId: 2,
    cause: { message: 'fetch failed', cause: { message: 'ECONNREFUSED' } },
  })
  expect(requests).toHaveLength(11)
})

test('connections that bring no event count, and so do passing problems', async () => {
  const { fetch, requests } = answerInTurn(
    answerInChunks([stream(events.slice(0, 2))]),
    answerInChunks([]),
    problemOf(502, 'unexpected'),
    problemOf(503, 'shutting_down'),
  )
  const client = createClient({ baseUrl, fetch, maxReconnects: 3, ...recordWaits() })
  const { error } = await readToFailure(client.stream('Hello'))
  expect(error).toMatchObject({ code: 'shutting_down', lastEventId: 2 })
  expect(requests).toHaveLength(4)
})

test('without attempts a broken stream is an error at once', async () => {
  const recorded = recordWaits()
  const { fetch } = answerInTurn(answerInChunks([]))
  const client = createClient({ baseUrl, fetch, ...recorded })
  const { error } = await readToFailure(client.stream('Hello', { maxReconnects: 0 }))
  expect(error).toMatchObject({ code: 'network_error', lastEventId: 0 })
  expect(recorded.waits).toEqual([])
})

test.each([-1, Number.NaN])('%d attempts are refused', (maxReconnects) => {
  expect(() => createClient({ baseUrl, maxReconnects })).toThrow(RangeError)
  const client = createClient({ baseUrl, fetch: answerInChunks([]) })
  expect(() => client.stream('Hello', { maxReconnects })).toThrow(RangeError)
})

test.each([
  [404, 'session_not_found', {}],
  [404, 'turn_not_found', {}],
  [400, 'invalid_cursor', {}],
  [401, 'unauthenticated', {}],
  [500, 'internal_error', {}],
  [503, 'shutting_down', { 'retry-after': '61' }],
])(
  'a %i, %s, on the way is an error with what it had, and not tried again',
  async (status, code, headers) => {
    const { fetch, requests } = answerInTurn(
      answerInChunks([stream(events.slice(0, 2))]),
      problemOf(status, code, headers),
    )
    const client = createClient({ baseUrl, fetch, ...recordWaits() })
    const { error, seen } = await readToFailure(client.stream('Hello'))
    expect(error).toMatchObject({
      code,
      status,
      detail: problem.detail,
      requestId: 'req_7',
      errors: problem.errors,
      problem: { ...problem, status, code },
      lastEventId: 2,
      retryAfter: 'retry-after' in headers ? 61 : undefined,
    })
    expect(error.message).toBe(`${problem.detail} (${code}, ${status}, req_7)`)
    expect(seen).toEqual([1, 2])
    expect(requests).toHaveLength(2)
  },
)

test('a page of a proxy on the way is an error with what the stream had', async () => {
  const { fetch } = answerInTurn(
    answerInChunks([stream(events.slice(0, 2))]),
    async () => new Response('<h1>Sorry</h1>', { headers: { 'content-type': 'text/html' } }),
  )
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  const { error } = await readToFailure(client.stream('Hello'))
  expect(error).toMatchObject({ code: 'unexpected_response', status: 200, lastEventId: 2 })
})

test('a 204 says that nothing more comes', async () => {
  const { fetch } = answerInTurn(
    answerInChunks([
      stream(events.slice(0, 2)) + frame({ seq: 3, type: 'turn.dissolved', data: { into: 'air' } }),
    ]),
    async () => new Response(null, { status: 204 }),
  )
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  expect(await readAll(client.stream('Hello'))).toEqual(events.slice(0, 2))
})

test.each([
  ['begins again', stream()],
  ['leaves one out', stream(events.slice(3))],
])('a server that %s is an invalid response', async (_, text) => {
  const { fetch } = answerInTurn(answerInChunks([stream(events.slice(0, 2))]), answerInChunks([text]))
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  const { error, seen } = await readToFailure(client.stream('Hello'))
  expect(error).toMatchObject({ code: 'invalid_response', lastEventId: 2 })
  expect(seen).toEqual([1, 2])
})

test('a server that is started anew meanwhile is found again', async () => {
  const answer: Parameters<typeof startServer>[0] = (response, request) => {
    const after = afterOf(request)
    response.writeHead(200, streamHeaders).write(bytesBehind(after).subarray(0, lengthOf(3)))
    if (after > 0) response.end(bytesBehind(after).subarray(lengthOf(3)))
  }
  const first = await startServer(answer)
  let attempts = 0
  let second: typeof first | undefined
  const client = createClient({
    baseUrl: first.url,
    wait: async () => {
      attempts += 1
      if (attempts === 4) second = await startServer(answer, Number(new URL(first.url).port))
    },
  })
  const seen: TurnEvent[] = []
  for await (const event of client.stream('Hello')) {
    seen.push(event)
    if (event.seq !== 3 || second !== undefined) continue
    const closed = once(first.http, 'close')
    first.http.close()
    first.http.closeAllConnections()
    await closed
  }
  expect(seen).toEqual(events)
  expect(attempts).toBe(4)
  expect(second?.received).toMatchObject([{ method: 'GET', headers: { 'last-event-id': '3' } }])
})

test('an abort while it waits ends it at once', async () => {
  const stop = new AbortController()
  const reason = new Error('No longer wanted')
  const client = createClient({
    baseUrl,
    fetch: answerInChunks([`retry: 3600000\n${stream(events.slice(0, 1))}`]),
    wait: (ms, signal) => {
      queueMicrotask(() => stop.abort(reason))
      return waitByTimer(ms, signal)
    },
  })
  await expect(readAll(client.stream('Hello', { signal: stop.signal }))).rejects.toMatchObject({
    name: 'AbortError',
  })
})

test('an abort before a stream breaks off is why it ends, also without further attempts', async () => {
  const stop = new AbortController()
  const { fetch } = answerInTurn(answerInChunks([stream(events.slice(0, 1))]))
  const turn = createClient({ baseUrl, fetch, maxReconnects: 0 }).stream('Hello', { signal: stop.signal })
  const reading = async () => {
    for await (const _ of turn) stop.abort('enough')
  }
  await expect(reading()).rejects.toMatchObject({ name: 'AbortError' })
})

test('an abort that a wait of the caller does not heed is heeded after it', async () => {
  const stop = new AbortController()
  const { fetch, requests } = answerInTurn(answerInChunks([]))
  const client = createClient({ baseUrl, fetch, wait: async () => stop.abort('enough') })
  await expect(readAll(client.stream('Hello', { signal: stop.signal }))).rejects.toMatchObject({
    name: 'AbortError',
  })
  expect(requests).toHaveLength(1)
})

test('an abort while it connects again leaves the server', async () => {
  const stop = new AbortController()
  let closed: Promise<unknown> | undefined
  const { url } = await startServer((response, { method }) => {
    if (method === 'POST') {
      response.writeHead(200, streamHeaders).end(stream(events.slice(0, 1)))
      return
    }
    closed = once(response, 'close')
    stop.abort('enough')
  })
  const client = createClient({ baseUrl: url, ...recordWaits() })
  await expect(readAll(client.stream('Hello', { signal: stop.signal }))).rejects.toMatchObject({
    name: 'AbortError',
  })
  await closed
})

test('leaving the loop closes the connection that was made again', async () => {
  let closed: Promise<unknown> | undefined
  const { url } = await startServer((response, request) => {
    const after = afterOf(request)
    response.writeHead(200, streamHeaders)
    if (request.method === 'POST') response.end(stream(events.slice(0, 1)))
    else response.write(stream(events.slice(after, after + 1)))
    closed = once(response, 'close')
  })
  const seen: number[] = []
  for await (const { seq } of createClient({ baseUrl: url, ...recordWaits() }).stream('Hello')) {
    seen.push(seq)
    if (seq === 2) break
  }
  expect(seen).toEqual([1, 2])
  await closed
})

test('a connection that is not answered in time is one attempt of many', async () => {
  const { fetch, requests } = answerInTurn(
    answerInChunks([stream(events.slice(0, 2))]),
    hang,
    answerInChunks([stream(events.slice(2))]),
  )
  const client = createClient({ baseUrl, fetch, timeout: 20, ...recordWaits() })
  expect(await readAll(client.stream('Hello'))).toEqual(events)
  expect(requests).toHaveLength(3)
})

test('nothing is left on a signal after a stream that was taken up again', async () => {
  const { fetch } = breakingFetch((connection) => (connection < 5 ? 25 * connection : undefined))
  const { signal } = new AbortController()
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1
    remove(...args)
  }
  const client = createClient({
    baseUrl,
    fetch,
    random: () => 0,
    wait: (_, signal) => waitByTimer(0, signal),
  })
  expect(await readAll(client.stream('Hello', { signal }))).toEqual(events)
  expect(listeners).toBe(0)
})
