import { describe, expect, it } from 'vitest'
import { systemClock } from './clock.js'
import { collect, echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

/** A store that accepts turns at once, and says so only when it is told to. */
function slowToSay() {
  const store = createMemoryStore()
  const { opened, open } = gate()
  const { opened: accepted, open: accept } = gate()
  const acceptTurn = store.acceptTurn.bind(store)
  store.acceptTurn = async (request) => {
    const outcome = await acceptTurn(request)
    accept()
    await opened
    return outcome
  }
  return { store, accepted, say: open }
}

describe('while the store accepts a turn and has not yet said so', () => {
  it('deleting the session waits, cancels the turn, and asks nobody for an answer afterwards', async () => {
    const { store, accepted, say } = slowToSay()
    const { manager } = testManager(
      async function* (_message, { signal }) {
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
        yield 'too late'
      },
      { store },
    )
    const { sessionId } = await manager.sessions.create()
    const starting = manager.startTurn({ sessionId, message: 'hello' })
    await accepted
    const deleting = manager.sessions.delete(sessionId)
    say()
    const turn = await starting
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled', reason: 'session_deleted' })
    await deleting
    await expect(manager.sessions.get(sessionId)).rejects.toMatchObject({ code: 'session_not_found' })
  })

  it('the turn can be cancelled and read', async () => {
    const { store, accepted, say } = slowToSay()
    const { manager } = testManager(
      async function* (_message, { signal }) {
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
        yield 'too late'
      },
      { store },
    )
    const { sessionId } = await manager.sessions.create()
    const starting = manager.startTurn({ sessionId, message: 'hello' })
    await accepted
    const { activeTurnId } = await manager.sessions.get(sessionId)
    const ref = { sessionId, turnId: activeTurnId ?? '' }
    const reading = collect(manager.events(ref))
    const cancelling = manager.cancelTurn(ref)
    say()
    await cancelling
    expect((await reading).map(({ type }) => type)).toEqual(['turn.started', 'turn.cancelled'])
    expect(await (await starting).ended).toMatchObject({ type: 'turn.cancelled', reason: 'client_request' })
  })

  it('closing waits for it', async () => {
    const { store, accepted, say } = slowToSay()
    const { manager } = testManager(echo, { store })
    const starting = manager.startTurn({ message: 'hello' })
    await accepted
    const closing = manager.close({ grace: 1_000 })
    say()
    expect(await (await starting).ended).toMatchObject({ type: 'turn.completed' })
    await closing
  })
})

describe('a turn that is accepted after the grace of a close', () => {
  it('is interrupted at once', async () => {
    const { store, accepted, say } = slowToSay()
    const { manager, clock } = testManager(
      async function* (_message, { signal }) {
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
        yield 'too late'
      },
      { store },
    )
    const starting = manager.startTurn({ message: 'hello' })
    await accepted
    const closing = manager.close({ grace: 10 })
    await clock.advance(10)
    say()
    expect(await (await starting).ended).toMatchObject({ type: 'turn.interrupted', reason: 'shutdown' })
    await closing
  })
})

describe('a store that takes its time', () => {
  it('holds no turn up with what the others write', async () => {
    const store = createMemoryStore()
    const writeTurns = store.writeTurns.bind(store)
    let writes = 0
    store.writeTurns = async (batch) => {
      writes += 1
      for (let n = 0; n < 3; n += 1) await new Promise((resolve) => setImmediate(resolve))
      return writeTurns(batch)
    }
    const { manager } = testManager(
      async function* (message, { signal }) {
        const chunks = message === 'long' ? 640 : Number.POSITIVE_INFINITY
        for (let n = 0; n < chunks && !signal.aborted; n += 1) {
          if (message !== 'long') await new Promise((resolve) => setImmediate(resolve))
          yield '.'
        }
      },
      { store },
    )
    const others = await Promise.all(
      Array.from({ length: 20 }, () => manager.startTurn({ message: 'chatter' })),
    )
    const turn = await manager.startTurn({ message: 'long' })
    expect(await turn.ended).toMatchObject({ content: '.'.repeat(640) })
    expect(writes).toBeLessThan(60)
    await Promise.all(others.map((other) => manager.cancelTurn(other)))
    await manager.close()
  })

  it('does not use up the time that the chat interface has between chunks', async () => {
    const store = createMemoryStore()
    const { opened, open } = gate()
    const writeTurns = store.writeTurns.bind(store)
    store.writeTurns = async (batch) => {
      await opened
      return writeTurns(batch)
    }
    const { manager, clock } = testManager(
      async function* () {
        for (let n = 0; n < 100; n += 1) yield '.'
      },
      { store, limits: { chunkTimeoutMs: 1_000, firstChunkTimeoutMs: 1_000 } },
    )
    const turn = await manager.startTurn({ message: 'hello' })
    await clock.advance(30_000)
    open()
    expect(await turn.ended).toMatchObject({ type: 'turn.completed' })
  })
})

describe('closing', () => {
  it.each(['start', 'stop'])('does not wait for ever for a chat interface that does not %s', async (step) => {
    const steps: string[] = []
    const store = Object.assign(createMemoryStore(), {
      close: async () => {
        steps.push('store closed')
      },
    })
    const { manager, clock } = testManager({ ...echo, [step]: () => new Promise<void>(() => {}) }, { store })
    const starting = manager.start()
    const outcome = starting.then(
      () => 'started',
      (error: { code: string }) => error.code,
    )
    if (step === 'stop') await starting
    await clock.advance(0)
    const closing = manager.close()
    await clock.advance(5_000)
    await closing
    expect(await outcome).toBe(step === 'start' ? 'shutting_down' : 'started')
    expect(steps).toEqual(['store closed'])
    expect(clock.timers).toBe(0)
  })

  it('lets nobody read from the store any more', async () => {
    const { manager } = testManager(async function* () {
      for (let n = 0; n < 600; n += 1) yield '.'
    })
    const turn = await manager.startTurn({ message: 'hello' })
    await turn.ended
    const reader = manager.eventBatches(turn)[Symbol.asyncIterator]()
    await reader.next()
    await manager.close()
    await expect(reader.next()).rejects.toMatchObject({ code: 'shutting_down' })
  })

  it('ends a turn that nothing else keeps the process alive for', async () => {
    const { manager } = testManager(
      async function* () {
        await new Promise(() => {})
        yield ''
      },
      { clock: systemClock, limits: { turnTimeoutMs: 20, stopTimeoutMs: 10 } },
    )
    const turn = await manager.startTurn({ message: 'hello' })
    expect(process.getActiveResourcesInfo()).toContain('Timeout')
    expect(await turn.ended).toMatchObject({ code: 'chat_timeout' })
    await manager.close()
  })
})

describe('limits', () => {
  it('that are none are refused, all at once', () => {
    const limits = {
      sessionTtlMs: Number.NaN,
      maxTurns: -1,
      whenFull: 'maybe',
      maxTurnz: 1,
      chunkTimeoutMs: 0,
    }
    expect(() => testManager(echo, { limits: limits as object })).toThrow(
      'The limits of a session manager are wrong: sessionTtlMs has to be a number of at least 1; ' +
        "whenFull has to be 'evict' or 'reject'; maxTurns has to be a whole number of at least 0; " +
        'chunkTimeoutMs has to be a number of at least 1; there is no limit maxTurnz.',
    )
  })

  it('that count are whole numbers, and times need not be', () => {
    const limits = { historyLimit: 1.5, maxSessions: Infinity, maxTurns: 2 ** 53, sweepIntervalMs: 1_000.5 }
    expect(() => testManager(echo, { limits })).toThrow(
      'The limits of a session manager are wrong: maxSessions has to be a whole number of at least 0; ' +
        'historyLimit has to be a whole number of at least 0; maxTurns has to be a whole number of at least 0.',
    )
  })

  it('that are undefined are the defaults', () => {
    const { manager } = testManager(echo, { limits: { sessionTtlMs: undefined } as object })
    expect(manager.limits.sessionTtlMs).toBe(1_800_000)
  })

  it('of time may be infinite', async () => {
    const limits = { firstChunkTimeoutMs: Infinity, chunkTimeoutMs: Infinity, turnTimeoutMs: Infinity }
    const { manager } = testManager(echo, { clock: systemClock, limits })
    expect(await (await manager.startTurn({ message: 'hello' })).ended).toMatchObject({
      type: 'turn.completed',
    })
    await manager.close({ grace: Infinity })
  })
})
