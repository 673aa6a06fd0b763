import { expect, test } from 'vitest'
import { session } from '../test/recorded.js'
import { sendJson, startServer } from '../test/start-server.js'
import { createClient } from './index.js'

const page = { data: [], next_cursor: 'c/2' }

test('a session is made with metadata and a life time', async () => {
  const { url, received } = await startServer((response) => sendJson(response, session, 201))
  const request = { metadata: { shop: 'north' }, ttl_seconds: 60 }
  expect(await createClient({ baseUrl: url }).sessions.create(request)).toEqual(session)
  expect(received).toMatchObject([
    { method: 'POST', url: '/api/v1/sessions', body: '{"metadata":{"shop":"north"},"ttl_seconds":60}' },
  ])
})

test('a session is made from nothing', async () => {
  const { url, received } = await startServer((response) => sendJson(response, session, 201))
  await createClient({ baseUrl: url }).sessions.create()
  expect(received[0]?.body).toBe('{}')
})

test('a session is read', async () => {
  const { url, received } = await startServer((response) => sendJson(response, session))
  expect(await createClient({ baseUrl: url }).sessions.get('sess_1')).toEqual(session)
  expect(received).toMatchObject([{ method: 'GET', url: '/api/v1/sessions/sess_1', body: '' }])
  expect(received[0]?.headers).not.toHaveProperty('content-type')
})

test('sessions are listed and changed', async () => {
  const listed = { data: [session], next_cursor: 'more' }
  const { url, received } = await startServer((response) =>
    sendJson(response, received.at(-1)?.method === 'PATCH' ? session : listed),
  )
  const { sessions, session: sessionOf } = createClient({ baseUrl: url })
  expect(await sessions.list()).toEqual(listed)
  expect(await sessions.list({ limit: 2, cursor: 'a&b' })).toEqual(listed)
  expect(await sessionOf('sess_1').update({ metadata: { shop: null }, ttl_seconds: 60 })).toEqual(session)
  expect(received.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /api/v1/sessions',
    'GET /api/v1/sessions?limit=2&cursor=a%26b',
    'PATCH /api/v1/sessions/sess_1',
  ])
  expect(JSON.parse(received[2]?.body ?? '')).toEqual({ metadata: { shop: null }, ttl_seconds: 60 })
})

test('a session is deleted', async () => {
  const { url, received } = await startServer((response) => response.writeHead(204).end())
  expect(await createClient({ baseUrl: url }).session('sess_1').delete()).toBeUndefined()
  expect(received).toMatchObject([{ method: 'DELETE', url: '/api/v1/sessions/sess_1', body: '' }])
})

test('messages are listed without parameters', async () => {
  const { url, received } = await startServer((response) => sendJson(response, page))
  expect(await createClient({ baseUrl: url }).session('sess_1').messages()).toEqual(page)
  expect(received[0]?.url).toBe('/api/v1/sessions/sess_1/messages')
})

test('the parameters of a list are escaped, and those that are undefined left out', async () => {
  const { url, received } = await startServer((response) => sendJson(response, page))
  const session = createClient({ baseUrl: url }).session('sess_1')
  await session.messages({ order: 'desc', limit: 2, cursor: 'a b&c=d/é+#' })
  await session.messages({ cursor: undefined, headers: { 'x-a': '1' } })
  expect(received.map((request) => request.url)).toEqual([
    '/api/v1/sessions/sess_1/messages?order=desc&limit=2&cursor=a+b%26c%3Dd%2F%C3%A9%2B%23',
    '/api/v1/sessions/sess_1/messages',
  ])
  expect(received[1]?.headers).toHaveProperty('x-a', '1')
})

test('an id cannot leave its place in the path', async () => {
  const { url, received } = await startServer((response) => sendJson(response, session))
  await createClient({ baseUrl: url }).sessions.get('../a b/?x=1#y%2F')
  expect(received[0]?.url).toBe('/api/v1/sessions/..%2Fa%20b%2F%3Fx%3D1%23y%252F')
})

test.each(['', '.', '..'])(
  'the id "%s", which a URL cannot carry, is refused before it is sent',
  async (id) => {
    const { url, received } = await startServer((response) => response.writeHead(204).end())
    const client = createClient({ baseUrl: url })
    await expect(client.sessions.get(id)).rejects.toThrow(TypeError)
    expect(() => client.session(id)).toThrow(TypeError)
    expect(received).toEqual([])
  },
)
