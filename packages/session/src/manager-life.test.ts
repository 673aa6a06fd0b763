import { describe, expect, it } from 'vitest'
import { chatOf, collect, echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

describe('a session manager', () => {
  it('opens the store, starts the chat interface, and ends both in reverse, each once', async () => {
    const steps: string[] = []
    const step = (name: string) => async () => {
      steps.push(name)
    }
    const store = Object.assign(createMemoryStore(), { open: step('open'), close: step('close') })
    const { manager } = testManager({ ...echo, start: step('start'), stop: step('stop') }, { store })
    expect(manager.state).toBe('starting')
    await Promise.all([manager.start(), manager.start(), manager.sessions.create()])
    expect(manager.state).toBe('ready')
    await Promise.all([manager.close(), manager.close()])
    await manager.close()
    expect(steps).toEqual(['open', 'start', 'stop', 'close'])
    expect(manager.state).toBe('closing')
  })

  it('says not_ready when something could not start, and may try again', async () => {
    let attempts = 0
    const start = () => {
      attempts += 1
      if (attempts === 1) throw new Error('the model is still loading')
    }
    const { manager } = testManager({ ...echo, start })
    await expect(manager.startTurn({ message: 'hello' })).rejects.toMatchObject({
      code: 'not_ready',
      cause: { message: 'the model is still loading' },
    })
    expect(await (await manager.startTurn({ message: 'hello' })).ended).toMatchObject({
      type: 'turn.completed',
    })
  })

  it('gives running turns their grace, takes no new ones, and lets everybody read to the end', async () => {
    const { opened, open } = gate()
    const { manager, clock } = testManager(async function* () {
      yield 'a'
      await opened
      yield 'b'
    })
    const turn = await manager.startTurn({ message: 'hello' })
    const reading = collect(turn.events())
    const closing = manager.close({ grace: 10_000 })
    await clock.advance(5_000)
    await expect(manager.startTurn({ message: 'more' })).rejects.toMatchObject({ code: 'shutting_down' })
    await expect(manager.sessions.create()).rejects.toMatchObject({ code: 'shutting_down' })
    expect(await manager.sessions.get(turn.sessionId)).toMatchObject({ activeTurnId: turn.turnId })
    open()
    await closing
    expect((await reading).at(-1)).toMatchObject({ type: 'turn.completed', content: 'ab' })
    expect(clock.timers).toBe(0)
    await expect(manager.sessions.get(turn.sessionId)).rejects.toMatchObject({ code: 'shutting_down' })
  })

  it('interrupts what is still running after the grace, and keeps its text', async () => {
    const { manager, clock } = testManager(async function* (_message, { signal }) {
      yield 'half'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const turn = await manager.startTurn({ message: 'hello' })
    const closing = manager.close({ grace: 10_000 })
    await clock.advance(9_999)
    expect((await manager.status()).turns.running).toBe(1)
    await clock.advance(1)
    expect(await turn.ended).toMatchObject({ type: 'turn.interrupted', reason: 'shutdown', content: 'half' })
    await closing
  })

  it('closes before it has started', async () => {
    const { manager } = testManager(echo)
    await manager.close()
    await expect(manager.start()).rejects.toMatchObject({ code: 'shutting_down' })
  })

  it('interrupts the turns of an instance that is gone', async () => {
    const store = createMemoryStore()
    const { manager, clock } = testManager(echo, { store })
    await manager.start()
    const ref = { owner: '', sessionId: 'sess_x', turnId: 'turn_x' }
    const now = clock.now()
    await store.acceptTurn({
      ref,
      create: {
        session: { owner: '', sessionId: 'sess_x', createdAt: now, ttlMs: 600_000, metadata: {} },
        bound: { maxSessions: 10, whenFull: 'reject', now },
      },
      message: {
        messageId: 'msg_x',
        turnId: 'turn_x',
        role: 'user',
        content: 'hi',
        status: 'complete',
        createdAt: now,
      },
      metadata: {},
      lease: { instance: 'another', until: now + 30_000 },
      historyLimit: 0,
      now,
    })
    await clock.advance(40_000)
    expect(await manager.turn(ref)).toMatchObject({ status: 'interrupted' })
    expect((await collect(manager.events(ref))).at(-1)).toMatchObject({ reason: 'lease_expired' })
  })

  it('keeps the lease of a turn that runs for long', async () => {
    const { manager, clock } = testManager(async function* (_message, { signal }) {
      yield 'a'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const turn = await manager.startTurn({ message: 'hello' })
    await clock.advance(55_000)
    expect(await manager.turn(turn)).toMatchObject({ status: 'running' })
  })

  it('goes on sweeping after a sweep that failed', async () => {
    const store = createMemoryStore()
    let sweeps = 0
    store.renewLeases = async () => {
      sweeps += 1
      throw new Error('busy')
    }
    const { manager, clock } = testManager(echo, { store })
    await manager.start()
    await clock.advance(30_000)
    expect(sweeps).toBe(3)
    await manager.close()
  })
})

describe('health', () => {
  it('is that of the worst component', async () => {
    const health = () =>
      ({ catalogue: { status: 'healthy' }, model: { status: 'degraded', detail: 'slow' } }) as const
    const { manager } = testManager({ ...echo, health })
    await manager.start()
    expect(await manager.health()).toEqual({
      status: 'degraded',
      components: {
        store: { status: 'healthy', latencyMs: 0 },
        chat: { status: 'degraded', latencyMs: 0 },
        catalogue: { status: 'healthy', latencyMs: 0 },
        model: { status: 'degraded', detail: 'slow', latencyMs: 0 },
      },
    })
  })

  it('is bad before the start and from the beginning of the end', async () => {
    const { manager } = testManager(echo)
    expect(await manager.health()).toMatchObject({
      status: 'unhealthy',
      components: { chat: { detail: 'starting' } },
    })
    await manager.start()
    expect(await manager.health()).toMatchObject({ status: 'healthy' })
    await manager.close()
    expect(await manager.health()).toMatchObject({
      status: 'unhealthy',
      components: { chat: { detail: 'closing' } },
    })
  })

  it('does not wait for a check that hangs', async () => {
    const { manager, clock } = testManager({ ...echo, health: () => new Promise<never>(() => {}) })
    await manager.start()
    const asking = manager.health()
    await clock.advance(5_000)
    expect((await asking).components['chat']).toEqual({
      status: 'unhealthy',
      detail: 'no answer within 5000 ms',
      latencyMs: 5_000,
    })
  })

  it('does not tell what a check threw', async () => {
    const { manager } = testManager({ ...echo, health: () => Promise.reject(new Error('password=hunter2')) })
    await manager.start()
    expect((await manager.health()).components['chat']).toMatchObject({
      status: 'unhealthy',
      detail: 'the health check failed',
    })
  })

  it('is asked for once a second at most', async () => {
    let asked = 0
    const chat = chatOf(echo.reply)
    const { manager, clock } = testManager({
      ...chat,
      health: () => ({ asked: { status: 'healthy', detail: `${(asked += 1)}` } }),
    })
    await manager.start()
    await Promise.all([manager.health(), manager.health(), manager.health()])
    expect(asked).toBe(1)
    await clock.advance(1_000)
    await manager.health()
    expect(asked).toBe(2)
  })
})
