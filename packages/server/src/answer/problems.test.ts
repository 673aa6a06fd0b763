import { get } from 'node:http'
import { connect } from 'node:net'
import type { ProblemCode } from '@colloquy/contract'
import { ChatError, type ChatErrorCode, type SessionStore } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it } from 'vitest'
import { echo, type PostInit, startServer, type TestServer } from '../server.fixture.js'
import { problemOf } from './problem-of.fixture.js'

/** What a server answers to these bytes. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(bytes)
  let answer = ''
  for await (const part of socket.setEncoding('utf8')) answer += part
  return answer
}

const chat = (server: TestServer, body: unknown, init?: PostInit) => server.post('/api/v1/chat', body, init)

describe('a request that is wrong gets', () => {
  it.each([
    ['{"message":', 'The body ends before its JSON is complete.'],
    ['{"message":"secret words",}', 'The body is not valid JSON at character 26 (line 1, column 27).'],
    ['{"message":"secret words"', 'The body ends before its JSON is complete.'],
    ['', 'The route needs a JSON body, and the request has none.'],
    ['\u00ff', 'The body is not valid JSON at character 0 (line 1, column 1).'],
  ])('malformed_json for the body %j, without a word of it', async (text, detail) => {
    const server = await startServer(echo)
    expect(await problemOf(await chat(server, text), 'malformed_json')).toMatchObject({ detail })
  })

  it('malformed_json for a body that is wrong deep inside', async () => {
    const server = await startServer(echo)
    for (const body of [`${'['.repeat(200_000)}x`, `${'{"a":'.repeat(100_000)}NaN${'}'.repeat(100_000)}`]) {
      const detail = expect.stringMatching(/^The body is not valid JSON/)
      expect(await problemOf(await chat(server, body), 'malformed_json')).toMatchObject({ detail })
    }
    expect(server.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  it('malformed_json for a body that is not UTF-8', async () => {
    const server = await startServer(echo)
    const body = Buffer.from('{"message":"\xff"}', 'latin1')
    const response = await fetch(`${server.url}/api/v1/chat`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    })
    expect(await problemOf(response, 'malformed_json')).toMatchObject({ detail: 'The body is not UTF-8.' })
  })

  it('validation_failed with one entry for each fault, and its place', async () => {
    const server = await startServer(echo)
    const response = await chat(server, { message: 7, stream: 'no', metadata: { a: 1 }, 'mes~sa/ge': 'hi' })
    expect(await problemOf(response, 'validation_failed')).toMatchObject({
      errors: [
        { in: 'body', path: '/message', message: 'Invalid input: expected string, received number' },
        { in: 'body', path: '/stream', message: 'Invalid input: expected boolean, received string' },
        { in: 'body', path: '/metadata/a', message: 'Must be a string' },
        { in: 'body', path: '/mes~0sa~1ge', message: 'Unknown field' },
      ],
    })
  })

  it.each([['null'], ['[]'], ['"hi"'], ['7']])(
    'validation_failed for the body %s, which is JSON but no object',
    async (text) => {
      const server = await startServer(echo)
      expect((await problemOf(await chat(server, text), 'validation_failed')).errors).toHaveLength(1)
    },
  )

  it('validation_failed for a message over the limit, and none for one at it', async () => {
    const server = await startServer(echo)
    const message = '🪑'.repeat(32_000)
    expect((await chat(server, { message })).status).toBe(200)
    await problemOf(await chat(server, { message: `${message}.` }), 'validation_failed')
    await problemOf(await chat(server, '{"message":"\\ud83d"}'), 'validation_failed')
  })

  it('validation_failed for wrong query parameters, all of them', async () => {
    const server = await startServer(echo)
    const response = await fetch(`${server.url}/api/v1/sessions/x/messages?limit=0&order=up&page=2`)
    const { errors } = await problemOf(response, 'validation_failed')
    expect(errors?.map(({ in: place, path }) => `${place} ${path}`)).toEqual([
      'query /limit',
      'query /order',
      'query /page',
    ])
  })

  it('validation_failed for a query parameter that is given again', async () => {
    const server = await startServer(echo)
    const repeated = { in: 'query', path: '/limit', message: 'Given more than once' }
    for (const query of ['limit=1&limit=2', 'limit=1&order=asc&limit=1', 'limit=1&l%69mit=1&limit=2']) {
      const response = await fetch(`${server.url}/api/v1/sessions/x/messages?${query}`)
      expect((await problemOf(response, 'validation_failed')).errors).toEqual([repeated])
    }
    const response = await fetch(`${server.url}/api/v1/sessions?limit=0&limit=1&page&page`)
    expect((await problemOf(response, 'validation_failed')).errors).toEqual([
      repeated,
      { in: 'query', path: '/page', message: 'Given more than once' },
      { in: 'query', path: '/page', message: 'Unknown field' },
    ])
  })

  it.each(['%', '%zz', 'cursor=%ff', 'a=%C3&%A9', '__proto__=%e2%28%a1'])(
    'bad_request for the query %j, which is not percent-encoded UTF-8, on every route',
    async (query) => {
      const server = await startServer(echo)
      for (const path of ['/health', '/openapi.json', '/metrics', '/api/v1/sessions']) {
        const detail = 'The query is not percent-encoded UTF-8.'
        const answer = await fetch(`${server.url}${path}?${query}`)
        expect(await problemOf(answer, 'bad_request')).toMatchObject({ detail })
      }
      await problemOf(await server.post(`/api/v1/chat?${query}`, { message: 'hi' }), 'bad_request')
    },
  )

  it('payload_too_large for a body over the limit, and none for one at it', async () => {
    const server = await startServer(echo, { serve: { bodyLimit: 100 } })
    const body = (length: number) => `{"message":"${'x'.repeat(length - 14)}"}`
    expect((await chat(server, body(100))).status).toBe(200)
    await problemOf(await chat(server, body(101)), 'payload_too_large')
  })

  it.each([
    ['text/plain'],
    ['application/json; charset=latin1'],
    ['application/jsonp'],
    ['multipart/form-data'],
  ])('unsupported_media_type for the type %s', async (type) => {
    const server = await startServer(echo)
    await problemOf(await chat(server, '{', { headers: { 'Content-Type': type } }), 'unsupported_media_type')
  })

  it.each([['application/json; charset=UTF-8'], ['Application/JSON;charset="utf-8"']])(
    'no problem for the type %s',
    async (type) => {
      const server = await startServer(echo)
      expect((await chat(server, { message: 'hi' }, { headers: { 'Content-Type': type } })).status).toBe(200)
    },
  )

  it.each([['sess_unknown'], ['no id at all'], ['__proto__']])(
    'session_not_found for the session %j',
    async (session_id) => {
      const server = await startServer(echo)
      await problemOf(await chat(server, { message: 'hi', session_id }), 'session_not_found')
      const address = `${server.url}/api/v1/sessions/${encodeURIComponent(session_id)}`
      await problemOf(await fetch(address), 'session_not_found')
      await problemOf(await fetch(address, { method: 'DELETE' }), 'session_not_found')
      await problemOf(await fetch(`${address}/messages`), 'session_not_found')
    },
  )

  it.each([['/'], ['/api/v1'], ['/api/v1/chat/'], ['/API/v1/chat'], ['/api/v1/sessions/x/y'], ['/health/']])(
    'not_found for %s',
    async (path) => {
      const server = await startServer(echo)
      await problemOf(await server.post(path, {}), 'not_found')
    },
  )

  it.each([
    ['GET', '/api/v1/chat', 'POST, OPTIONS'],
    ['PUT', '/api/v1/sessions', 'POST, GET, HEAD, OPTIONS'],
    ['POST', '/api/v1/sessions/sess_1', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['DELETE', '/health', 'GET, HEAD, OPTIONS'],
  ])('method_not_allowed for %s %s, with what is allowed', async (method, path, allow) => {
    const server = await startServer(echo)
    const response = await fetch(server.url + path, { method })
    await problemOf(response, 'method_not_allowed')
    expect(response.headers.get('allow')).toBe(allow)
    const options = await fetch(server.url + path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow])
  })

  it('invalid_cursor for a cursor that the list did not hand out', async () => {
    const server = await startServer(echo)
    const { sessionId } = await server.manager.sessions.create()
    await problemOf(
      await fetch(`${server.url}/api/v1/sessions/${sessionId}/messages?cursor=nonsense`),
      'invalid_cursor',
    )
  })

  it('bad_request for a path that is not percent-encoded UTF-8', async () => {
    const server = await startServer(echo)
    await problemOf(await fetch(`${server.url}/api/v1/sessions/%ff`), 'bad_request')
  })

  it('bad_request for a body that is not compressed as it says', async () => {
    const server = await startServer(echo)
    for (const encoding of ['gzip', 'deflate', 'br']) {
      const headers = { 'Content-Encoding': encoding }
      await problemOf(await chat(server, 'this is not compressed', { headers }), 'bad_request')
    }
    await problemOf(
      await chat(server, '{}', { headers: { 'Content-Encoding': 'rot13' } }),
      'unsupported_media_type',
    )
    expect(server.lines.filter(({ level }) => level === 50)).toEqual([])
  })

  it('at most a hundred faults back, however many there are', async () => {
    const server = await startServer(echo)
    const keys = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`key ${n}`, 1]))
    expect((await problemOf(await chat(server, keys), 'validation_failed')).errors).toHaveLength(100)
  })

  it.each([['evil.example'], ['localhost.evil.example'], ['127.0.0.1.evil.example:8000'], ['[::2]']])(
    'forbidden for the host name %j, when only this machine can reach the server',
    async (host) => {
      const server = await startServer(echo)
      const answer = await raw(
        server.port,
        `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )
      expect(answer).toContain('HTTP/1.1 403 Forbidden')
      expect(answer).toContain('"code":"forbidden"')
      const missing = await raw(
        server.port,
        `GET /nothing HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )
      expect(missing).toContain('HTTP/1.1 404')
    },
  )

  it.each([['localhost'], ['LOCALHOST:1'], ['127.0.0.1:65535'], ['[::1]:80'], ['[::1]']])(
    'an answer for the host name %j',
    async (host) => {
      const server = await startServer(echo)
      const answer = await raw(
        server.port,
        `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )
      expect(answer).toContain('HTTP/1.1 200 OK')
    },
  )

  it('forbidden for an address in the request line that is for another host', async () => {
    const server = await startServer(echo)
    const answer = await raw(
      server.port,
      'GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    )
    expect(answer).not.toContain('200 OK')
  })

  it.each(['127.0.0.2', 'LOCALHOST', '127.1', '::ffff:127.0.0.1'])(
    'forbidden for foreign hosts on %s, and none for its own',
    async (host) => {
      const server = await startServer(echo, { serve: { host } })
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
      const answer = await new Promise((resolve, reject) => {
        const headers = { Host: 'evil.example' }
        get(`${server.url}/health/live`, { headers }, (res) => resolve(res.resume().statusCode)).on(
          'error',
          reject,
        )
      })
      expect(answer).toBe(403)
    },
  )

  it('forbidden for what a page of another origin would change, unless it may', async () => {
    const server = await startServer(echo, { serve: { crossOrigin: { origins: ['https://app.example'] } } })
    const make = (origin: string) =>
      fetch(`${server.url}/api/v1/sessions`, { method: 'POST', headers: { Origin: origin } })
    await problemOf(await make('https://evil.example'), 'forbidden')
    await problemOf(await make('null'), 'forbidden')
    expect((await make('https://app.example')).status).toBe(201)
    expect((await make(server.url)).status).toBe(201)
  })

  it('an answer for any other host name that the server was told of, and for all when it was told nothing', async () => {
    const told = await startServer(echo, { serve: { allowedHosts: ['chat.example'] } })
    expect(
      await raw(told.port, 'GET /health HTTP/1.1\r\nHost: chat.example\r\nConnection: close\r\n\r\n'),
    ).toContain('200 OK')
    expect(
      await raw(told.port, 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    ).toContain('403 Forbidden')
    const open = await startServer(echo, { serve: { host: '0.0.0.0', allowUnauthenticated: true } })
    expect(
      await raw(open.port, 'GET /health HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n'),
    ).toContain('200 OK')
  })

  it.each<[string, string, ProblemCode]>([
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      'headers_too_large',
    ],
    ['what is no HTTP', 'hello?\r\n\r\n', 'bad_request'],
    [
      'a body whose chunks are none',
      'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
      'bad_request',
    ],
    [
      'a content length that is no number',
      'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n',
      'bad_request',
    ],
  ])('a problem document for %s', async (_what, request, code) => {
    const server = await startServer(echo)
    const [head = '', body = ''] = (await raw(server.port, request)).split('\r\n\r\n')
    const headers = new Headers(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(': ') as [string, string]),
    )
    await problemOf(new Response(body, { status: Number(head.split(' ')[1]), headers }), code)
  })

  it('its own request id back when that is acceptable, and a new one otherwise', async () => {
    const server = await startServer(echo)
    const idFor = async (id: string) =>
      (await fetch(server.url, { headers: { 'X-Request-Id': id } })).headers.get('x-request-id')
    expect(await idFor('my-request.1')).toBe('my-request.1')
    expect(await idFor('x'.repeat(128))).toBe('x'.repeat(128))
    for (const id of ['x'.repeat(129), 'two words', 'ümlaut', ''])
      expect(await idFor(id)).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('no fault of the server, when it breaks off in the middle of its body', async () => {
    const server = await startServer(echo)
    const socket = connect(server.port, '127.0.0.1')
    socket.write(
      'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"mess',
    )
    socket.end()
    await server.line(({ status }) => status === null)
    expect((await chat(server, { message: 'still there?' })).status).toBe(200)
    expect(server.lines.filter(({ level }) => level === 50)).toEqual([])
  })
})

describe('what goes wrong on the server is', () => {
  it.each<[ChatErrorCode, ProblemCode]>([
    ['not_ready', 'not_ready'],
    ['rate_limited', 'overloaded'],
    ['timeout', 'chat_timeout'],
    ['upstream_failed', 'upstream_failed'],
    ['refused', 'upstream_failed'],
  ])(
    'for a chat interface that says %s: %s, with the text so far and without its message',
    async (code, expected) => {
      const server = await startServer(async function* () {
        yield 'so far'
        throw new ChatError(code, 'key sk-secret was refused', { retryAfterSeconds: 7 })
      })
      const body = await problemOf(await chat(server, { message: 'hi' }), expected)
      expect(body).toMatchObject({
        content: 'so far',
        session_id: expect.any(String),
        turn_id: expect.any(String),
        retry_after_seconds: 7,
      })
      expect(JSON.stringify(body)).not.toContain('secret')
    },
  )

  it('for a chat interface that throws: chat_failed, and the log has the error once, with its cause', async () => {
    const server = await startServer(async function* () {
      yield ''
      throw new Error('boom', { cause: new Error('the deeper reason') })
    })
    const body = await problemOf(await chat(server, { message: 'a private message' }), 'chat_failed')
    expect(JSON.stringify(body)).not.toContain('boom')
    await server.line(({ msg }) => msg === 'request failed')
    const failures = server.lines.filter((line) => JSON.stringify(line).includes('boom'))
    expect(failures).toHaveLength(1)
    expect(failures[0]).toMatchObject({
      request_id: body.request_id,
      session_id: body.session_id,
      turn_id: body.turn_id,
    })
    expect(JSON.stringify(failures[0])).toContain('the deeper reason')
    expect(JSON.stringify(server.lines)).not.toContain('private')
  })

  it('for a chat interface that says too much: output_too_large', async () => {
    const server = await startServer(echo, { manager: { limits: { maxOutputBytes: 12 } } })
    expect(await problemOf(await chat(server, { message: 'hello' }), 'output_too_large')).toMatchObject({
      content: 'You said: ',
    })
  })

  it('for a chat interface that does not start: not_ready', async () => {
    const server = await startServer(echo)
    Object.assign(server.manager, { startTurn: () => Promise.reject(new ChatError('not_ready', 'x')) })
    expect((await chat(server, { message: 'hi' })).status).toBe(500)
  })

  it('for a store that fails: store_unavailable, and the log has why', async () => {
    const store: SessionStore = {
      ...bound(createMemoryStore()),
      getSession: () => Promise.reject(new Error('disk on fire')),
    }
    const server = await startServer(echo, { manager: { store } })
    const body = await problemOf(await fetch(`${server.url}/api/v1/sessions/x`), 'store_unavailable')
    expect(JSON.stringify(body)).not.toContain('fire')
    expect(JSON.stringify(await server.line(({ msg }) => msg === 'request failed'))).toContain('disk on fire')
  })

  it('for a store that fails in the middle of a turn: store_unavailable about that turn, and the request adds nothing to the log', async () => {
    const store: SessionStore = {
      ...bound(createMemoryStore()),
      writeTurns: () => Promise.reject(new Error('disk on fire')),
    }
    const server = await startServer(echo, { manager: { store } })
    const body = await problemOf(await chat(server, { message: 'hi' }), 'store_unavailable')
    expect(body).toMatchObject({ session_id: expect.any(String), turn_id: expect.any(String) })
    await server.line(({ msg }) => msg === 'request failed')
    await server.line(({ msg }) => msg === 'turn failed')
    const why = server.lines.filter((line) => JSON.stringify(line).includes('disk on fire'))
    // Twice the store failed: with the events, and with the attempt to end the turn all the same.
    expect(why.map(({ msg }) => msg)).toEqual([
      'a turn could not be ended in the store; the next sweep tries again',
      'turn failed',
    ])
  })

  it('for what nobody foresaw: internal_error, and the log has it whole', async () => {
    const server = await startServer(echo)
    Object.assign(server.manager, {
      status: () => Promise.reject(new Error('password hunter2', { cause: new Error('deeper') })),
    })
    const body = await problemOf(await fetch(`${server.url}/api/v1/status`), 'internal_error')
    expect(JSON.stringify(body)).not.toContain('hunter2')
    const line = await server.line(({ msg }) => msg === 'request failed')
    expect(JSON.stringify(line)).toContain('hunter2')
    expect(JSON.stringify(line)).toContain('deeper')
    expect(line).toMatchObject({
      request_id: body.request_id,
      // Where the answer was made tells nothing; where the cause was made does.
      err: {
        stack: expect.not.stringMatching(/^ +at /m),
        cause: { stack: expect.stringContaining('problems.test.ts') },
      },
    })
  })
})

/** A store whose methods can be copied one by one. */
function bound(store: SessionStore): SessionStore {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(store)) as (keyof SessionStore)[]
  const methods = names
    .filter((name) => name !== ('constructor' as string))
    .map((name) => [name, (store[name] as () => unknown).bind(store)])
  return { kind: store.kind, ...Object.fromEntries(methods) } as SessionStore
}
