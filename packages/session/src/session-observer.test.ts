import { describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.js'
import type { Logger } from './logger.js'
import { chatOf, echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import { SessionError } from './session-error.js'
import type { SessionObserver, StoreCallReport } from './session-observer.js'

type Told = readonly [name: keyof SessionObserver, ...args: unknown[]]

/** An observer that remembers what it is told, but for the calls to the store: those of them are names. */
function recorder() {
  const told: Told[] = []
  const calls: StoreCallReport[] = []
  const note =
    (name: keyof SessionObserver) =>
    (...args: unknown[]): void =>
      void told.push([name, ...args])
  const observer: Required<SessionObserver> = {
    turnQueued: note('turnQueued'),
    turnStarted: note('turnStarted'),
    turnEnded: note('turnEnded'),
    turnsAbandoned: note('turnsAbandoned'),
    chunksDiscarded: note('chunksDiscarded'),
    eventsWritten: note('eventsWritten'),
    sessionsCreated: note('sessionsCreated'),
    sessionsExpired: note('sessionsExpired'),
    sessionsEvicted: note('sessionsEvicted'),
    sessionsDeleted: note('sessionsDeleted'),
    storeCalled: (call) => void calls.push(call),
  }
  const of = (...names: (keyof SessionObserver)[]) => told.filter(([name]) => names.includes(name))
  return { told, calls, observer, of }
}

describe('an observer', () => {
  it('is told of a turn from its acceptance to its end, with its times and its events', async () => {
    const { told, observer } = recorder()
    const first = gate()
    const second = gate()
    const { manager, clock } = testManager(
      async function* () {
        await first.opened
        yield 'a'
        yield { type: 'data', name: 'd', data: 1 }
        await second.opened
        yield 'b'
      },
      { observer },
    )
    const turn = await manager.startTurn({ message: 'a private message' })
    await clock.advance(40)
    first.open()
    await clock.advance(60)
    second.open()
    await turn.ended
    await manager.close()
    expect(told).toEqual([
      ['sessionsCreated', 1],
      ['eventsWritten', 'turn.started', 1],
      ['turnStarted', { hasWaited: false }],
      ['eventsWritten', 'text.delta', 1],
      ['eventsWritten', 'data', 1],
      ['eventsWritten', 'text.delta', 1],
      ['eventsWritten', 'turn.completed', 1],
      ['turnEnded', { hasBegun: true, status: 'completed', durationMs: 100, firstEventMs: 40, events: 5 }],
    ])
    expect(JSON.stringify(told)).not.toContain('private')
  })

  it('is told why a turn failed, and that nothing came before', async () => {
    const { observer, of } = recorder()
    const failing = chatOf(async function* () {
      throw new ChatError('upstream_failed', 'no answer')
    })
    const { manager } = testManager(failing, { observer })
    await (await manager.startTurn({ message: 'hi' })).ended
    await manager.close()
    expect(of('turnEnded')).toEqual([
      [
        'turnEnded',
        {
          hasBegun: true,
          status: 'failed',
          code: 'upstream_failed',
          durationMs: 0,
          firstEventMs: null,
          events: 2,
        },
      ],
    ])
  })

  it('is told of cancelled and interrupted turns', async () => {
    const { observer, of } = recorder()
    const { manager, clock } = testManager(
      async function* (_message, { signal }) {
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
      { observer },
    )
    const cancelled = await manager.startTurn({ message: 'hi' })
    await manager.cancelTurn(cancelled)
    await cancelled.ended
    await manager.startTurn({ message: 'hi' })
    const closing = manager.close()
    await clock.advance(0)
    await closing
    expect(of('turnStarted', 'turnEnded').map(([name, turn]) => [name, turn])).toEqual([
      ['turnStarted', { hasWaited: false }],
      ['turnEnded', expect.objectContaining({ status: 'cancelled' })],
      ['turnStarted', { hasWaited: false }],
      ['turnEnded', expect.objectContaining({ status: 'interrupted' })],
    ])
  })

  it('is told the end of a turn that the store does not take, and of no events that were not written', async () => {
    const { observer, of } = recorder()
    const store = Object.assign(createMemoryStore(), {
      writeTurns: () => Promise.reject(new Error('disk on fire')),
    })
    const { manager } = testManager(echo, { observer, store })
    const turn = await manager.startTurn({ message: 'hi' })
    await expect(turn.ended).rejects.toThrow(SessionError)
    await manager.close()
    expect(of('turnEnded')).toEqual([
      ['turnEnded', expect.objectContaining({ status: 'failed', code: 'store_unavailable' })],
    ])
    expect(of('eventsWritten')).toEqual([['eventsWritten', 'turn.started', 1]])
  })

  it('is told of events that were refused: none', async () => {
    const { observer, of } = recorder()
    const store = createMemoryStore()
    const writeTurns = store.writeTurns.bind(store)
    store.writeTurns = async (writes) => {
      await store.interruptAbandoned(clock.now(), 'lease_expired', Number.POSITIVE_INFINITY)
      return writeTurns(writes)
    }
    const { manager, clock } = testManager(echo, { observer, store })
    expect(await (await manager.startTurn({ message: 'hi' })).ended).toMatchObject({
      type: 'turn.interrupted',
      reason: 'lease_expired',
    })
    await manager.close()
    expect(of('eventsWritten')).toEqual([['eventsWritten', 'turn.started', 1]])
  })

  it('is told of what a chat interface yields after its turn was stopped', async () => {
    const { observer, of } = recorder()
    const { opened, open } = gate()
    const { manager } = testManager(
      async function* () {
        yield 'before'
        await opened
        yield 'late'
        yield 'later'
      },
      { observer },
    )
    const turn = await manager.startTurn({ message: 'hi' })
    const events = turn.events()[Symbol.asyncIterator]()
    await events.next()
    await events.next()
    await manager.cancelTurn(turn)
    open()
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled', content: 'before' })
    expect(of('chunksDiscarded')).toEqual([['chunksDiscarded', 1]])
  })

  it('is told of turns that another instance left behind', async () => {
    const { observer, of } = recorder()
    const store = createMemoryStore()
    const hanging = chatOf(async function* () {
      await new Promise(() => {})
    })
    const { manager: gone } = testManager(hanging, { store }) // its clock stands still: it is never heard of again
    await gone.startTurn({ message: 'hi' })
    const { manager, clock } = testManager(echo, { store, observer })
    await manager.start()
    await clock.advance(60_000)
    expect(of('turnsAbandoned', 'turnEnded')).toEqual([['turnsAbandoned', 1]])
    expect(of('eventsWritten')).toEqual([['eventsWritten', 'turn.interrupted', 1]])
    await manager.close()
  })

  it('is told of sessions that are made, deleted, evicted and collected', async () => {
    const { observer, of } = recorder()
    const { manager, clock } = testManager(echo, {
      observer,
      limits: { maxSessions: 2, sessionTtlMs: 5_000, sweepIntervalMs: 1_000 },
    })
    const names = ['sessionsCreated', 'sessionsDeleted', 'sessionsEvicted', 'sessionsExpired'] as const
    const { sessionId } = await manager.sessions.create()
    await manager.sessions.delete(sessionId)
    await expect(manager.sessions.delete(sessionId)).rejects.toThrow(SessionError)
    await manager.sessions.create()
    await manager.sessions.create()
    await (await manager.startTurn({ message: 'hi' })).ended
    await clock.advance(10_000)
    expect(of(...names)).toEqual([
      ['sessionsCreated', 1],
      ['sessionsDeleted', 1],
      ['sessionsCreated', 1],
      ['sessionsCreated', 1],
      ['sessionsCreated', 1],
      ['sessionsEvicted', 1],
      ['sessionsExpired', 2],
    ])
    await manager.close()
  })

  it('is told of no session that could not be made', async () => {
    const { observer, of } = recorder()
    const { manager } = testManager(echo, { observer, limits: { maxSessions: 0, whenFull: 'reject' } })
    await expect(manager.sessions.create()).rejects.toThrow(SessionError)
    await expect(manager.startTurn({ message: 'hi' })).rejects.toThrow(SessionError)
    expect(of('sessionsCreated', 'eventsWritten')).toEqual([])
  })

  it('is told of every call to the store', async () => {
    const { observer, calls } = recorder()
    const { manager } = testManager(echo, { observer })
    await (await manager.startTurn({ message: 'hi' })).ended
    await manager.status()
    expect(calls).toEqual(
      ['acceptTurn', 'writeTurns', 'countSessions'].map((call) => ({ call, durationMs: 0, failed: false })),
    )
  })

  it('may have any of its methods, as an object or as an instance of a class', async () => {
    class Counter implements SessionObserver {
      #turns = 0
      get turns() {
        return this.#turns
      }
      turnEnded() {
        this.#turns += 1
      }
    }
    const observer = new Counter()
    const { manager } = testManager(echo, { observer })
    await (await manager.startTurn({ message: 'hi' })).ended
    await manager.close()
    expect(observer.turns).toBe(1)
  })
})

describe('an observer that fails', () => {
  function errorLog() {
    const errors: string[] = []
    const logger: Logger = {
      debug() {},
      info() {},
      warn() {},
      error: (fields, message) => void errors.push(`${message}: ${String((fields as { err: unknown }).err)}`),
      child: () => logger,
    }
    return { errors, logger }
  }
  const complaint =
    'the observer failed; it is still called, and its later failures are not logged: Error: broken'

  it.each<[string, () => void]>([
    [
      'by throwing',
      () => {
        throw new Error('broken')
      },
    ],
    ['by rejecting', () => Promise.reject(new Error('broken'))],
  ])('%s harms no turn, and is logged once', async (_how, fail) => {
    const { errors, logger } = errorLog()
    let calls = 0
    const failing = () => {
      calls += 1
      return fail()
    }
    const observer: Required<SessionObserver> = {
      turnQueued: failing,
      turnStarted: failing,
      turnEnded: failing,
      turnsAbandoned: failing,
      chunksDiscarded: failing,
      eventsWritten: failing,
      sessionsCreated: failing,
      sessionsExpired: failing,
      sessionsEvicted: failing,
      sessionsDeleted: failing,
      storeCalled: failing,
    }
    const { manager } = testManager(echo, { observer, logger })
    for (const message of ['one', 'two']) {
      const turn = await manager.startTurn({ message })
      expect(await turn.ended).toMatchObject({ type: 'turn.completed', content: `You said: ${message}` })
    }
    await manager.close()
    expect(calls).toBeGreaterThan(10)
    expect(errors).toEqual([complaint])
  })
})
