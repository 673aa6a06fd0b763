import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it } from 'vitest'
import { exchange } from '../connections/raw-exchange.fixture.js'
import { type Caller, createApiKey, createApiKeys, type ServeOptions, serve } from '../index.js'
import { echo, gate, startServer } from '../server.fixture.js'

const web = createApiKey('web')
const shop = createApiKey('shop')

const bearer = (key: string) => ({ headers: { Authorization: `Bearer ${key}` } })

async function startWithKeys(options: Partial<ServeOptions> = {}) {
  const keys = createApiKeys([web.entry, shop.entry])
  const server = await startServer(echo, { serve: { authenticate: keys.authenticate, ...options } })
  const get = (path: string, init: RequestInit = {}) => fetch(server.url + path, init)
  return { ...server, keys, get }
}

describe('with keys', () => {
  it('who has none gets no further, and is told what to send', async () => {
    const { get, post, lines } = await startWithKeys()
    for (const response of [
      await get('/api/v1/sessions'),
      await get('/api/v1/status'),
      await post('/api/v1/chat', { message: 'Hello' }),
      await get('/api/v1/sessions/sess_1', { method: 'DELETE' }),
    ]) {
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json()).toMatchObject({
        code: 'unauthenticated',
        status: 401,
        detail: expect.stringContaining('Authorization: Bearer <key>'),
        request_id: response.headers.get('x-request-id'),
      })
    }
    expect(lines.every(({ level }) => Number(level) <= 30)).toBe(true)
  })

  it('health is told for any host, because probes come by address, and nothing else is', async () => {
    const { port } = await startWithKeys({ allowedHosts: ['chat.example.com'] })
    const statusOf = async (line: string) =>
      (await exchange(port, `${line} HTTP/1.1\r\nHost: 10.1.2.3:8000\r\n\r\n`)).status
    for (const path of ['/health', '/health/live', '/health/ready']) {
      expect(await statusOf(`GET ${path}`)).toBe(200)
      expect(await statusOf(`OPTIONS ${path}`)).toBe(204)
    }
    for (const path of ['/api/v1/sessions', '/api/v1/status', '/metrics', '/docs', '/openapi.json'])
      expect(await statusOf(`GET ${path}`)).toBe(403)
  })

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer clq_unknown',
    `Bearer ${web.key}x`,
    `Bearer ${web.key.slice(0, -1)}`,
    `Bearer ${web.key} ${web.key}`,
    `Bearer ${web.entry.hash}`,
    `Basic ${btoa(`web:${web.key}`)}`,
    web.key,
    `Bearer,${web.key}`,
    'Bearer \u00e9',
  ])('the header %j is refused', async (authorization) => {
    const { get } = await startWithKeys()
    const response = await get('/api/v1/sessions', { headers: { Authorization: authorization } })
    expect(response.status).toBe(401)
    expect(await response.text()).not.toContain(web.key)
  })

  it.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('the scheme may be written %j', async (scheme) => {
    const { get } = await startWithKeys()
    const headers = { Authorization: `${scheme} ${web.key}` }
    expect((await get('/api/v1/sessions', { headers })).status).toBe(200)
  })

  it('the caller is looked at before the body, and after the route and the method', async () => {
    const { get, post } = await startWithKeys()
    expect(
      (await post('/api/v1/chat', 'no json', { headers: { 'Content-Type': 'text/plain' } })).status,
    ).toBe(401)
    expect((await get('/api/v1/nothing')).status).toBe(404)
    expect((await get('/api/v1/chat')).status).toBe(405)
    const options = await get('/api/v1/chat', { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, OPTIONS'])
    expect((await get('/api/v1/sessions', { method: 'HEAD' })).status).toBe(401)
    expect((await get('/api/v1/sessions', { method: 'HEAD', ...bearer(web.key) })).status).toBe(200)
  })

  it('health is told to everybody, and so is the documentation', async () => {
    const { get } = await startWithKeys()
    for (const path of ['/health', '/health/live', '/health/ready', '/openapi.json', '/docs', '/redoc']) {
      expect([path, (await get(path)).status]).toEqual([path, 200])
    }
  })

  it('the documentation can be kept to those who have one, or be left out', async () => {
    const kept = await startWithKeys({ documentation: 'key' })
    const left = await startWithKeys({ documentation: 'off' })
    for (const path of ['/openapi.json', '/docs', '/redoc', '/docs/files/swagger-ui.css']) {
      expect([path, (await kept.get(path)).status]).toEqual([path, 401])
      expect([path, (await kept.get(path, bearer(web.key))).status]).toEqual([path, 200])
      expect([path, (await left.get(path, bearer(web.key))).status]).toEqual([path, 404])
    }
  })

  it('the document says that a key is needed, and without keys that none is', async () => {
    const { get } = await startWithKeys()
    const open = await startServer(echo)
    const needed = (await (await get('/openapi.json')).json()) as Document
    const optional = (await (await fetch(`${open.url}/openapi.json`)).json()) as Document
    expect(needed.paths['/api/v1/chat']?.post?.security).toEqual([{ bearerAuth: [] }])
    expect(optional.paths['/api/v1/chat']?.post?.security).toEqual([{ bearerAuth: [] }, {}])
    expect(needed.components.securitySchemes['bearerAuth']).toMatchObject({ type: 'http', scheme: 'bearer' })
  })

  it('a key is told by its name in the log, and never itself', async () => {
    const { get, line, lines } = await startWithKeys()
    await get('/api/v1/sessions', bearer(web.key))
    await get('/api/v1/sessions', bearer('clq_not-a-key-of-ours'))
    expect(await line(({ status }) => status === 200)).toMatchObject({ key: 'web' })
    await line(({ status }) => status === 401)
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${web.key}|clq_|${web.entry.hash}`))
  })

  it('pages of other origins may use the API with one, and can read why not without one', async () => {
    const crossOrigin = { origins: ['https://app.example.com'] }
    const { get } = await startWithKeys({ crossOrigin })
    const headers = { Origin: 'https://app.example.com' }
    const refused = await get('/api/v1/sessions', { headers })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(refused.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate')
    const preflight = await get('/api/v1/chat', {
      method: 'OPTIONS',
      headers: {
        ...headers,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization')
  })

  it('any host name will do, and pages of other origins can not borrow a key', async () => {
    const { port } = await startWithKeys()
    const status = await new Promise((resolve) => {
      const headers = {
        Host: 'chat.example.com',
        Origin: 'https://other.example',
        Authorization: `Bearer ${web.key}`,
      }
      request({ host: '127.0.0.1', port, path: '/api/v1/sessions', method: 'POST', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end()
    })
    expect(status).toBe(201)
  })
})

interface Document {
  readonly paths: Readonly<Record<string, { readonly post?: { readonly security?: unknown } }>>
  readonly components: { readonly securitySchemes: Readonly<Record<string, unknown>> }
}

describe('what a key made', () => {
  it('belongs to it, and does not exist for another', async () => {
    const { get, post } = await startWithKeys()
    const created = await post('/api/v1/sessions', {}, bearer(web.key))
    const { session_id } = (await created.json()) as { session_id: string }
    const path = `/api/v1/sessions/${session_id}`
    const json = { 'Content-Type': 'application/json' }
    const by = (key: string) => [
      get(path, bearer(key)),
      get(`${path}/messages`, bearer(key)),
      get(path, {
        method: 'PATCH',
        body: '{"ttl_seconds":60}',
        headers: { ...bearer(key).headers, ...json },
      }),
      post('/api/v1/chat', { message: 'Hello', session_id }, bearer(key)),
    ]
    const unknown = await get('/api/v1/sessions/sess_unknown', bearer(shop.key))
    const strange = (await unknown.json()) as object
    for (const response of await Promise.all([
      ...by(shop.key),
      get(path, { method: 'DELETE', ...bearer(shop.key) }),
    ])) {
      expect(response.status).toBe(404)
      // Not a word of difference to a session that never was, but for the ids of the request and the session.
      expect(await response.json()).toEqual({
        ...strange,
        request_id: response.headers.get('x-request-id'),
        session_id,
      })
    }
    for (const response of await Promise.all(by(web.key))) expect(response.status).toBe(200)
    const list = async (key: string) =>
      ((await (await get('/api/v1/sessions', bearer(key))).json()) as { data: object[] }).data
    expect(await list(web.key)).toHaveLength(1)
    expect(await list(shop.key)).toEqual([])
    expect((await get(path, { method: 'DELETE', ...bearer(web.key) })).status).toBe(204)
  })

  it('stays with its name when the key is exchanged', async () => {
    const { get, post, keys } = await startWithKeys()
    const created = await post('/api/v1/sessions', {}, bearer(web.key))
    const { session_id } = (await created.json()) as { session_id: string }
    const next = createApiKey('web')
    keys.replace([web.entry, next.entry])
    const status = async (key: string) => (await get(`/api/v1/sessions/${session_id}`, bearer(key))).status
    expect([await status(web.key), await status(next.key), await status(shop.key)]).toEqual([200, 200, 401])
    keys.replace([next.entry])
    expect([await status(web.key), await status(next.key)]).toEqual([401, 200])
  })

  it('goes on when the key is taken away while a turn runs', async () => {
    const { opened, open } = gate()
    const keys = createApiKeys([web.entry])
    const { post } = await startServer(
      async function* () {
        yield 'before '
        await opened
        yield 'after'
      },
      { serve: { authenticate: keys.authenticate } },
    )
    const response = await post('/api/v1/chat', { message: 'Hello', stream: true }, bearer(web.key))
    keys.replace([])
    open()
    expect(await response.text()).toContain('"content":"before after"')
    expect((await post('/api/v1/chat', { message: 'Hello' }, bearer(web.key))).status).toBe(401)
  })
})

describe('an application that knows its callers itself', () => {
  const asking = (authenticate: ServeOptions['authenticate']) =>
    startServer(echo, { serve: authenticate === undefined ? {} : { authenticate } })

  it('says whose sessions a request is about', async () => {
    const { url, post, line } = await asking(async ({ headers }) => {
      const user = /user=(\w+)/.exec(headers.cookie ?? '')?.[1]
      return user === undefined ? null : { owner: `user:${user}` }
    })
    const created = await post('/api/v1/sessions', {}, { headers: { Cookie: 'user=anna' } })
    expect(created.status).toBe(201)
    const path = url + created.headers.get('location')
    expect((await fetch(path, { headers: { Cookie: 'user=anna' } })).status).toBe(200)
    expect((await fetch(path, { headers: { Cookie: 'user=ben' } })).status).toBe(404)
    expect((await fetch(path)).status).toBe(401)
    const logged = await line(({ status }) => status === 201)
    expect(JSON.stringify(logged)).not.toContain('anna')
  })

  it.each<[string, string, () => Caller | null | Promise<Caller>]>([
    [
      'throws',
      'the directory with its password is down',
      () => {
        throw new Error('the directory with its password is down')
      },
    ],
    [
      'rejects',
      'the directory with its password is down',
      () => Promise.reject(new Error('the directory with its password is down')),
    ],
    // What a program without types could do.
    ['names no owner', 'A caller needs an owner', () => ({ name: 'x' }) as unknown as Caller],
    // Whose the sessions are that were made without callers.
    ['names an empty owner', 'A caller needs an owner', () => ({ owner: '' })],
  ])('is answered for with an internal error when it %s', async (_what, logged, authenticate) => {
    const { url, line } = await asking(authenticate)
    const response = await fetch(`${url}/api/v1/sessions`)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('password')
    expect(JSON.stringify(await line(({ level }) => level === 50))).toContain(logged)
  })
})

describe('a request of nobody', () => {
  it.each([null, undefined])('is one whose caller is %s', async (nobody) => {
    const { url } = await startServer(echo, { serve: { authenticate: () => nobody } })
    const response = await fetch(`${url}/api/v1/sessions`)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('is one with two keys: which of them counts would be a matter of luck', async () => {
    const { port } = await startWithKeys()
    const send = (...keys: string[]) => {
      const headers = keys.map((key) => `Authorization: Bearer ${key}\r\n`).join('')
      return exchange(port, `GET /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`)
    }
    expect((await send(web.key)).status).toBe(200)
    for (const keys of [
      [web.key, shop.key],
      [web.key, web.key],
      ['clq_unknown', web.key],
      [web.key, ''],
    ]) {
      expect((await send(...keys)).status).toBe(401)
    }
  })
})

describe('without keys', () => {
  it('a server for others does not start, unless everybody is meant', async () => {
    const manager = () =>
      createSessionManager({ store: createMemoryStore(), chat: { name: 'test', reply: echo } })
    for (const host of ['0.0.0.0', '::']) {
      await expect(serve({ manager: manager(), host, port: 0 })).rejects.toThrow('allowUnauthenticated')
    }
    const open = await serve({ manager: manager(), host: '0.0.0.0', port: 0, allowUnauthenticated: true })
    expect((await fetch(`http://127.0.0.1:${open.port}/api/v1/sessions`)).status).toBe(200)
    await open.close()
    const { authenticate } = createApiKeys([])
    const closed = await serve({ manager: manager(), host: '0.0.0.0', port: 0, authenticate })
    expect((await fetch(`http://127.0.0.1:${closed.port}/api/v1/sessions`)).status).toBe(401)
    await closed.close()
  })
})

describe('a key', () => {
  it('is kept as the SHA-256 of its text, as any tool computes it', () => {
    expect(web.entry.hash).toBe(createHash('sha256').update(web.key, 'utf8').digest('hex'))
  })
})
