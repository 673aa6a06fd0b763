import { once } from 'node:events'
import { ChatError, type ChatInterface, type Logger, silentLogger } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { withFallback, withRetry, withTimeout } from '../composition/index.js'
import { answerOf, reading, textIn, toldBy } from './asking.fixture.js'
import { type ColloquyBackendOptions, fromColloquy } from './index.js'
import { beginStream, type ServiceRequest, startService } from './running-service.fixture.js'

const secret = 'hunter2'
const session = {
  session_id: 'sess_there',
  created_at: '2026-01-01T00:00:00.000Z',
  last_active_at: '2026-01-01T00:00:00.000Z',
  expires_at: null,
  ttl_seconds: 60,
  message_count: 0,
  active_turn_id: null,
  metadata: {},
  chat: null,
}

type Answer = (request: ServiceRequest) => void

/** Something that looks like a Colloquy server: it makes sessions, and does with a chat whatever the test wants. */
async function startLookalike(answerChat: Answer, answerElse: Answer = ({ res }) => void res.destroy()) {
  const service = await startService((request) => {
    const { req, res } = request
    if (req.url === '/api/v1/chat') answerChat(request)
    else if (req.url === '/api/v1/sessions')
      res.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify(session))
    else answerElse(request)
  })
  return { ...service, url: new URL(service.url).origin }
}

const headOf = {
  'Content-Type': 'text/event-stream',
  'X-Session-Id': 'sess_there',
  'X-Turn-Id': 'turn_there',
}

const problem =
  (
    status: number,
    code: string,
    more: Readonly<{ request_id?: string; retry_after_seconds?: number }> = {},
  ): Answer =>
  ({ res }) => {
    const problem = { type: 'x', title: 'x', status, detail: 'my diary', code, request_id: 'req_1', ...more }
    res.setHeader('X-Request-Id', problem.request_id)
    if (problem.retry_after_seconds !== undefined) res.setHeader('Retry-After', problem.retry_after_seconds)
    res.writeHead(status, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(problem))
  }

/** What goes wrong where a chat is answered like this. No error tells a secret, or anything that was said. */
async function failureOf(answerChat: Answer, options: Partial<ColloquyBackendOptions> = {}) {
  const { url } = await startLookalike(answerChat)
  const chat = fromColloquy({ baseUrl: url, apiKey: secret, maxRetries: 0, maxReconnects: 0, ...options })
  const { error } = await answerOf(chat, 'my diary')
  expect(toldBy(error)).not.toMatch(/hunter2|diary/)
  if (!(error instanceof ChatError)) throw new Error('It did not fail as a ChatError', { cause: error })
  const { code, retryAfterSeconds, message } = error
  return { code, retryAfterSeconds, message }
}

describe('what another server says instead of an answer', () => {
  it.each([
    [503, 'not_ready', 'not_ready'],
    [503, 'shutting_down', 'not_ready'],
    [503, 'overloaded', 'rate_limited'],
    [503, 'session_capacity_reached', 'rate_limited'],
    [409, 'turn_in_progress', 'rate_limited'],
    [409, 'queue_full', 'rate_limited'],
    [504, 'chat_timeout', 'timeout'],
    [408, 'request_timeout', 'timeout'],
    [401, 'unauthenticated', 'refused'],
    [403, 'forbidden', 'refused'],
    [404, 'not_found', 'refused'],
    [409, 'idempotency_key_reused', 'refused'],
    [413, 'payload_too_large', 'refused'],
    [422, 'validation_failed', 'refused'],
    [500, 'internal_error', 'upstream_failed'],
    [503, 'store_unavailable', 'upstream_failed'],
    [502, 'my diary', 'upstream_failed'],
  ])('%i %s is %s here', async (status, code, wanted) => {
    const failure = await failureOf(problem(status, code, { retry_after_seconds: 9 }))
    expect(failure).toMatchObject({ code: wanted, retryAfterSeconds: 9 })
    expect(failure.message).toContain(`${status}, req_1`)
    expect(failure.message).toContain(code === 'my diary' ? 'an unknown code' : code)
  })

  it('an id of the request that may be anything is not told', async () => {
    expect(
      (await failureOf(problem(500, 'internal_error', { request_id: 'my diary' }))).message,
    ).not.toContain('req')
  })

  it('a session that is gone, and then again, fails the turn: one is made anew once', async () => {
    const service = await startLookalike(problem(404, 'session_not_found'))
    const chat = fromColloquy({ baseUrl: service.url })
    const { chunks, error } = await answerOf(chat, 'Hello', { state: { session_id: 'sess_old' } })
    expect(chunks).toEqual([])
    expect(error).toMatchObject({ code: 'upstream_failed' })
    expect(service.requests.map(({ req }) => req.url)).toEqual([
      '/api/v1/chat',
      '/api/v1/sessions',
      '/api/v1/chat',
    ])
  })

  it.each([
    [200, 'text/html', 'upstream_failed'],
    [204, '', 'upstream_failed'],
    [302, 'text/html', 'upstream_failed'],
    [404, 'text/html', 'refused'],
    [429, 'text/html', 'rate_limited'],
    [502, 'text/html', 'upstream_failed'],
    [504, 'text/html', 'timeout'],
  ])(
    'the %i with %j of something that is no Colloquy server is told by its status',
    async (status, type, code) => {
      const failure = await failureOf(({ res }) => {
        const elsewhere = status === 302 ? { Location: '/elsewhere' } : {}
        res.writeHead(status, { ...(type === '' ? {} : { 'Content-Type': type }), ...elsewhere })
        res.end(status === 204 ? undefined : 'my diary')
      })
      expect(failure.code).toBe(code)
    },
  )

  it.each([
    'id: 1\nevent: text.delta\ndata: my diary\n\n',
    'id: 1\nevent: text.delta\ndata: {"text":7}\n\n',
    'id: 9\nevent: text.delta\ndata: {"text":"my diary"}\n\n',
    `id: 1\nevent: text.delta\ndata: ${'x'.repeat(2_000)}`,
  ])('the stream %j, which is not the API, fails the turn', async (stream) => {
    const failure = await failureOf(({ res }) => res.writeHead(200, headOf).end(stream), {
      maxEventLength: 1_000,
    })
    expect(failure.code).toBe('upstream_failed')
  })

  it('nothing fails the turn after its time', async () => {
    expect(await failureOf(() => {}, { timeout: 50 })).toMatchObject({ code: 'timeout' })
  })
})

describe('a request that is sent again', () => {
  it('has the same key, the id of the turn, and the same body', async () => {
    let chats = 0
    const service = await startLookalike((request) => {
      chats += 1
      if (chats === 1) request.res.destroy()
      else if (chats === 2) problem(503, 'overloaded', { retry_after_seconds: 0 })(request)
      else
        request.res
          .writeHead(200, headOf)
          .end(
            'id: 1\nevent: text.delta\ndata: {"text":"Hi"}\n\n' +
              'id: 2\nevent: turn.cancelled\ndata: {"reason":"x","content":"Hi"}\n\n',
          )
    })
    const waits: number[] = []
    const chat = fromColloquy({
      baseUrl: service.url,
      wait: async (ms) => void waits.push(ms),
      random: () => 0,
    })
    const { chunks } = await answerOf(chat, 'Hello', { turnId: 'turn_7' })
    expect(textIn(chunks)).toBe('Hi')
    const asked = service.requests.filter(({ req }) => req.url === '/api/v1/chat')
    expect(asked.map(({ req }) => req.headers['idempotency-key'])).toEqual(['turn_7', 'turn_7', 'turn_7'])
    expect(new Set(asked.map(({ body }) => body)).size).toBe(1)
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      message: 'Hello',
      session_id: 'sess_there',
      on_busy: 'interrupt',
      on_disconnect: 'continue',
      stream: true,
    })
    expect(waits).toHaveLength(2)
  })

  it('by asking the same turn again is sent in the same session, though the turn had no state yet', async () => {
    const service = await startLookalike(problem(500, 'internal_error'))
    const chat = fromColloquy({ baseUrl: service.url })
    for (let attempt = 0; attempt < 3; attempt += 1) await answerOf(chat, 'Hello', { turnId: 'turn_7' })
    await answerOf(chat, 'Hello', { turnId: 'turn_8' })
    const made = service.requests.filter(({ req }) => req.url === '/api/v1/sessions')
    expect(made).toHaveLength(2)
  })

  it('is made with the chat that was chosen, and without a redirect being followed', async () => {
    const service = await startLookalike(problem(500, 'internal_error'))
    const inits: RequestInit[] = []
    const chat = fromColloquy({
      baseUrl: service.url,
      chat: 'shop',
      headers: { 'X-Tenant': 'a' },
      fetch: (url, init) => {
        inits.push(init)
        return fetch(url, init)
      },
    })
    await answerOf(chat)
    const made = await service.next()
    expect(JSON.parse(made.body)).toEqual({ metadata: {}, chat: 'shop' })
    expect(made.req.headers['x-tenant']).toBe('a')
    expect(inits.map(({ redirect }) => redirect)).toEqual(['manual', 'manual'])
  })
})

describe('a turn that is stopped before the server has named it', () => {
  /** The requests to cancel a turn that came. */
  const cancels = ({ requests }: { readonly requests: readonly ServiceRequest[] }) =>
    requests.map(({ req }) => req.url).filter((url) => url?.endsWith('/cancel') === true)

  it('is cancelled as soon as it has a name', async () => {
    const service = await startLookalike(() => {}, problem(409, 'turn_not_cancellable'))
    const warnings: object[] = []
    const logger: Logger = { ...silentLogger, warn: (fields) => warnings.push(fields) }
    const answer = reading(fromColloquy({ baseUrl: service.url }), 'Hello', { logger })
    const first = answer.next().catch((error: unknown) => error)
    await service.next()
    const chat = await service.next()
    answer.stop()
    chat.res.writeHead(200, headOf).flushHeaders()
    expect(await first).toMatchObject({ message: 'stopped by the test' })
    expect(cancels(service)).toEqual(['/api/v1/sessions/sess_there/turns/turn_there/cancel'])
    if (!chat.req.socket.destroyed) await once(chat.req.socket, 'close')
    expect(warnings).toEqual([]) // it had ended by itself
  })

  it('is given up after two seconds, and its connection is closed', async () => {
    const clock = createManualClock()
    const service = await startLookalike(() => {})
    const warnings: object[] = []
    const logger: Logger = { ...silentLogger, warn: (fields) => warnings.push(fields) }
    const answer = reading(fromColloquy({ baseUrl: service.url, clock }), 'Hello', { logger })
    const first = answer.next().catch((error: unknown) => error)
    await service.next()
    const chat = await service.next()
    answer.stop()
    await clock.advance(1_999)
    expect(clock.timers).toBe(1)
    await clock.advance(1)
    expect(await first).toMatchObject({ message: 'stopped by the test' })
    if (!chat.req.socket.destroyed) await once(chat.req.socket, 'close')
    expect(cancels(service)).toEqual([])
    expect(warnings).toEqual([{ code: 'no_answer' }])
    expect(clock.timers).toBe(0)
  })

  it('is given up after two seconds also where the cancelling hangs', async () => {
    const clock = createManualClock()
    const service = await startLookalike(
      ({ res }) => {
        res.writeHead(200, headOf).write('id: 1\nevent: text.delta\ndata: {"text":"a"}\n\n')
      },
      () => {},
    )
    const answer = reading(fromColloquy({ baseUrl: service.url, clock }))
    await answer.next()
    answer.stop()
    const left = answer.leave()
    for (let request = 0; request < 3; request += 1) await service.next()
    await clock.advance(2_000)
    expect(await left).toMatchObject({ done: true })
    for (const { req } of service.requests)
      if (!req.socket.destroyed && req.url !== '/api/v1/sessions') await once(req.socket, 'close')
  })

  it('while its session is made is given up at once', async () => {
    const service = await startService(() => {})
    const answer = reading(fromColloquy({ baseUrl: new URL(service.url).origin }))
    const first = answer.next().catch((error: unknown) => error)
    const { req } = await service.next()
    answer.stop()
    expect(await first).toMatchObject({ message: 'stopped by the test' })
    if (!req.socket.destroyed) await once(req.socket, 'close')
    expect(service.requests).toHaveLength(1)
  })
})

describe('a start', () => {
  it('fails where the server says nothing, or is none', async () => {
    const silent = await startLookalike(
      () => {},
      () => {},
    )
    const late = fromColloquy({ baseUrl: silent.url, timeout: 50 })
    await expect(late.start?.()).rejects.toMatchObject({ code: 'timeout' })
    const other = await startLookalike(() => {}, problem(404, 'not_found'))
    const wrong = fromColloquy({ baseUrl: other.url })
    await expect(wrong.start?.()).rejects.toMatchObject({ code: 'refused' })
  })

  const functions = (name: string) => [{ name, description: `It is ${name}.` }]

  /** Something whose status names these chats. */
  async function startWithChats(...names: string[]) {
    const status = {
      name: 'colloquy',
      version: '1.0.0',
      ready: true,
      uptime_seconds: 1,
      chat: { name: 'all', available_functions: functions('any') },
      chats: names.map((name) => ({ name, available_functions: functions(`of_${name}`) })),
      session_count: 0,
      turns: { running: 0, queued: 0 },
      components: {},
      store: { kind: 'memory' },
      process: { memory_rss_bytes: 1, node_version: 'v26', pid: 1 },
    }
    return startLookalike(
      () => {},
      ({ res }) => res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(status)),
    )
  }

  it.each([
    ['the one that was chosen', ['shop', 'help'], 'help', 'of_help'],
    ['the first, where none was chosen', ['shop', 'help'], undefined, 'of_shop'],
    ['all, where there is no choice', [], undefined, 'any'],
  ])('learns the functions of %s', async (_whom, names, chat, name) => {
    const { url } = await startWithChats(...names)
    const made = fromColloquy({ baseUrl: url, chat })
    await made.start?.()
    expect(made.functions?.map((one) => one.name)).toEqual([name])
  })

  it('fails where the chat that was chosen is not there, and says which are', async () => {
    const { url } = await startWithChats('shop', 'two\nlines')
    await expect(fromColloquy({ baseUrl: url, chat: 'nope' }).start?.()).rejects.toMatchObject({
      code: 'refused',
      message:
        `The Colloquy server at ${url} has no chat "nope". It has: "shop", "two\\nlines". ` +
        'Give one of them in the option "chat", or none for the first.',
    })
    const many = await startWithChats(...Array.from({ length: 50 }, (_, n) => `${n}${'x'.repeat(99)}`))
    const error: unknown = await Promise.resolve(
      fromColloquy({ baseUrl: many.url, chat: '0' }).start?.(),
    ).catch((error: unknown) => error)
    expect((error as Error).message).toContain('and 30 more')
    expect((error as Error).message.length).toBeLessThan(2_000)
  })

  it('fails where a chat was chosen and there is no choice', async () => {
    const { url } = await startWithChats()
    await expect(fromColloquy({ baseUrl: url, chat: 'nope' }).start?.()).rejects.toMatchObject({
      code: 'refused',
      message: `The Colloquy server at ${url} has no chat "nope": it has one only. Leave the option "chat" out.`,
    })
  })
})

describe('a session that is made anew', () => {
  const sse = (...events: readonly (readonly [string, object])[]) =>
    events
      .map(([name, data], n) => `id: ${n + 1}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
      .join('')
  const completed = {
    message_id: 'msg_1',
    content: 'Hello',
    session_id: 'sess_there',
    turn_id: 'turn_there',
    finish_reason: 'stop',
    usage: null,
    functions_called: [],
    duration_ms: 1,
    timestamp: '2026-01-01T00:00:00.000Z',
  }
  const answers: Answer = ({ res }) =>
    res.writeHead(200, headOf).end(sse(['text.delta', { text: 'Hello' }], ['turn.completed', completed]))

  /** A server that has lost its sessions, and does this with those that are new. */
  async function startForgetful(...rest: readonly Answer[]) {
    const left = [problem(404, 'session_not_found'), ...rest]
    const service = await startLookalike((request) => left.shift()?.(request))
    const remote = fromColloquy({ baseUrl: service.url, maxRetries: 0, maxReconnects: 0 })
    // It has neither a status nor a health to tell.
    const chat: ChatInterface = { ...remote, start: () => {}, health: () => ({}) }
    return { service, chat }
  }
  const told = { state: { session_id: 'sess_gone' } }
  const renewed = { type: 'data', name: 'session.renewed', data: { reason: 'session_not_found' } }
  const answer = [
    { type: 'text', text: 'Hello' },
    { type: 'finish', reason: 'stop' },
  ]
  const state = { type: 'state', state: { session_id: 'sess_there' } }

  it('is told with the first chunk of the answer, and not before', async () => {
    let say = () => {}
    const { service, chat } = await startForgetful(({ res }) => {
      res.writeHead(200, headOf).flushHeaders()
      say = () => res.end(sse(['text.delta', { text: 'Hello' }], ['turn.completed', completed]))
    })
    const { next } = reading(chat, 'Hello', told)
    let isTold = false
    const first = next().finally(() => {
      isTold = true
    })
    for (let request = 0; request < 3; request += 1) await service.next()
    expect(isTold).toBe(false)
    say()
    expect(await first).toEqual({ done: false, value: renewed })
    expect(await next()).toEqual({ done: false, value: answer[0] })
  })

  it('is told at the end of an answer that says nothing', async () => {
    const { chat } = await startForgetful(({ res }) =>
      res.writeHead(200, headOf).end(sse(['turn.completed', completed])),
    )
    expect((await answerOf(chat, 'Hello', told)).chunks).toEqual([renewed, answer[1], state])
  })

  it('lets a withFallback ask the next one, when it fails before its first chunk', async () => {
    const { chat, service } = await startForgetful(problem(500, 'internal_error'))
    const other: ChatInterface = {
      name: 'other',
      async *reply() {
        yield 'It is me.'
      },
    }
    const both = withFallback(chat, other)
    await both.start?.()
    const { chunks, error } = await answerOf(both, 'Hello', told)
    expect(error).toBeUndefined()
    expect(service.requests).toHaveLength(3)
    expect(chunks).toEqual([{ type: 'text', text: 'It is me.' }])
  })

  it('lets a withRetry try again, and is told then', async () => {
    const { chat, service } = await startForgetful(problem(503, 'overloaded'), answers)
    const { chunks, error } = await answerOf(withRetry(chat, { delayMs: 0 }), 'Hello', told)
    expect(error).toBeUndefined()
    expect(chunks).toEqual([renewed, ...answer, state])
    const made = service.requests.filter(({ req }) => req.url === '/api/v1/sessions')
    expect(made).toHaveLength(1)
  })

  it('is no first chunk for a withTimeout', async () => {
    const clock = createManualClock()
    const { chat, service } = await startForgetful(() => {})
    const answer = answerOf(withTimeout(chat, { firstChunkMs: 50, clock }), 'Hello', told)
    for (let request = 0; request < 3; request += 1) await service.next()
    await clock.advance(50)
    expect(await answer).toMatchObject({ chunks: [], error: { code: 'timeout' } })
    for (const { res } of service.requests) res.destroy()
    await chat.stop?.()
  })
})

describe('a key', () => {
  it('is sent once, also where the headers have another one', async () => {
    const service = await startLookalike(problem(500, 'internal_error'))
    const headers = { AUTHORIZATION: 'Bearer other' }
    await answerOf(fromColloquy({ baseUrl: service.url, apiKey: secret, headers }))
    expect((await service.next()).req.headers.authorization).toBe(`Bearer ${secret}`)
  })
})

describe('the health of another server', () => {
  it('is what it says, with the names of what ails; it is bad where nobody answers in time', async () => {
    const clock = createManualClock()
    const component = { status: 'degraded', latency_ms: 1, detail: 'my diary' }
    const said = {
      status: 'degraded',
      components: { store: { status: 'healthy', latency_ms: 1 }, model: component },
      timestamp: '2026-01-01T00:00:00.000Z',
    }
    let isSilent = false
    const service = await startService((request) => {
      if (isSilent) beginStream(request)
      else request.res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(said))
    })
    const chat = fromColloquy({ baseUrl: new URL(service.url).origin, clock })
    expect(await chat.health?.()).toEqual({
      server: { status: 'degraded', detail: 'not healthy there: model' },
    })
    isSilent = true
    const late = chat.health?.()
    await service.next()
    await service.next()
    await clock.advance(4_000)
    expect(await late).toEqual({ server: { status: 'unhealthy', detail: 'no answer within 4000 ms' } })
    expect(clock.timers).toBe(0)
  })
})

describe('options that can not work', () => {
  it.each([
    { baseUrl: secret },
    { baseUrl: `http://user:${secret}@localhost/` },
    { apiKey: `a\n${secret}` },
    { headers: { Cookie: `a\n${secret}` } },
    { timeout: -1 },
  ])('are refused when it is made, and not shown: %j', (options) => {
    let thrown: unknown
    try {
      fromColloquy({ baseUrl: 'http://localhost/', ...options })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(Error)
    expect(toldBy(thrown).replaceAll(/^ .*$/gm, '')).not.toContain(secret)
  })
})
