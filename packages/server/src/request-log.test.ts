import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import express, { type Express } from 'express'
import { type Logger, pino } from 'pino'
import { pinoHttp } from 'pino-http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from './index.js'
import { echo, gate, startServer } from './server.fixture.js'

const waiting = async function* (_message: string, { signal }: { signal: AbortSignal }) {
  yield 'half'
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
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
      key: 'shop-front',
      client: '127.0.0.1',
      msg: 'request answered',
    })
    expect(line['bytes']).toBeGreaterThan(body.length)
    expect(line['duration_ms']).toBeGreaterThan(0)
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
