import { health, liveness, problem, readiness, status } from '@colloquy/contract'
import { describe, expect, it } from 'vitest'
import { echo, gate, startServer } from '../server.fixture.js'

const get = async (url: string) => {
  const response = await fetch(url)
  return { status: response.status, body: await response.json() }
}

describe('the service', () => {
  it('tells how every component is doing', async () => {
    const server = await startServer({
      name: 'shop',
      reply: echo as never,
      health: () => ({ catalogue: { status: 'degraded', detail: 'old' } }),
    })
    const { status, body } = await get(`${server.url}/health`)
    expect(status).toBe(200)
    expect(health.parse(body)).toMatchObject({
      status: 'degraded',
      components: {
        store: { status: 'healthy' },
        chat: { status: 'degraded' },
        catalogue: { detail: 'old' },
      },
    })
  })

  it('is 503 when a component is unhealthy, and names it', async () => {
    const chat = { name: 'shop', reply: echo as never, health: () => ({}) }
    const server = await startServer(chat)
    chat.health = () => {
      throw new Error('secret')
    }
    const { status, body } = await get(`${server.url}/health`)
    expect(status).toBe(503)
    expect(health.parse(body).components['chat']).toMatchObject({
      status: 'unhealthy',
      detail: 'the health check failed',
    })
  })

  it('is live, and ready once it has started', async () => {
    const server = await startServer(echo)
    expect(liveness.parse((await get(`${server.url}/health/live`)).body)).toEqual({ status: 'live' })
    expect(readiness.parse((await get(`${server.url}/health/ready`)).body)).toEqual({ status: 'ready' })
  })

  it('says what it is and what is going on', async () => {
    const functions = [{ name: 'look', description: 'Looks.', parameters: { type: 'object' } }]
    const server = await startServer(
      { name: 'shop', functions, reply: echo as never },
      { serve: { name: 'my shop', version: '1.2.3' } },
    )
    await server.post('/api/v1/sessions', {})
    const { body } = await get(`${server.url}/api/v1/status`)
    expect(status.parse(body)).toMatchObject({
      name: 'my shop',
      version: '1.2.3',
      ready: true,
      chat: { name: 'shop', available_functions: [{ name: 'look', description: 'Looks.' }] },
      session_count: 1,
      turns: { running: 0, queued: 0 },
      store: { kind: 'memory' },
    })
  })

  it('answers HEAD wherever it answers GET', async () => {
    const server = await startServer(echo)
    for (const path of ['/health', '/health/live', '/api/v1/status']) {
      const response = await fetch(server.url + path, { method: 'HEAD' })
      expect([response.status, await response.text()]).toEqual([200, ''])
      expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0)
    }
  })

  it('says with every answer how long it took, and keeps others from using it', async () => {
    const server = await startServer(echo)
    const answers = [
      await fetch(`${server.url}/health`),
      await fetch(`${server.url}/nothing`),
      await fetch(`${server.url}/docs`),
      await fetch(`${server.url}/health`, { method: 'OPTIONS' }),
      await server.post('/api/v1/chat', { message: 'hi' }),
    ]
    for (const { headers } of answers) {
      expect(Number(headers.get('x-response-time'))).toBeGreaterThan(0)
      expect(headers.get('server-timing')).toBe(`total;dur=${headers.get('x-response-time')}`)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
    const stream = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    expect(stream.headers.get('x-response-time')).toBeNull()
    await stream.text()
  })

  it('writes one line for each request, with its route and without anything that came with it', async () => {
    const server = await startServer(echo)
    const headers = { 'X-Request-Id': 'req-1', Authorization: 'Bearer secret-key', Cookie: 'secret-cookie' }
    await fetch(`${server.url}/api/v1/sessions/secret-id/messages?cursor=secret-cursor`, { headers })
    await fetch(`${server.url}/health/live`)
    const line = await server.line(({ request_id }) => request_id === 'req-1')
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      request_id: 'req-1',
      method: 'GET',
      route: '/api/v1/sessions/{session_id}/messages',
      status: 400,
      code: 'invalid_cursor',
      duration_ms: expect.any(Number),
      bytes: expect.any(Number),
      client: '127.0.0.1',
      msg: 'request answered',
    })
    expect(JSON.stringify(server.lines)).not.toMatch(/secret-(id|key|cookie|cursor)/)
    expect(await server.line(({ route }) => route === '/health/live')).toMatchObject({ level: 20 })
  })

  it('logs what goes wrong in a health probe, which is else not worth a line', async () => {
    const server = await startServer(echo)
    Object.assign(server.manager, { health: () => Promise.reject(new Error('nobody foresaw this')) })
    expect((await fetch(`${server.url}/health`)).status).toBe(500)
    const line = await server.line(({ route }) => route === '/health')
    expect(line).toMatchObject({ level: 50, msg: 'request failed' })
    expect(JSON.stringify(line)).toContain('nobody foresaw this')
  })

  it('gives a turn the id of the request that began it', async () => {
    const server = await startServer(echo)
    const headers = { 'X-Request-Id': 'req-7' }
    await (await server.post('/api/v1/chat', { message: 'hi', stream: true }, { headers })).text()
    const line = await server.line(({ msg }) => msg === 'turn completed')
    expect(line).toMatchObject({
      request_id: 'req-7',
      session_id: expect.any(String),
      turn_id: expect.any(String),
      events: 5,
    })
  })
})

describe('a shutdown', () => {
  it('takes readiness back and refuses what is new at once, while running turns finish', async () => {
    const { opened, open } = gate()
    const server = await startServer(async function* () {
      yield 'a'
      await opened
      yield 'b'
    })
    const streaming = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    const sessionId = streaming.headers.get('x-session-id') ?? ''
    const closing = server.close({ grace: 60_000 })
    expect(problem.parse((await get(`${server.url}/health/ready`)).body)).toMatchObject({
      code: 'shutting_down',
      status: 503,
    })
    const refused = await server.post('/api/v1/chat', { message: 'new' })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect((await server.post('/api/v1/sessions', '')).status).toBe(503)
    const session = `${server.url}/api/v1/sessions/${sessionId}`
    expect((await fetch(session)).status).toBe(200)
    const changed = await fetch(session, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: '{"metadata":{"seen":"yes"}}',
    })
    expect(await changed.json()).toMatchObject({ metadata: { seen: 'yes' } })
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
    open()
    expect(await streaming.text()).toContain('event: turn.completed')
    await closing
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  it('interrupts what does not finish in time, and its readers get the final event', async () => {
    const server = await startServer(async function* (_message, { signal }) {
      yield 'half'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const streaming = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    await server.close({ grace: 0 })
    const text = await streaming.text()
    expect(text).toContain('event: turn.interrupted\ndata: {"reason":"shutdown","content":"half"}')
  })

  it('is the same however often it is asked for', async () => {
    const server = await startServer(echo)
    await Promise.all([server.close(), server.close()])
    await server.close()
    expect(server.server.listening).toBe(false)
  })
})

describe('serve', () => {
  it('rejects when the port is taken, and closes what it has started', async () => {
    const server = await startServer(echo)
    await expect(startServer(echo, { serve: { port: server.port } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })

  it('rejects when the chat interface does not start', async () => {
    const failing = { name: 'x', reply: echo as never, start: () => Promise.reject(new Error('no model')) }
    await expect(startServer(failing)).rejects.toMatchObject({
      code: 'not_ready',
      cause: { message: 'no model' },
    })
  })
})

describe('the public names of @colloquy/server', () => {
  it('are these', async () => {
    expect(Object.keys(await import('../index.js')).sort()).toMatchInlineSnapshot(`
      [
        "createApiKey",
        "createApiKeys",
        "createApp",
        "createMetrics",
        "hashApiKey",
        "isApiKeyName",
        "isLoopback",
        "isOrigin",
        "logError",
        "loopbackHosts",
        "maskCredentials",
        "readApiKeyEntry",
        "serve",
        "writeApiKeyEntry",
      ]
    `)
  })
})
