import { expect, test } from 'vitest'
import { answerInTurn } from '../test/answer-in-turn.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { chatResponse, events, problem, session, stream, turn } from '../test/recorded.js'
import { streamHeaders } from '../test/start-server.js'
import { createClient } from './index.js'

const baseUrl = 'http://localhost'

/** A `fetch` of a server with one session and one turn in it; keeps what was asked. */
function server() {
  return answerInTurn(async (url, { method, body }) => {
    if (method === 'DELETE') return new Response(null, { status: 204 })
    if (url.endsWith('/events') || (body as string | undefined)?.includes('"stream":true'))
      return new Response(stream(), { headers: streamHeaders })
    if (url.endsWith('/chat')) return Response.json(chatResponse)
    if (/\/(turns|messages)$/.test(url)) return Response.json({ data: [turn], next_cursor: null })
    return Response.json(/turn_1/.test(url) ? turn : session)
  })
}

/** The requests, such as `GET /sessions`. */
function askedIn(requests: ReturnType<typeof server>['requests']) {
  return requests.map(({ method, url }) => `${method} ${url.replace(`${baseUrl}/api/v1`, '')}`)
}

test('a handle is made without asking, and does everything below its session', async () => {
  const { fetch, requests } = server()
  const handle = createClient({ baseUrl, fetch }).session('sess_1')
  expect(handle.session_id).toBe('sess_1')
  expect(requests).toEqual([])
  expect(await handle.send('One')).toEqual(chatResponse)
  expect(await readAll(handle.stream({ message: 'Two', on_busy: 'queue' }))).toEqual(events)
  expect(await readAll(handle.messages())).toEqual([turn])
  expect(await handle.get()).toEqual(session)
  expect(await handle.update({ ttl_seconds: 60 })).toEqual(session)
  expect(await handle.turns.list()).toEqual({ data: [turn], next_cursor: null })
  expect(await handle.turns.get('turn_1')).toEqual(turn)
  expect(await readAll(handle.turns.events('turn_1'))).toEqual(events)
  expect(await handle.turns.cancel('turn_1')).toEqual(turn)
  expect(await handle.delete()).toBeUndefined()
  expect(askedIn(requests)).toEqual([
    'POST /chat',
    'POST /chat',
    'GET /sessions/sess_1/messages',
    'GET /sessions/sess_1',
    'PATCH /sessions/sess_1',
    'GET /sessions/sess_1/turns',
    'GET /sessions/sess_1/turns/turn_1',
    'GET /sessions/sess_1/turns/turn_1/events',
    'POST /sessions/sess_1/turns/turn_1/cancel',
    'DELETE /sessions/sess_1',
  ])
  const said = requests.slice(0, 2).map(({ body }) => JSON.parse(body as string) as unknown)
  expect(said).toEqual([
    { message: 'One', session_id: 'sess_1', stream: false },
    { message: 'Two', on_busy: 'queue', session_id: 'sess_1', stream: true },
  ])
})

test('what is said in it cannot name another session', async () => {
  const { fetch, requests } = server()
  const request = { message: 'One', session_id: 'sess_2' }
  await createClient({ baseUrl, fetch }).session('sess_1').send(request)
  expect(JSON.parse(requests[0]?.body as string)).toMatchObject({ session_id: 'sess_1' })
})

test.each(['create', 'get', 'session.get', 'session.update'])(
  'what %s gives has the fields of the session, and its methods',
  async (call) => {
    const { fetch, requests } = server()
    const client = createClient({ baseUrl, fetch })
    const calls = {
      create: () => client.sessions.create(),
      get: () => client.sessions.get('sess_1'),
      'session.get': () => client.session('sess_1').get(),
      'session.update': () => client.session('sess_1').update({}),
    }
    const read = await calls[call as keyof typeof calls]()
    expect(read.message_count).toBe(2)
    await read.send('One')
    await read.get()
    expect(await readAll(read.turns.events('turn_1'))).toEqual(events)
    expect(askedIn(requests).slice(1)).toEqual([
      'POST /chat',
      'GET /sessions/sess_1',
      'GET /sessions/sess_1/turns/turn_1/events',
    ])
  },
)

test('printed, sent on, copied and compared, a session that was read is its fields alone', async () => {
  const read = await createClient({ baseUrl, fetch: server().fetch }).sessions.get('sess_1')
  expect(JSON.parse(JSON.stringify(read))).toEqual(session)
  expect({ ...read }).toEqual(session)
  expect(Object.keys(read).toSorted()).toEqual(Object.keys(session).toSorted())
  expect(structuredClone(read)).toEqual(session)
})

test('its methods need no object before them', async () => {
  const handle: Record<'send' | 'get', unknown> = createClient({ baseUrl, fetch: server().fetch }).session(
    'sess_1',
  )
  const { send, get } = handle as Record<'send' | 'get', (message?: string) => Promise<unknown>>
  expect(await send('One')).toEqual(chatResponse)
  expect(await get()).toEqual(session)
})

test('a session that is gone is told of by each of its calls', async () => {
  const gone = async () =>
    Response.json({ ...problem, status: 404, code: 'session_not_found' }, { status: 404 })
  const handle = createClient({ baseUrl, fetch: gone }).session('sess_1')
  const calls = [
    () => handle.send('One'),
    () => readAll(handle.stream('One')),
    () => readAll(handle.messages()),
    () => handle.get(),
    () => handle.update({}),
    () => handle.delete(),
    () => handle.turns.list(),
    () => handle.turns.get('turn_1'),
    () => readAll(handle.turns.events('turn_1')),
    () => handle.turns.cancel('turn_1'),
  ]
  for (const call of calls) {
    expect(await failureOf(call())).toMatchObject({ name: 'NotFoundError', code: 'session_not_found' })
  }
})
