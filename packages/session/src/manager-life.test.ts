import { describe, expect, it } from 'vitest'
import { collect, echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import { recordLog } from './record-log.fixture.js'

describe('a session manager', () => {
  it('opens the store, starts the chat interface, and ends both in reverse, each once', async () => {
    const steps: string[] = []
    const step = (name: string) => async () => {
      steps.push(name)
    }
    const store = Object.assign(createMemoryStore(), { open: step('open'), close: step('close') })
    const { manager } = testManager({ ...echo, start: step('start'), stop: step('stop') }, { store })
    expect(manager.state).toBe('starting')
    await Promise.all([manager.start(), manager.start()])
    await Promise.all([manager.start(), manager.sessions.create()])
    expect(manager.state).toBe('ready')
    await Promise.all([manager.close(), manager.close()])
    await manager.close()
    expect(steps).toEqual(['open', 'start', 'stop', 'close'])
    expect(manager.state).toBe('closing')
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
    const change = { metadata: { seen: 'yes' } }
    expect(await manager.sessions.update(turn.sessionId, change)).toMatchObject(change)
    open()
    await closing
    expect((await reading).at(-1)).toMatchObject({ type: 'turn.completed', content: 'ab' })
    expect(clock.timers).toBe(0)
    await expect(manager.sessions.get(turn.sessionId)).rejects.toMatchObject({ code: 'shutting_down' })
    await expect(manager.sessions.update(turn.sessionId, {})).rejects.toMatchObject({ code: 'shutting_down' })
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

  it('closes the store also after a chat interface that fails to stop, and logs why that failed', async () => {
    const { logger, lines } = recordLog()
    let isClosed = false
    const close = async () => {
      isClosed = true
    }
    const stop = () => {
      throw new Error('stop is broken')
    }
    const store = Object.assign(createMemoryStore(), { close })
    const { manager } = testManager({ ...echo, stop }, { store, logger })
    await manager.start()
    await manager.close()
    expect(isClosed).toBe(true)
    expect(lines.at(-1)).toMatchObject({ level: 'error', err: { message: 'stop is broken' } })
  })

  it.each(['store', 'chat'])(
    'says that it did not wait any longer for the %s to start',
    async (component) => {
      const { logger, lines } = recordLog()
      const { opened, open } = gate()
      const steps: string[] = []
      const close = async () => void steps.push('close')
      const store = Object.assign(
        createMemoryStore(),
        component === 'store' ? { open: () => opened, close } : {},
      )
      const stop = async () => void steps.push('stop')
      const chat = component === 'chat' ? { ...echo, start: () => opened, stop } : echo
      const { manager, clock } = testManager(chat, { store, logger })
      const starting = manager.start().catch((error: unknown) => error)
      await clock.advance(0)
      const closing = manager.close()
      await clock.advance(5_000)
      await closing
      expect(await starting).toMatchObject({ code: 'shutting_down' })
      const name = component === 'store' ? 'store' : 'chat interface'
      expect(lines.filter(({ level }) => level === 'warn')).toEqual([
        {
          level: 'warn',
          component,
          stop_timeout_ms: 5_000,
          msg: `the ${name} did not start; closing without it`,
        },
      ])
      open()
      await clock.advance(0)
      expect(steps).toEqual([component === 'store' ? 'close' : 'stop'])
    },
  )

  it('says when the store can not be closed', async () => {
    const store = Object.assign(createMemoryStore(), {
      close: () => Promise.reject(new Error('disk full')),
    })
    const { manager } = testManager(echo, { store })
    await manager.start()
    await expect(manager.close()).rejects.toMatchObject({
      code: 'store_unavailable',
      cause: { message: 'disk full' },
    })
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
        session: {
          owner: '',
          sessionId: 'sess_x',
          createdAt: now,
          ttlMs: 600_000,
          endsAt: null,
          metadata: {},
          chat: null,
        },
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
      onBusy: { kind: 'reject' },
      key: null,
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
