import { createServer, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ProblemCode } from '@colloquy/contract'
import {
  type ChatContext,
  ChatError,
  type ChatInterface,
  createSessionManager,
  type SessionManager,
} from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { onTestFinished } from 'vitest'
import { answerClientError } from '../connections/answer-client-error.js'
import { exchange } from '../connections/raw-exchange.fixture.js'
import type { Operation } from '../documentation/documented-api.fixture.js'
import { type Authenticate, createApp } from '../index.js'
import { echo, gate, startServer, type TestServer, type TestServerOptions } from '../server.fixture.js'

/** The one key that the servers of these tests know. */
export const key = 'the-key'

/** Whose the key is. */
export const authenticate: Authenticate = ({ headers }) =>
  headers.authorization === `Bearer ${key}` ? { owner: 'me' } : null

/** Starts a server that wants the key, and knows which host names are its own. */
export function startWithKey(
  chat: Parameters<typeof startServer>[0] = echo,
  { manager, serve }: TestServerOptions = {},
): Promise<TestServer> {
  const allowedHosts = ['127.0.0.1', 'localhost']
  return startServer(chat, {
    ...(manager === undefined ? {} : { manager }),
    serve: { authenticate, allowedHosts, ...serve },
  })
}

/** What is said in a request besides what its operation says. */
export interface Sent {
  readonly url: string
  readonly method?: string
  readonly sessionId?: string
  readonly turnId?: string
  readonly query?: string
  readonly body?: unknown
  /** Default: the one that the servers know; null for none. */
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends a request of an operation, with the key, and with the first of its documented bodies. */
export function send(operation: Operation, { url, query = '', ...sent }: Sent) {
  const method = sent.method ?? operation.method.toUpperCase()
  const [example] = Object.values(operation.bodies)
  const body =
    method === 'GET' ? undefined : (sent.body ?? (sent.method === undefined ? example?.value : undefined))
  return fetch(`${url}${pathOf(operation, sent)}${query}`, {
    method,
    headers: {
      ...(sent.key === null ? {} : { Authorization: `Bearer ${sent.key ?? key}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...sent.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

/** The path of an operation, for a session and a turn; default: some that do not exist. */
export function pathOf(
  { path }: Operation,
  { sessionId = 'sess_1', turnId = 'turn_1' }: Pick<Sent, 'sessionId' | 'turnId'> = {},
): string {
  return path
    .replaceAll('{session_id}', encodeURIComponent(sessionId))
    .replaceAll('{turn_id}', encodeURIComponent(turnId))
}

/** Sends the head of a request as bytes, so that it may be wrong. */
async function sendHead(operation: Operation, head: string, { port }: { readonly port: number }) {
  const start = `${operation.method.toUpperCase()} ${pathOf(operation)} HTTP/1.1`
  return exchange(port, `${start}\r\nAuthorization: Bearer ${key}\r\n${head}\r\n\r\n`)
}

/** Listens with an app of a manager that nobody has started, which {@link startServer} would not. */
async function listen(manager: SessionManager, options: ServerOptions = {}) {
  const server = createServer(options, createApp({ manager, authenticate }))
  server.on('clientError', (error, socket) => answerClientError(error, socket, () => {}))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await manager.close()
  })
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}` }
}

function hasQuery({ parameters }: Operation, wanted?: string): boolean {
  return parameters.some(
    ({ name, in: place }) => place === 'query' && (wanted === undefined || name === wanted),
  )
}

function managerOf(chat: Partial<ChatInterface> = {}): SessionManager {
  return createSessionManager({ store: createMemoryStore(), chat: { name: 'test', reply: echo, ...chat } })
}

/** A store of which every call about sessions and turns fails. */
function failingStore() {
  const fail = () => Promise.reject(new Error('disk on fire'))
  const calls =
    'acceptTurn countSessions createSession deleteSession getSession getTurn listMessages listSessions listTurns updateSession'
  return Object.assign(createMemoryStore(), Object.fromEntries(calls.split(' ').map((call) => [call, fail])))
}

/** Lets a reply wait until the test is over; `begun` resolves when it waits. */
export function waitingChat() {
  const begun = gate()
  const { opened, open } = gate()
  onTestFinished(open)
  return {
    begun: begun.opened,
    open,
    async *reply(_message: string, { signal }: ChatContext) {
      yield 'Here are '
      signal.addEventListener('abort', open)
      begun.open()
      await opened
      yield 'three chairs.'
    },
  }
}

/**
 * A server whose turn waits until `outlive` is called: then its lease has run out, as if the process had been held up for
 * that long, and another process has ended it.
 */
export async function startWithLease() {
  const store = createMemoryStore()
  const { reply, begun, open } = waitingChat()
  const server = await startWithKey(reply, { manager: { store } })
  const outlive = async () => {
    await store.interruptAbandoned(Date.now() + 60_000, 'lease_expired')
    open()
  }
  return { server, begun, outlive, open, store }
}

/** Answers a chat of a server with this chat interface. */
async function chatWith(
  operation: Operation,
  reply: Parameters<typeof startServer>[0],
  options?: TestServerOptions,
): Promise<Response> {
  return send(operation, await startWithKey(reply, options))
}

/** Brings an operation into trouble, and returns its answer. */
export type Provoke = (operation: Operation) => Promise<Response>

/** How each problem is provoked from outside, for every operation that documents it. */
export const provocations: Readonly<Partial<Record<ProblemCode, Provoke>>> = {
  bad_request: async (operation) =>
    sendHead(operation, 'Host: localhost\r\nContent-Length: x', await startWithKey()),

  forbidden: async (operation) => sendHead(operation, 'Host: evil.example', await startWithKey()),

  headers_too_large: async (operation) =>
    sendHead(operation, `Host: localhost\r\nX: ${'x'.repeat(20_000)}`, await startWithKey()),

  async request_timeout(operation) {
    const times = { requestTimeout: 20, headersTimeout: 20, connectionsCheckingInterval: 5 }
    const { port } = await listen(managerOf(), times)
    const start = `${operation.method.toUpperCase()} ${pathOf(operation)} HTTP/1.1`
    return exchange(port, `${start}\r\nHost: localhost\r\nContent-`)
  },

  unauthenticated: async (operation) => send(operation, { ...(await startWithKey()), key: 'another' }),

  /** Something fails that nobody has foreseen: what tells who asks, or, where nobody is asked, the first attempt to answer. */
  async internal_error(operation) {
    const fail = () => {
      throw new Error('hunter2')
    }
    if (operation.security.length > 0)
      return send(operation, await startWithKey(echo, { serve: { authenticate: fail } }))
    const server = await startWithKey()
    server.server.prependListener('request', (_req, res) => {
      const writeHead = res.writeHead.bind(res)
      res.writeHead = () => {
        res.writeHead = writeHead
        return fail()
      }
    })
    return send(operation, server)
  },

  malformed_json: async (operation) => send(operation, { ...(await startWithKey()), body: '{"message":' }),

  unsupported_media_type: async (operation) =>
    send(operation, { ...(await startWithKey()), headers: { 'Content-Type': 'text/plain' } }),

  payload_too_large: async (operation) =>
    send(operation, await startWithKey(echo, { serve: { bodyLimit: 1 } })),

  async validation_failed(operation) {
    const wrong = hasQuery(operation) ? { query: '?limit=0' } : { body: { surprise: true } }
    return send(operation, { ...(await startWithKey()), ...wrong })
  },

  async invalid_cursor(operation) {
    const server = await startWithKey()
    const { sessionId } = await server.manager.ownedBy('me').sessions.create()
    const query = hasQuery(operation, 'after') ? '?after=nonsense' : '?cursor=nonsense'
    return send(operation, { ...server, sessionId, query })
  },

  invalid_header: async (operation) =>
    send(operation, { ...(await startWithKey()), headers: { 'Idempotency-Key': 'not one word' } }),

  async session_not_found(operation) {
    const inBody = operation.path.includes('{session_id}')
      ? {}
      : { body: { message: 'hi', session_id: 'sess_1' } }
    return send(operation, { ...(await startWithKey()), ...inBody })
  },

  async turn_not_found(operation) {
    const server = await startWithKey()
    const { sessionId } = await server.manager.ownedBy('me').sessions.create()
    return send(operation, { ...server, sessionId })
  },

  async turn_not_cancellable(operation) {
    const server = await startWithKey()
    const turn = await server.manager.ownedBy('me').startTurn({ message: 'hi' })
    await turn.ended
    return send(operation, { ...server, sessionId: turn.sessionId, turnId: turn.turnId })
  },

  async idempotency_key_reused(operation) {
    const server = await startWithKey()
    const key = { key: 'once', fingerprint: 'of another body' }
    await server.manager.ownedBy('me').startTurn({ message: 'hi', key })
    return send(operation, { ...server, headers: { 'Idempotency-Key': 'once' } })
  },

  async queue_full(operation) {
    const { reply } = waitingChat()
    const server = await startWithKey(reply, { manager: { limits: { queueLimit: 0, onBusy: 'queue' } } })
    const { sessionId } = await server.manager.ownedBy('me').startTurn({ message: 'first' })
    return send(operation, { ...server, body: { message: 'second', session_id: sessionId } })
  },

  async not_ready(operation) {
    const manager = managerOf({ start: () => Promise.reject(new Error('The model is missing.')) })
    return send(operation, await listen(manager))
  },

  async shutting_down(operation) {
    const manager = managerOf()
    await manager.start()
    await manager.close()
    return send(operation, await listen(manager))
  },

  store_unavailable: async (operation) =>
    send(operation, await startWithKey(echo, { manager: { store: failingStore() } })),

  async session_capacity_reached(operation) {
    const server = await startWithKey(echo, { manager: { limits: { maxSessions: 1, whenFull: 'reject' } } })
    await server.manager.ownedBy('me').sessions.create()
    return send(operation, server)
  },

  overloaded: (operation) => chatWith(operation, echo, { manager: { limits: { maxTurns: 0 } } }),

  async turn_in_progress(operation) {
    const { reply } = waitingChat()
    const server = await startWithKey(reply)
    const { sessionId } = await server.manager.ownedBy('me').startTurn({ message: 'first' })
    return send(operation, { ...server, body: { message: 'second', session_id: sessionId } })
  },

  async turn_cancelled(operation) {
    const { reply, begun } = waitingChat()
    const server = await startWithKey(reply)
    const { sessions } = server.manager.ownedBy('me')
    const { sessionId } = await sessions.create()
    const answer = send(operation, { ...server, body: { message: 'hi', session_id: sessionId } })
    await begun
    await sessions.delete(sessionId)
    return answer
  },

  async turn_interrupted(operation) {
    const { server, begun, outlive } = await startWithLease()
    const answer = send(operation, server)
    await begun
    await outlive()
    return answer
  },

  chat_failed: (operation) =>
    chatWith(operation, async function* () {
      yield 'Here are'
      throw new Error('boom')
    }),

  chat_timeout: (operation) =>
    chatWith(operation, async function* () {
      yield 'Here are'
      throw new ChatError('timeout', 'The model took too long.')
    }),

  output_too_large: (operation) => chatWith(operation, echo, { manager: { limits: { maxOutputBytes: 12 } } }),

  upstream_failed: (operation) =>
    chatWith(operation, async function* () {
      yield 'Here are'
      throw new ChatError('upstream_failed', 'The model answered with 500.')
    }),
}

/** Those that wait for a turn, which only a chat begins. */
export const provokedByChat: ReadonlySet<ProblemCode> = new Set(['turn_cancelled', 'turn_interrupted'])
