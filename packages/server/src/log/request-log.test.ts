import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { ProblemCode } from '@colloquy/contract'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import express, { type Express } from 'express'
import { type Logger, pino } from 'pino'
import { pinoHttp } from 'pino-http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { exchange } from '../connections/raw-exchange.fixture.js'
import { createApp } from '../index.js'
import { echo, gate, startServer } from '../server.fixture.js'

const waiting = async function* (_message: string, { signal }: { signal: AbortSignal }) {
  yield 'half'
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

const uploading = 'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n'

const codes: Readonly<Record<number, ProblemCode>> = {
  400: 'bad_request',
  408: 'request_timeout',
  431: 'headers_too_large',
}

describe('the line of a request', () => {
  it('says what was asked for, by whom, how it went, how long it took and how much was sent', async () => {
    const server = await startServer(echo, {
      serve: { authenticate: () => ({ owner: 'o', name: 'shop-front' }) },
    })
    const headers = {
      'X-Request-Id': 'req-1',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    }
    const response = await server.post('/api/v1/chat', { message: 'hi' }, { headers })
    const body = await response.text()
    const line = await server.line(({ msg }) => msg === 'request answered')
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      request_id: 'req-1',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      method: 'POST',
      route: '/api/v1/chat',
      status: 200,
      duration_ms: expect.any(Number),
      bytes: expect.any(Number),
      session_id: response.headers.get('x-session-id'),
      turn_id: response.headers.get('x-turn-id'),
      outcome: 'completed',
      first_event_ms: expect.any(Number),
      events: 5,
      key: 'shop-front',
      client: '127.0.0.1',
      msg: 'request answered',
    })
    expect(line['bytes']).toBeGreaterThan(body.length)
    expect(line['duration_ms']).toBeGreaterThan(0)
  })

  it('says how its turn ended where it was answered with JSON, and the turn has no line beside it', async () => {
    const server = await startServer(echo)
    await (await server.post('/api/v1/chat', { message: 'hi' })).text()
    await server.line(({ outcome }) => outcome === 'completed')
    await (await server.post('/api/v1/chat', { message: 'hi', stream: true })).text()
    await server.line(({ stream }) => stream === 'answered')
    await server.line(({ msg }) => msg === 'turn completed')
    const about = server.lines.filter((line) => line['turn_id'] !== undefined)
    expect(about.map(({ msg }) => String(msg)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'request answered',
      'request answered',
      'turn completed',
    ])
  })

  it('leaves it to the turn to say how it ended where it failed', async () => {
    const server = await startServer(async function* () {
      yield 'half'
      throw new Error('no model')
    })
    await server.post('/api/v1/chat', { message: 'hi' })
    const line = await server.line(({ msg }) => msg === 'turn failed')
    expect(line).toMatchObject({ level: 50, outcome: 'failed', code: 'chat_failed', events: 3 })
    expect(await server.line(({ status }) => status === 500)).not.toHaveProperty('outcome')
  })

  it('says that an answer broke, and why, where its response had an error', async () => {
    const server = await startServer(waiting)
    const answers: ServerResponse[] = []
    server.server.on('request', (_req, res) => answers.push(res))
    const answer = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    for (const res of answers) {
      res.emit('error', new Error('the wire burned')) // as Node does, of what was written too late
      res.destroy()
    }
    await answer.text().catch(() => {})
    expect(await server.line(({ level }) => level === 50)).toMatchObject({
      msg: 'request failed',
      stream: 'broken',
      err: { message: 'the wire burned' },
    })
  })

  it('is written once, and the server goes on, where something writes to an answer that has ended', async () => {
    const server = await startServer(waiting)
    const answers: ServerResponse[] = []
    server.server.on('request', (_req, res) => answers.push(res))
    const answer = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    for (const res of answers) {
      res.end()
      res.write('too late')
    }
    await answer.text().catch(() => {})
    await server.line(({ route }) => route === '/api/v1/chat')
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
    expect(server.lines.filter(({ route }) => route === '/api/v1/chat')).toHaveLength(1)
  })

  it('leaves it to the turn where nobody reads the lines of requests', async () => {
    const lines: Record<string, unknown>[] = []
    const chat = { name: 'chat', reply: echo }
    const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
    const manager = createSessionManager({ store: createMemoryStore(), chat, logger })
    await manager.start()
    const server = express()
      .use(pinoHttp({ logger, autoLogging: false }), createApp({ manager }))
      .listen(0)
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const headers = { 'Content-Type': 'application/json' }
    const request = { method: 'POST', body: '{"message":"hi"}', headers }
    await (await fetch(`http://localhost:${port}/api/v1/chat`, request)).text()
    expect(lines.map(({ msg }) => msg)).toContain('turn completed')
  })

  it('says of a stream that it was one, and that it was read to its end', async () => {
    const server = await startServer(echo)
    await (await server.post('/api/v1/chat', { message: 'hi', stream: true })).text()
    expect(await server.line(({ msg }) => msg === 'request answered')).toMatchObject({
      route: '/api/v1/chat',
      status: 200,
      stream: 'answered',
    })
  })

  it('says of a stream that its client left it', async () => {
    const server = await startServer(waiting)
    const leaving = new AbortController()
    await server.post('/api/v1/chat', { message: 'hi', stream: true }, { signal: leaving.signal })
    leaving.abort()
    expect(await server.line(({ msg }) => msg === 'request left by its client')).toMatchObject({
      level: 30,
      status: 200,
      stream: 'left',
    })
  })

  it('says of a stream that the server had to break it off, and why', async () => {
    const { opened, open } = gate()
    const store = createMemoryStore()
    const server = await startServer(
      async function* () {
        yield 'half'
        await opened
        yield 'more'
      },
      { manager: { store } },
    )
    const stream = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    store.writeTurns = () => Promise.reject(new Error('disk on fire'))
    open()
    await expect(stream.text()).rejects.toThrow('terminated')
    const line = await server.line(({ stream }) => stream === 'broken')
    expect(line).toMatchObject({ level: 50, msg: 'request failed' })
  })

  it('says which turn stood in the way of a message, and why it was refused', async () => {
    const server = await startServer(waiting)
    const running = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    const session_id = running.headers.get('x-session-id')
    await server.post('/api/v1/chat', { message: 'again', session_id })
    expect(await server.line(({ status }) => status === 409)).toMatchObject({
      level: 30,
      code: 'turn_in_progress',
      session_id,
      turn_id: running.headers.get('x-turn-id'),
    })
  })

  it.each([
    ['breaks off', (socket: Socket) => socket.resetAndDestroy()],
    ['closes its connection', (socket: Socket) => socket.destroy()],
  ])('has no status when its client %s before it has sent its body', async (_what, leave) => {
    const server = await startServer(echo)
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    const arrived = once(server.server, 'request')
    socket.write(`POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\n${uploading}{"message":`)
    await arrived
    leave(socket)
    expect(await server.line(({ route }) => route === '/api/v1/chat')).toMatchObject({
      level: 30,
      status: null,
      client: '127.0.0.1',
      msg: 'request left by its client',
    })
  })

  it('has no session that is not there, whatever the client calls it', async () => {
    const server = await startServer(echo)
    await fetch(`${server.url}/api/v1/sessions/sess_a-secret`)
    await fetch(`${server.url}/api/v1/sessions/sess_a-secret`, { method: 'DELETE' })
    await server.post('/api/v1/chat', { message: 'hi', session_id: 'sess_a-secret' })
    await server.line(({ method }) => method === 'POST')
    expect(JSON.stringify(server.lines)).not.toContain('a-secret')
  })

  it('is written for every request once, also for one that is refused', async () => {
    const server = await startServer(echo)
    const paths = ['/nothing', '/api/v1/sessions/%zz', '/health', '/api/v1/sessions/x']
    for (const path of paths) await fetch(server.url + path)
    await fetch(`${server.url}/health`, { method: 'DELETE' })
    await server.line(({ status }) => status === 405)
    const requests = server.lines.filter((line) => 'method' in line)
    expect(requests.map(({ route, status, level }) => [route, status, level])).toEqual([
      [undefined, 404, 30],
      [undefined, 400, 30],
      ['/health', 200, 20],
      ['/api/v1/sessions/{session_id}', 404, 30],
      ['/health', 405, 30],
    ])
  })
})

describe('a request that never gets to a route', () => {
  const host = 'Host: localhost\r\n'

  it.each([
    [
      'headers that are too large',
      `GET /a-secret HTTP/1.1\r\n${host}X: ${'a-secret'.repeat(4_000)}\r\n\r\n`,
      431,
    ],
    ['what is no HTTP', 'a-secret\r\n\r\n', 400],
    ['a request without a host', 'GET /a-secret HTTP/1.1\r\nX: a-secret\r\n\r\n', 400],
    ['an address of something else', `GET ftp://a-secret/ HTTP/1.1\r\n${host}\r\n`, 400],
    ['a request for a tunnel', `CONNECT a-secret:443 HTTP/1.1\r\n${host}\r\n`, 400],
    ['headers that do not arrive in time', `GET /a-secret HTTP/1.1\r\n${host}`, 408],
  ])('has a line, and is counted: %s', async (_what, bytes, status) => {
    const requestTimeoutMs = status === 408 ? 100 : 60_000
    const server = await startServer(echo, { serve: { requestTimeoutMs, trustProxy: true } })
    const answer = await exchange(server.port, bytes)
    const { code } = await problemOf(answer, codes[status] ?? 'bad_request')
    const line = await server.line(({ msg }) => msg === 'request refused')
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      request_id: answer.headers.get('x-request-id'),
      status,
      code,
      client: '127.0.0.1',
      bytes: expect.any(Number),
      msg: 'request refused',
    })
    expect(line['bytes']).toBeGreaterThan(200)
    expect(JSON.stringify(server.lines)).not.toContain('a-secret')
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toContain(`colloquy_http_requests_refused_total{code="${code}"} 1\n`)
    expect(metrics).toContain(
      `colloquy_http_response_bytes_total{method="other",route="unmatched"} ${String(line['bytes'])}\n`,
    )
    expect(metrics).not.toContain('colloquy_http_request_duration_seconds_count') // nobody has measured it
  })

  it.each([
    ['a body that does not arrive in time', '', 408],
    ['a body that breaks off with what is no chunk', 'Transfer-Encoding: chunked\r\n\r\nno chunk\r\n', 400],
  ])('has one line, that of its route, where the route was known: %s', async (_what, rest, status) => {
    const server = await startServer(echo, { serve: { requestTimeoutMs: status === 408 ? 100 : 60_000 } })
    const start = `POST /api/v1/chat HTTP/1.1\r\n${host}X-Request-Id: mine\r\n`
    const type = 'Content-Type: application/json\r\n'
    const answer = await exchange(server.port, `${start}${rest === '' ? uploading : type + rest}`)
    expect(answer.headers.get('x-request-id')).toBe('mine')
    await problemOf(answer, codes[status] ?? 'bad_request')
    expect(await server.line((line) => line['request_id'] === 'mine')).toMatchObject({
      level: 30,
      route: '/api/v1/chat',
      status,
      code: codes[status],
      msg: 'request answered',
    })
    expect(server.lines.filter(({ status }) => status !== undefined)).toHaveLength(1)
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain(
      `method="POST",route="/api/v1/chat",status="${status}",stream="false"} 1`,
    )
  })
})

describe('an error in the log of an app', () => {
  const secret = `${'A1b2'.repeat(2)}C3d4e5f6`
  const failing = {
    name: 'failing',
    async *reply() {
      yield 'a'
      throw Object.assign(new Error(`401 for Bearer ${secret}`), {
        config: { headers: { Authorization: secret } },
        apiKey: secret,
      })
    },
  }

  async function logOf(host: (logger: Logger) => Express) {
    const lines: string[] = []
    const logger: Logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
    const manager = createSessionManager({ store: createMemoryStore(), chat: failing, logger })
    const server = createServer(host(logger).use(createApp({ manager, logger }))).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(async () => {
      server.close()
      server.closeAllConnections()
      await manager.close()
    })
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/chat`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"message":"hi"}',
    })
    return lines.filter((line) => line.includes('turn failed'))
  }

  it('has no credentials, with a plain logger', async () => {
    const lines = await logOf(() => express())
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('401 for Bearer ***')
    expect(lines[0]).not.toContain(secret)
  })

  it('has none either in a host application that logs requests itself', async () => {
    const lines = await logOf((logger) => express().use(pinoHttp({ logger })))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('401 for Bearer ***')
    expect(lines[0]).not.toContain(secret)
  })
})
