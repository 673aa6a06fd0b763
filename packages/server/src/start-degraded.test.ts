import { health, problem, status } from '@colloquy/contract'
import {
  type ChatInterface,
  createSessionManager,
  type HealthReport,
  type SessionManagerOptions,
} from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { readMetrics } from './metrics/read-metrics.fixture.js'
import { echo, gate, startServer } from './server.fixture.js'

/** A chat interface whose start fails as often as told. */
function failing(times: number, parts: Partial<ChatInterface> = {}) {
  const chat = {
    name: 'shop',
    reply: echo as never,
    starts: 0,
    start() {
      chat.starts += 1
      if (chat.starts <= times) throw new Error(`no model, password=hunter2`)
    },
    ...parts,
  }
  return chat
}

async function startDegraded(chat: ChatInterface, manager: Partial<SessionManagerOptions> = {}) {
  const clock = createManualClock()
  const serve = { startDegraded: true, clock, random: () => 0.5 }
  return { clock, ...(await startServer(chat, { manager, serve })) }
}

const get = async (url: string) => {
  const response = await fetch(url)
  return { status: response.status, body: await response.json(), headers: response.headers }
}

describe('a server that starts degraded', () => {
  it('listens, says what could not be started and nothing of why, and refuses chats and sessions', async () => {
    const server = await startDegraded(failing(Number.POSITIVE_INFINITY))

    const answer = await get(`${server.url}/health`)
    expect(answer.status).toBe(503)
    expect(health.parse(answer.body)).toMatchObject({
      status: 'unhealthy',
      components: {
        store: { status: 'healthy' },
        chat: { status: 'unhealthy', detail: 'could not be started' },
      },
    })
    expect((await get(`${server.url}/health/live`)).status).toBe(200)
    const refusals = [
      await fetch(`${server.url}/health/ready`),
      await server.post('/api/v1/chat', { message: 'hi' }),
      await server.post('/api/v1/chat', { message: 'hi', stream: true }),
      await server.post('/api/v1/sessions', {}),
      await fetch(`${server.url}/api/v1/sessions`),
      await fetch(`${server.url}/api/v1/sessions/sess_1`),
    ]
    for (const refusal of refusals) {
      expect([refusal.status, refusal.headers.get('retry-after')]).toEqual([503, '5'])
      const body = await refusal.text()
      expect(problem.parse(JSON.parse(body))).toMatchObject({ code: 'not_ready' })
      expect(body).not.toMatch(/model|hunter2/)
    }
  })

  it('says the same in its status', async () => {
    const server = await startDegraded(failing(Number.POSITIVE_INFINITY))
    const answer = await get(`${server.url}/api/v1/status`)
    expect(answer.status).toBe(200)
    expect(status.parse(answer.body)).toMatchObject({
      ready: false,
      session_count: null,
      components: { store: { status: 'healthy' }, chat: { detail: 'could not be started' } },
    })
    expect((await readMetrics(server.url)).has('colloquy_sessions')).toBe(false)
  })

  it('tries again by itself until it is ready, and tells how that goes', async () => {
    const chat = failing(3)
    const { clock, ...server } = await startDegraded(chat)
    await server.line(({ attempt }) => attempt === 1)
    await clock.advance(500 + 1_000 + 1_999)
    expect(chat.starts).toBe(3)
    expect((await get(`${server.url}/health/ready`)).status).toBe(503)
    await clock.advance(1)
    expect(chat.starts).toBe(4)
    expect((await get(`${server.url}/health/ready`)).status).toBe(200)
    expect((await get(`${server.url}/health`)).status).toBe(200)
    const answer = await server.post('/api/v1/chat', { message: 'hi' })
    expect(await answer.json()).toMatchObject({ content: 'You said: hi' })

    const told = server.lines.filter((line) => 'attempt' in line)
    expect(told).toMatchObject([
      {
        level: 40,
        component: 'chat',
        attempt: 1,
        next_attempt_ms: 500,
        msg: 'could not start; trying again',
      },
      { level: 40, component: 'chat', attempt: 2, next_attempt_ms: 1_000 },
      { level: 40, component: 'chat', attempt: 3, next_attempt_ms: 2_000 },
      { level: 30, attempt: 4, degraded_ms: 3_500, msg: 'ready after all' },
    ])
    expect(clock.timers).toBe(0)
  })

  it('tells a cause once, until there is another', async () => {
    let starts = 0
    const start = () => {
      starts += 1
      throw new Error(starts < 3 ? 'no model' : 'no licence')
    }
    const { clock, ...server } = await startDegraded({ name: 'shop', reply: echo as never, start })
    await clock.advance(500 + 1_000 + 2_000)
    const causes = server.lines.filter((line) => 'attempt' in line).map(({ err }) => JSON.stringify(err))
    expect(causes).toEqual([
      expect.stringContaining('no model'),
      undefined,
      expect.stringContaining('no licence'),
      undefined,
    ])
  })

  it('does not log each request that it refuses as an error', async () => {
    const server = await startDegraded(failing(Number.POSITIVE_INFINITY))
    for (let n = 0; n < 3; n += 1) await server.post('/api/v1/chat', { message: 'hi' })
    const line = await server.line(({ route }) => route === '/api/v1/chat')
    expect(line).toMatchObject({ level: 40, status: 503 })
    expect(line).not.toHaveProperty('err')
    expect(server.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  it('waits ever longer, up to half a minute', async () => {
    const { clock, lines } = await startDegraded(failing(Number.POSITIVE_INFINITY))
    await clock.advance(100_000)
    const waits = lines.flatMap(({ next_attempt_ms }) => next_attempt_ms ?? [])
    expect(waits.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
  })

  it('does not do again what has succeeded', async () => {
    const store = createMemoryStore()
    let opens = 0
    Object.assign(store, {
      open: async () => {
        opens += 1
        if (opens === 1) throw new Error('disk full')
      },
    })
    let asks = 0
    const report = (): HealthReport => {
      asks += 1
      return { catalogue: { status: asks === 1 ? 'unhealthy' : 'healthy' } }
    }
    const chat = failing(1, { health: report })
    const { clock, ...server } = await startDegraded(chat, { store })
    const componentNow = async () => {
      const { components } = health.parse((await get(`${server.url}/health`)).body)
      return Object.keys(components).filter((name) => components[name]?.detail === 'could not be started')
    }
    expect(await componentNow()).toEqual(['store'])
    await clock.advance(500)
    expect(await componentNow()).toEqual(['chat'])
    await clock.advance(1_000)
    expect(health.parse((await get(`${server.url}/health`)).body)).toMatchObject({
      components: { store: { status: 'healthy' }, catalogue: { status: 'unhealthy' } },
    })
    await clock.advance(2_000)
    expect((await get(`${server.url}/health`)).status).toBe(200)
    expect({ opens, starts: chat.starts, asks: asks >= 2 }).toEqual({ opens: 2, starts: 2, asks: true })
  })

  it('shuts down at once between two attempts, and tries no more', async () => {
    const steps: string[] = []
    const store = Object.assign(createMemoryStore(), {
      close: async () => {
        steps.push('store closed')
      },
    })
    const chat = failing(Number.POSITIVE_INFINITY, { stop: () => void steps.push('chat stopped') })
    const { clock, ...server } = await startDegraded(chat, { store })
    await server.line(({ attempt }) => attempt === 1)
    await server.close()
    expect(steps).toEqual(['store closed'])
    expect(clock.timers).toBe(0)
    await clock.advance(60_000)
    expect(chat.starts).toBe(1)
  })

  it('shuts down in order during an attempt: what starts meanwhile is stopped again', async () => {
    const { opened, open } = gate()
    const steps: string[] = []
    const chat = {
      name: 'shop',
      reply: echo as never,
      start: async () => {
        if (steps.push('start') === 1) throw new Error('no model')
        await opened
      },
      stop: () => void steps.push('stop'),
    }
    const { clock, ...server } = await startDegraded(chat)
    await clock.advance(500)
    const closing = server.close()
    expect(problem.parse((await get(`${server.url}/health/ready`)).body)).toMatchObject({
      code: 'shutting_down',
    })
    open()
    await closing
    expect(steps).toEqual(['start', 'start', 'stop'])
    expect(server.lines.filter(({ attempt }) => attempt === 2)).toEqual([])
    expect(clock.timers).toBe(0)
  })

  it('tries no more when somebody else has closed its manager', async () => {
    const chat = failing(Number.POSITIVE_INFINITY)
    const { clock, ...server } = await startDegraded(chat)
    await server.line(({ attempt }) => attempt === 1)
    await server.manager.close()
    await clock.advance(60_000)
    expect(chat.starts).toBe(1)
    expect(clock.timers).toBe(0)
  })

  it('tries no more when its manager is closed, also one that another copy of the session package has made', async () => {
    const clock = createManualClock()
    const closing = Object.assign(new Error('The manager is closing.'), {
      name: 'SessionError',
      code: 'shutting_down',
      faults: [],
    })
    let starts = 0
    const start = () => {
      starts += 1
      return Promise.reject(closing)
    }
    const own = createSessionManager({ store: createMemoryStore(), chat: failing(0) })
    const manager = Object.assign(Object.create(own) as typeof own, { start })
    await startServer(echo, { serve: { manager, startDegraded: true, clock, random: () => 0.5 } })
    await clock.advance(60_000)
    expect({ starts, timers: clock.timers }).toEqual({ starts: 1, timers: 0 })
  })

  it('still fails when it can not listen', async () => {
    const other = await startServer(echo)
    await expect(
      startServer(failing(1), { serve: { startDegraded: true, port: other.port } }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('is ready soon when nothing fails, and says so', async () => {
    const { clock, ...server } = await startDegraded(failing(0))
    await server.line(({ msg }) => msg === 'ready')
    expect((await get(`${server.url}/health/ready`)).status).toBe(200)
    expect(clock.timers).toBe(0)
  })

  it('listens already while a start hangs, says which, and tells when it has become ready', async () => {
    const { opened, open } = gate()
    const { clock, ...server } = await startDegraded(failing(0, { start: () => opened }))
    const answer = await get(`${server.url}/health`)
    expect(answer.status).toBe(503)
    expect(health.parse(answer.body)).toMatchObject({
      components: { store: { status: 'healthy' }, chat: { status: 'unhealthy', detail: 'starting' } },
    })
    expect((await get(`${server.url}/health/live`)).status).toBe(200)
    expect(problem.parse((await get(`${server.url}/health/ready`)).body)).toMatchObject({ code: 'not_ready' })
    const refusal = await server.post('/api/v1/chat', { message: 'hi' })
    expect(problem.parse(await refusal.json())).toMatchObject({ code: 'not_ready' })
    expect(server.lines.some(({ attempt }) => attempt !== undefined)).toBe(false)
    await clock.advance(12_000)
    open()
    expect(await server.line(({ msg }) => msg === 'ready')).toMatchObject({
      level: 30,
      attempt: 1,
      degraded_ms: 12_000,
    })
    expect((await get(`${server.url}/health/ready`)).status).toBe(200)
  })

  it('shuts down during a first attempt that hangs', async () => {
    const chat = failing(0, { start: () => new Promise(() => {}) })
    const { clock, ...server } = await startDegraded(chat)
    const closing = server.close()
    await clock.advance(60_000)
    await closing
    expect(clock.timers).toBe(0)
  })

  it('does not begin to start when it can not listen', async () => {
    const other = await startServer(echo)
    const chat = failing(0)
    const serve = { startDegraded: true, port: other.port }
    await expect(startServer(chat, { serve })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(chat.starts).toBe(0)
  })
})
