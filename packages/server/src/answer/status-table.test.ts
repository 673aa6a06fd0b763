import { type ProblemCode, problemKind, problemTable } from '@colloquy/contract'
import { ChatError } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exchange } from '../connections/raw-exchange.fixture.js'
import { echo, gate, startServer, type TestServer, type TestServerOptions } from '../server.fixture.js'
import { problemOf } from './problem-of.fixture.js'
import { key, startWithLease } from './provoked-problems.fixture.js'

/** How a code can be provoked from outside. */
interface Row {
  readonly code: ProblemCode
  readonly what: string
  readonly provoke: () => Promise<Response>
  /** What the answer's headers say, besides what all problems have. */
  readonly headers?: Readonly<Record<string, string>>
}

const chat = (server: TestServer, body: unknown) => server.post('/api/v1/chat', body)

/** What one server answers to one message. */
async function answerOf(
  reply: Parameters<typeof startServer>[0],
  options: TestServerOptions = {},
): Promise<Response> {
  return chat(await startServer(reply, options), { message: 'hi' })
}

/** What a server that only echoes answers to a `GET`. */
async function answerTo(path: string): Promise<Response> {
  return fetch((await startServer(echo)).url + path)
}

const retryAfter = (code: ProblemCode) => ({ 'retry-after': String(problemKind(code).retryAfterSeconds) })

/** The one place where a code is provoked first: each is one entry. */
const rows: readonly Row[] = [
  {
    code: 'malformed_json',
    what: 'a body that breaks off',
    provoke: async () => chat(await startServer(echo), '{"message":'),
  },
  {
    code: 'invalid_cursor',
    what: 'a cursor that no list has handed out',
    provoke: () => answerTo('/api/v1/sessions?cursor=nonsense'),
  },
  {
    code: 'bad_request',
    what: 'what is no HTTP',
    provoke: async () => exchange((await startServer(echo)).port, 'hello?\r\n\r\n'),
    headers: { connection: 'close' },
  },
  {
    code: 'unauthenticated',
    what: 'a request without a key, where the server has keys',
    provoke: async () =>
      fetch(`${(await startServer(echo, { serve: { authenticate: () => null } })).url}/api/v1/status`),
    headers: { 'www-authenticate': 'Bearer' },
  },
  {
    code: 'forbidden',
    what: 'a host name that is not ours',
    provoke: async () =>
      exchange((await startServer(echo)).port, 'GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n'),
  },
  { code: 'not_found', what: 'a path that no route has', provoke: () => answerTo('/nothing') },
  {
    code: 'session_not_found',
    what: 'a session that does not exist',
    provoke: () => answerTo('/api/v1/sessions/sess_unknown'),
  },
  {
    code: 'method_not_allowed',
    what: 'a method that the route does not take',
    provoke: () => answerTo('/api/v1/chat'),
    headers: { allow: 'POST, OPTIONS' },
  },
  {
    code: 'request_timeout',
    what: 'a request that does not arrive in time',
    async provoke() {
      const { port } = await startServer(echo, { serve: { requestTimeoutMs: 20 } })
      return exchange(port, 'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-')
    },
    headers: { connection: 'close' },
  },
  {
    code: 'turn_in_progress',
    what: 'a message to a session whose turn is running',
    async provoke() {
      const { opened, open } = gate()
      const server = await startServer(async function* () {
        await opened
        yield 'done'
      })
      onTestFinished(open)
      const { sessionId } = await server.manager.startTurn({ message: 'first' })
      return chat(server, { message: 'second', session_id: sessionId })
    },
  },
  {
    code: 'queue_full',
    what: 'a message to a session in which as many turns wait as may',
    async provoke() {
      const { opened, open } = gate()
      const limits = { queueLimit: 1, onBusy: 'queue' } as const
      const server = await startServer(
        async function* () {
          await opened
          yield 'done'
        },
        { manager: { limits } },
      )
      onTestFinished(open)
      const { sessionId } = await server.manager.startTurn({ message: 'that runs' })
      await server.manager.startTurn({ message: 'that waits', sessionId })
      return chat(server, { message: 'one more', session_id: sessionId })
    },
  },
  {
    code: 'turn_not_cancellable',
    what: 'stopping a turn that has ended',
    async provoke() {
      const server = await startServer(echo)
      const { sessionId, turnId, ended } = await server.manager.startTurn({ message: 'hi' })
      await ended
      return server.post(`/api/v1/sessions/${sessionId}/turns/${turnId}/cancel`, '')
    },
  },
  {
    code: 'turn_not_found',
    what: 'a turn that its session does not have',
    async provoke() {
      const server = await startServer(echo)
      const { sessionId } = await server.manager.sessions.create()
      return fetch(`${server.url}/api/v1/sessions/${sessionId}/turns/turn_unknown`)
    },
  },
  {
    code: 'idempotency_key_reused',
    what: 'a key that stands for a request with another body',
    async provoke() {
      const server = await startServer(echo)
      const headers = { 'Idempotency-Key': 'once' }
      await server.post('/api/v1/chat', { message: 'one' }, { headers })
      return server.post('/api/v1/chat', { message: 'two' }, { headers })
    },
  },
  {
    code: 'invalid_header',
    what: 'an idempotency key of more than one word',
    async provoke() {
      const headers = { 'Idempotency-Key': 'two words' }
      return (await startServer(echo)).post('/api/v1/chat', { message: 'hi' }, { headers })
    },
  },
  {
    code: 'turn_cancelled',
    what: 'a chat whose turn is cancelled before its answer is whole',
    async provoke() {
      const server: TestServer = await startServer(async function* (_message, { session, turnId }) {
        yield 'half'
        await server.manager.cancelTurn({ sessionId: session.id, turnId })
      })
      return chat(server, { message: 'hi' })
    },
  },
  {
    code: 'payload_too_large',
    what: 'a body over the limit',
    provoke: () => answerOf(echo, { serve: { bodyLimit: 10 } }),
  },
  {
    code: 'unsupported_media_type',
    what: 'a body that is not said to be JSON',
    async provoke() {
      const server = await startServer(echo)
      const headers = { 'Content-Type': 'text/plain' }
      return server.post('/api/v1/chat', { message: 'hi' }, { headers })
    },
  },
  {
    code: 'validation_failed',
    what: 'a body without what it needs',
    provoke: async () => chat(await startServer(echo), {}),
  },
  {
    code: 'headers_too_large',
    what: 'headers of more than Node reads',
    async provoke() {
      const request = `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`
      return exchange((await startServer(echo)).port, request)
    },
    headers: { connection: 'close' },
  },
  {
    code: 'internal_error',
    what: 'an exception that nobody foresaw',
    async provoke() {
      const server = await startServer(echo)
      Object.assign(server.manager, { status: () => Promise.reject(new Error('hunter2')) })
      return fetch(`${server.url}/api/v1/status`)
    },
  },
  {
    code: 'chat_failed',
    what: 'a chat interface that throws',
    provoke: () =>
      answerOf(async function* () {
        yield 'half'
        throw new Error('boom')
      }),
  },
  {
    code: 'output_too_large',
    what: 'a chat interface that says too much',
    provoke: () => answerOf(echo, { manager: { limits: { maxOutputBytes: 10 } } }),
  },
  {
    code: 'turn_interrupted',
    what: 'a chat whose turn another process has ended, because its lease had run out',
    async provoke() {
      const { server, begun, outlive } = await startWithLease()
      const answer = server.post(
        '/api/v1/chat',
        { message: 'hi' },
        { headers: { Authorization: `Bearer ${key}` } },
      )
      await begun
      await outlive()
      return answer
    },
  },
  {
    code: 'upstream_failed',
    what: 'a chat interface whose provider fails',
    provoke: () =>
      answerOf(async function* () {
        yield ''
        throw new ChatError('upstream_failed', 'The model answered with 500.')
      }),
  },
  {
    code: 'not_ready',
    what: 'a chat interface that is not ready',
    provoke: () =>
      answerOf(async function* () {
        yield ''
        throw new ChatError('not_ready', 'The model is loading.')
      }),
    headers: retryAfter('not_ready'),
  },
  {
    code: 'shutting_down',
    what: 'a chat while the server shuts down',
    async provoke() {
      const { opened, open } = gate()
      const server = await startServer(async function* () {
        await opened
        yield 'done'
      })
      await server.manager.startTurn({ message: 'the last one' })
      const closed = server.close({ grace: 60_000 })
      onTestFinished(() => closed)
      onTestFinished(open)
      return chat(server, { message: 'one more' })
    },
    headers: retryAfter('shutting_down'),
  },
  {
    code: 'overloaded',
    what: 'a chat when as many turns run as may',
    provoke: () => answerOf(echo, { manager: { limits: { maxTurns: 0 } } }),
    headers: retryAfter('overloaded'),
  },
  {
    code: 'session_capacity_reached',
    what: 'a session when there are as many as may be',
    async provoke() {
      const limits = { maxSessions: 1, whenFull: 'reject' } as const
      const server = await startServer(echo, { manager: { limits } })
      expect((await server.post('/api/v1/sessions', '')).status).toBe(201)
      return server.post('/api/v1/sessions', '')
    },
    headers: retryAfter('session_capacity_reached'),
  },
  {
    code: 'store_unavailable',
    what: 'a store that fails',
    async provoke() {
      const store = Object.assign(createMemoryStore(), {
        getSession: () => Promise.reject(new Error('disk on fire')),
      })
      const server = await startServer(echo, { manager: { store } })
      return fetch(`${server.url}/api/v1/sessions/sess_1`)
    },
    headers: retryAfter('store_unavailable'),
  },
  {
    code: 'chat_timeout',
    what: 'a chat interface that never answers',
    provoke: () =>
      answerOf(
        async function* () {
          await new Promise(() => {})
          yield ''
        },
        { manager: { limits: { firstChunkTimeoutMs: 10, stopTimeoutMs: 10 } } },
      ),
  },
]

describe('every code of the table can be provoked:', () => {
  it.each(rows.map((row) => ({ ...row, status: problemTable[row.code].status })))(
    '$status $code: $what',
    async ({ code, provoke, headers = {} }) => {
      const response = await provoke()
      await problemOf(response, code)
      const names = [...new Set(['allow', 'retry-after', 'www-authenticate', ...Object.keys(headers)])]
      const said = names.flatMap((name) => {
        const value = response.headers.get(name)
        return value === null ? [] : [[name, value]]
      })
      expect(Object.fromEntries(said)).toEqual(headers)
    },
  )

  it('no code is left out', () => {
    const provoked = new Set<string>(rows.map(({ code }) => code))
    const missing = Object.keys(problemTable).filter((code) => !provoked.has(code))
    expect(missing).toEqual([])
  })

  it('each code is provoked once', () => {
    expect(rows).toHaveLength(new Set(rows.map(({ code }) => code)).size)
  })
})
