import { expect, onTestFinished, test } from 'vitest'
import { answerInTurn, hang, refuse } from '../test/answer-in-turn.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { chatResponse, events, problem, session, stream } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { streamHeaders } from '../test/start-server.js'
import { createClient } from './index.js'

const baseUrl = 'http://localhost'

/** A `fetch` that makes the sessions sess_1, sess_2 … and answers in them; keeps what was asked. */
function talkative() {
  let made = 0
  return answerInTurn(async (url, { body }) => {
    if (url.endsWith('/sessions')) {
      made += 1
      return Response.json({ ...session, session_id: `sess_${made}` })
    }
    const asked = JSON.parse(body as string) as { session_id: string; stream: boolean }
    return asked.stream
      ? new Response(stream(), { headers: streamHeaders })
      : Response.json({ ...chatResponse, session_id: asked.session_id })
  })
}

/** What was asked, as path and body. */
function saidIn(requests: ReturnType<typeof talkative>['requests']) {
  return requests.map(({ url, body }) => [url.replace(`${baseUrl}/api/v1`, ''), JSON.parse(body as string)])
}

test('the first message makes the session, and the others stay in it', async () => {
  const { fetch, requests } = talkative()
  const conversation = createClient({ baseUrl, fetch }).conversation()
  expect(conversation.sessionId).toBeUndefined()
  expect(requests).toEqual([])
  expect(await conversation.send('One')).toMatchObject({ session_id: 'sess_1' })
  expect(conversation.sessionId).toBe('sess_1')
  expect(await conversation.send({ message: 'Two', on_busy: 'queue' })).toMatchObject({
    session_id: 'sess_1',
  })
  expect(await readAll(conversation.stream('Three'))).toEqual(events)
  expect(saidIn(requests)).toEqual([
    ['/sessions', {}],
    ['/chat', { message: 'One', session_id: 'sess_1', stream: false }],
    ['/chat', { message: 'Two', on_busy: 'queue', session_id: 'sess_1', stream: false }],
    ['/chat', { message: 'Three', session_id: 'sess_1', stream: true }],
  ])
})

test('how its session is made can be said', async () => {
  const { fetch, requests } = talkative()
  const request = { chat: 'help', ttl_seconds: 60, metadata: { shop: 'north' } }
  await createClient({ baseUrl, fetch }).conversation(request).send('One')
  expect(saidIn(requests)[0]).toEqual(['/sessions', request])
})

test('it goes on in a session that there is, and makes none', async () => {
  const { fetch, requests } = talkative()
  const conversation = createClient({ baseUrl, fetch }).conversation({ session_id: 'sess_9' })
  expect(conversation.sessionId).toBe('sess_9')
  await conversation.send('One')
  expect(saidIn(requests)).toEqual([['/chat', { message: 'One', session_id: 'sess_9', stream: false }]])
})

test('two first messages at once get into the same session', async () => {
  const { fetch, requests } = talkative()
  const conversation = createClient({ baseUrl, fetch }).conversation()
  const turn = conversation.stream('One')
  expect(await conversation.send('Two')).toMatchObject({ session_id: 'sess_1' })
  expect(await readAll(turn)).toEqual(events)
  expect(saidIn(requests).map(([path, body]) => [path, body.session_id])).toEqual([
    ['/sessions', undefined],
    ['/chat', 'sess_1'],
    ['/chat', 'sess_1'],
  ])
})

test('each conversation has a session of its own', async () => {
  const { fetch } = talkative()
  const client = createClient({ baseUrl, fetch })
  const conversations = [client.conversation(), client.conversation()]
  for (const conversation of conversations) await conversation.send('One')
  expect(conversations.map(({ sessionId }) => sessionId)).toEqual(['sess_1', 'sess_2'])
})

test('a session that cannot be made is the failure of the message, and the next one tries again', async () => {
  const { fetch: answer, requests } = talkative()
  let isFull = true
  const fetch = async (url: string, init: RequestInit) =>
    isFull && url.endsWith('/sessions')
      ? Response.json({ ...problem, code: 'session_capacity_reached' }, { status: 503 })
      : answer(url, init)
  const conversation = createClient({ baseUrl, fetch, maxRetries: 0, ...recordWaits() }).conversation()
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => {
    process.off('unhandledRejection', note)
  })
  expect(await failureOf(conversation.send('One'))).toMatchObject({ code: 'session_capacity_reached' })
  expect(await failureOf(readAll(conversation.stream('One')))).toMatchObject({
    code: 'session_capacity_reached',
  })
  expect(conversation.sessionId).toBeUndefined()
  expect(requests).toEqual([])
  isFull = false
  expect(await conversation.send('One')).toMatchObject({ session_id: 'sess_1' })
  await new Promise((resolve) => setImmediate(resolve)) // unhandled rejections are told of after the microtasks
  expect(unhandled).toEqual([])
})

test('a chat that fails leaves the session, and is told of with its own error', async () => {
  const { fetch: answer } = talkative()
  const fetch = async (url: string, init: RequestInit) =>
    url.endsWith('/chat') ? refuse(url, init) : answer(url, init)
  const conversation = createClient({ baseUrl, fetch, ...recordWaits() }).conversation()
  expect(await failureOf(conversation.send('One'))).toMatchObject({ code: 'network_error' })
  expect(conversation.sessionId).toBe('sess_1')
})

test('a message under an aborted signal is not sent', async () => {
  const { fetch, requests } = talkative()
  const conversation = createClient({ baseUrl, fetch }).conversation()
  const signal = AbortSignal.abort()
  await expect(conversation.send('One', { signal })).rejects.toMatchObject({ name: 'AbortError' })
  expect(requests.filter(({ url }) => url.endsWith('/chat'))).toEqual([])
})

test('a message that waits for its session is stopped by its own signal and time-out', async () => {
  const conversation = createClient({ baseUrl, fetch: hang, timeout: Infinity, maxRetries: 0 }).conversation()
  const stop = new AbortController()
  const stopped = conversation.send('One', { signal: stop.signal })
  const left = readAll(conversation.stream('Two', { signal: stop.signal }))
  stop.abort()
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
  await expect(left).rejects.toMatchObject({ name: 'AbortError' })
  expect(await failureOf(conversation.send('Three', { timeout: 1 }))).toMatchObject({ code: 'timeout' })
})

test('one message that is stopped does not stop another that waits for the same session', async () => {
  const { fetch, requests } = talkative()
  const conversation = createClient({ baseUrl, fetch }).conversation()
  const stop = new AbortController()
  const stopped = conversation.send('One', { signal: stop.signal })
  const other = conversation.send('Two')
  stop.abort()
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
  expect(await other).toMatchObject({ session_id: 'sess_1' })
  expect(saidIn(requests).map(([path]) => path)).toEqual(['/sessions', '/chat'])
})

test('a session that could not be made is tried again as often as its message, and asked for each time', async () => {
  const { fetch: answer, requests } = talkative()
  const full = Response.json({ ...problem, status: 503 }, { status: 503 })
  let refusals = 2
  const fetch = async (url: string, init: RequestInit) =>
    url.endsWith('/sessions') && refusals-- > 0 ? full.clone() : answer(url, init)
  const { waits, ...waiting } = recordWaits()
  const conversation = createClient({ baseUrl, fetch, ...waiting }).conversation()
  expect(await conversation.send('One')).toMatchObject({ session_id: 'sess_1' })
  expect(waits).toHaveLength(2)
  expect(requests).toHaveLength(2)
  refusals = Infinity
  const another = createClient({ baseUrl, fetch, ...waiting }).conversation()
  await failureOf(another.send('One', { maxRetries: 1 }))
  expect(waits).toHaveLength(3)
})

test('the headers of the first message go with the making of its session', async () => {
  const { fetch, requests } = talkative()
  await createClient({ baseUrl, fetch })
    .conversation()
    .send('One', { headers: { 'x-user': 'mara' } })
  expect(requests.map(({ headers }) => new Headers(headers).get('x-user'))).toEqual(['mara', 'mara'])
})

test('a message with a wrong option makes no session', async () => {
  const { fetch, requests } = talkative()
  const conversation = createClient({ baseUrl, fetch }).conversation()
  await expect(conversation.send('One', { timeout: -1 })).rejects.toThrow(RangeError)
  expect(() => conversation.stream('One', { timeout: -1 })).toThrow(RangeError)
  expect(requests).toEqual([])
})
