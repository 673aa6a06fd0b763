import { inspect } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { session } from '../test/recorded.js'
import { sendJson, startServer } from '../test/start-server.js'
import { createClient } from './index.js'

test.each(['', '/', '//', '/shop/chat', '/shop/chat/'])(
  'paths are appended to a base URL that ends in "%s"',
  async (ending) => {
    const { url, received } = await startServer((response) => sendJson(response, session))
    await createClient({ baseUrl: url + ending }).sessions.get('sess_1')
    expect(received[0]?.url).toBe(`${ending.replace(/\/+$/, '')}/api/v1/sessions/sess_1`)
  },
)

test('a base URL may be a URL object', async () => {
  const { url, received } = await startServer((response) => sendJson(response, session))
  await createClient({ baseUrl: new URL('/prefix/', url) }).sessions.get('sess_1')
  expect(received[0]?.url).toBe('/prefix/api/v1/sessions/sess_1')
})

test('a relative base URL is resolved against the page, where there is one', async () => {
  const { url, received } = await startServer((response) => sendJson(response, session))
  vi.stubGlobal('location', { href: `${url}/page?x#y` })
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  await createClient({ baseUrl: '/chat' }).sessions.get('sess_1')
  expect(received[0]?.url).toBe('/chat/api/v1/sessions/sess_1')
})

test.each(['', '/chat', 'localhost:8000', 'ftp://example.com', 'nonsense'])(
  'the base URL "%s" is refused',
  (baseUrl) => {
    expect(() => createClient({ baseUrl })).toThrow(TypeError)
  },
)

test('a base URL with a password is refused without repeating it', () => {
  const create = () => createClient({ baseUrl: 'http://someone:secret@example.com' })
  expect(create).toThrow(TypeError)
  expect(create).not.toThrow(/secret/)
})

test('a base URL with a password that is none is not kept in the error either', () => {
  const baseUrl = 'http://someone:secret@example.com:99999'
  expect(() => createClient({ baseUrl })).toThrow(
    expect.toSatisfy((error) => error instanceof TypeError && !inspect(error).includes('secret')),
  )
})

test.each(['http://example.com/?key=1', 'http://example.com/#top'])(
  'the base URL %s, to which no path can be appended, is refused',
  (baseUrl) => {
    expect(() => createClient({ baseUrl })).toThrow(/plain http URL/)
  },
)
