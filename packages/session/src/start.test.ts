import { describe, expect, it } from 'vitest'
import type { ChatInterface, HealthReport } from './chat-interface.js'
import { echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import { recordLog } from './record-log.fixture.js'

/** A manager whose parts write down what is done to them. */
function recorded(parts: { chat?: Partial<ChatInterface>; store?: object } = {}) {
  const steps: string[] = []
  const { logger, lines } = recordLog()
  const step = (name: string) => async () => {
    steps.push(name)
  }
  const store = Object.assign(createMemoryStore(), {
    open: step('open'),
    close: step('close'),
    ...parts.store,
  })
  const chat = { ...echo, start: step('start'), stop: step('stop'), ...parts.chat }
  return { steps, lines, ...testManager(chat, { store, logger }) }
}

/** Does something else each time that it is called, and the last thing from then on. */
function inTurn<Result>(...deeds: readonly (() => Result)[]): () => Result {
  let calls = 0
  return () => {
    const deed = deeds[Math.min(calls, deeds.length - 1)]
    calls += 1
    if (deed === undefined) throw new Error('there is nothing to do')
    return deed()
  }
}

/** What a promise rejects with. Asked for at once, so that nobody takes the rejection for one that is not handled. */
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  )

const fail = (message: string) => () => Promise.reject(new Error(message))
const succeed = () => Promise.resolve()
const hang = () => new Promise<never>(() => {})
const unhealthy = (): HealthReport => ({ catalogue: { status: 'unhealthy', detail: 'empty' } })
const healthy = (): HealthReport => ({ catalogue: { status: 'healthy' } })

describe('a start', () => {
  it('is told step by step, with how long each took', async () => {
    const { opened, open } = gate()
    const { manager, clock, lines } = recorded({ chat: { start: () => opened } })
    const starting = manager.start()
    await clock.advance(1_250)
    open()
    await starting
    expect(lines).toEqual([
      { level: 'info', step: 'store', duration_ms: 0, msg: 'store started' },
      { level: 'info', step: 'chat', duration_ms: 1_250, msg: 'chat started' },
      { level: 'debug', step: 'verification', duration_ms: 0, msg: 'every component is healthy' },
    ])
    expect(clock.timers).toBe(1) // the next sweep
  })

  it('tells of a step that has nothing to do only to those who look closely', async () => {
    const { logger, lines } = recordLog()
    const { manager } = testManager(echo, { logger })
    await manager.start()
    expect(lines.map(({ level, step }) => `${String(level)} ${String(step)}`)).toEqual([
      'debug store',
      'debug chat',
      'debug verification',
    ])
  })

  it('is not over before every component has said that it is not unhealthy', async () => {
    const { opened, open } = gate()
    const { manager, clock } = recorded({ chat: { health: () => opened.then(healthy) } })
    const starting = manager.start()
    await clock.advance(10)
    expect(manager.state).toBe('starting')
    expect(await manager.health()).toMatchObject({
      status: 'unhealthy',
      components: { store: { detail: 'starting' }, chat: { detail: 'starting' } },
    })
    open()
    await starting
    expect(manager.state).toBe('ready')
    expect(await manager.health()).toMatchObject({ status: 'healthy' })
  })

  it('succeeds with a component that is degraded, and warns of it', async () => {
    const health = (): HealthReport => ({ catalogue: { status: 'degraded', detail: 'old' } })
    const { manager, lines } = recorded({ chat: { health } })
    await manager.start()
    expect(manager.state).toBe('ready')
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      step: 'verification',
      degraded: { catalogue: { detail: 'old' } },
    })
  })
})

describe('a start that fails', () => {
  it('names the store when that does not open, and starts nothing after it', async () => {
    const { manager, steps } = recorded({ store: { open: fail('disk full') } })
    await expect(manager.start()).rejects.toMatchObject({
      code: 'not_ready',
      component: 'store',
      message: 'The store could not be opened.',
      cause: { message: 'disk full' },
    })
    expect(manager.state).toBe('starting')
    expect((await manager.health()).components).toEqual({
      store: { status: 'unhealthy', detail: 'could not be started', latencyMs: 0 },
      chat: { status: 'unhealthy', detail: 'starting', latencyMs: 0 },
    })
    await manager.close()
    expect(steps).toEqual([])
  })

  it('names the chat interface when that does not start; closing then closes the store', async () => {
    const { manager, steps } = recorded({ chat: { start: fail('no model') } })
    await expect(manager.start()).rejects.toMatchObject({
      code: 'not_ready',
      component: 'chat',
      message: 'The chat interface could not be started.',
      cause: { message: 'no model' },
    })
    expect((await manager.health()).components).toEqual({
      store: { status: 'healthy', latencyMs: 0 },
      chat: { status: 'unhealthy', detail: 'could not be started', latencyMs: 0 },
    })
    await manager.close()
    expect(steps).toEqual(['open', 'close'])
  })

  it('names the component that is unhealthy; closing then stops the chat interface and closes the store', async () => {
    const { manager, steps } = recorded({ chat: { health: unhealthy } })
    await expect(manager.start()).rejects.toMatchObject({
      code: 'not_ready',
      component: 'catalogue',
      message: 'Unhealthy at the start: catalogue (empty).',
    })
    expect(manager.state).toBe('starting')
    expect(await manager.health()).toEqual({
      status: 'unhealthy',
      components: {
        store: { status: 'healthy', latencyMs: 0 },
        chat: { status: 'unhealthy', latencyMs: 0 },
        catalogue: { status: 'unhealthy', detail: 'empty', latencyMs: 0 },
      },
    })
    await manager.close()
    expect(steps).toEqual(['open', 'start', 'stop', 'close'])
  })

  it('names every part that is unhealthy, also one that does not say why', async () => {
    const { manager, clock } = recorded({
      chat: { health: () => ({ model: { status: 'unhealthy' }, catalogue: { status: 'degraded' } }) },
      store: { health: hang },
    })
    const outcome = errorOf(manager.start())
    await clock.advance(5_000)
    expect(await outcome).toMatchObject({
      component: 'store',
      message: 'Unhealthy at the start: store (no answer within 5000 ms), model.',
    })
  })

  it.each([
    ['the store does not open', 'store', 'The store could not be opened within 60 seconds.'],
    [
      'the chat interface does not start',
      'chat',
      'The chat interface could not be started within 60 seconds.',
    ],
  ])('when %s in time', async (_what, component, message) => {
    const { manager, clock } = recorded(
      component === 'store' ? { store: { open: hang } } : { chat: { start: hang } },
    )
    const outcome = errorOf(manager.start())
    await clock.advance(59_999)
    expect(manager.state).toBe('starting')
    await clock.advance(1)
    expect(await outcome).toMatchObject({ code: 'not_ready', component, message })
    expect(clock.timers).toBe(0)
  })
})

describe('a start that is tried again', () => {
  it('does only what failed', async () => {
    const { manager, steps } = recorded({
      chat: {
        start: inTurn(fail('no model'), succeed),
        health: inTurn(unhealthy, healthy),
      },
    })
    await expect(manager.start()).rejects.toMatchObject({ component: 'chat' })
    await expect(manager.start()).rejects.toMatchObject({ component: 'catalogue' })
    await manager.start()
    expect(manager.state).toBe('ready')
    await manager.close()
    expect(steps).toEqual(['open', 'stop', 'close'])
  })

  it('does not open a store twice that could not end what a stopped process left; closing then closes it', async () => {
    const interruptAbandoned = inTurn<Promise<unknown>>(fail('disk full'), () => Promise.resolve([]))
    const { manager, steps } = recorded({ store: { isExclusive: true, interruptAbandoned } })
    await expect(manager.start()).rejects.toMatchObject({ code: 'not_ready', component: 'store' })
    await manager.start()
    expect(steps).toEqual(['open', 'start'])
    const closed = recorded({ store: { isExclusive: true, interruptAbandoned: fail('disk full') } })
    await expect(closed.manager.start()).rejects.toMatchObject({ component: 'store' })
    await closed.manager.close()
    expect(closed.steps).toEqual(['open', 'close'])
  })

  it('closes a store that fails to end what a stopped process left only after the manager was closed', async () => {
    const { promise: left, reject } = Promise.withResolvers<never>()
    const begun = gate()
    const { manager, clock, steps } = recorded({
      store: {
        isExclusive: true,
        interruptAbandoned() {
          begun.open()
          return left
        },
      },
    })
    const starting = errorOf(manager.start())
    await begun.opened
    const closing = manager.close()
    await clock.advance(60_000)
    await closing
    expect(await starting).toMatchObject({ code: 'shutting_down' })
    expect(steps).toEqual(['open'])
    reject(new Error('disk full'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(steps).toEqual(['open', 'close'])
  })

  it('does not start a second time what still hangs, and takes it as started when it comes to its end', async () => {
    const { opened, open } = gate()
    let starts = 0
    const start = () => {
      starts += 1
      return opened
    }
    const { manager, clock } = recorded({ chat: { start } })
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const outcome = errorOf(manager.start())
      await clock.advance(60_000)
      expect(await outcome).toMatchObject({ component: 'chat' })
    }
    open()
    await manager.start()
    expect(starts).toBe(1)
    expect(manager.state).toBe('ready')
  })

  it('is one attempt for all that ask meanwhile', async () => {
    let starts = 0
    const { manager } = recorded({
      chat: {
        start: () => {
          starts += 1
          throw new Error('no model')
        },
      },
    })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => manager.start()))
    expect(outcomes.map(({ status }) => status)).toEqual(Array(10).fill('rejected'))
    expect(starts).toBe(1)
  })
})

describe('whoever calls start() is in charge of it', () => {
  it('so everything else is refused at once until it has succeeded, and starts nothing', async () => {
    const { opened, open } = gate()
    let starts = 0
    const start = () => {
      starts += 1
      return starts === 1 ? Promise.reject(new Error('no model')) : opened
    }
    const { manager, clock } = recorded({ chat: { start } })
    const refused = async () => {
      const calls = [
        manager.startTurn({ message: 'hello' }),
        manager.sessions.create(),
        manager.sessions.list(),
        manager.turn({ sessionId: 'sess_x', turnId: 'turn_x' }),
      ]
      return Promise.all(
        calls.map((call) =>
          call.then(
            () => 'done',
            (error: { code: string }) => error.code,
          ),
        ),
      )
    }
    const refusals = Array(4).fill('not_ready')

    await expect(manager.start()).rejects.toMatchObject({ component: 'chat' })
    expect(await refused()).toEqual(refusals)
    await clock.advance(10_000)
    expect(await refused()).toEqual(refusals)
    expect(starts).toBe(1)

    const starting = manager.start()
    expect(await refused()).toEqual(refusals)
    expect(starts).toBe(2)
    open()
    await starting
    expect(await manager.sessions.list()).toMatchObject({ data: [] })
  })

  it('and only they are told what failed as an error with its cause', async () => {
    const { manager } = recorded({ chat: { start: fail('no model') } })
    await expect(manager.start()).rejects.toHaveProperty('cause')
    const refusal = await manager.sessions.create().catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      code: 'not_ready',
      message: 'The session manager is not ready: chat could not be started.',
      component: undefined,
    })
    expect(refusal).not.toHaveProperty('cause')
  })
})

describe('where nobody calls start()', () => {
  it('the first call does it, and all that come meanwhile wait for it', async () => {
    const { opened, open } = gate()
    let starts = 0
    const { manager } = recorded({
      chat: {
        start: () => {
          starts += 1
          return opened
        },
      },
    })
    const creating = Promise.all(Array.from({ length: 10 }, () => manager.sessions.create()))
    open()
    expect(await creating).toHaveLength(10)
    expect(starts).toBe(1)
  })

  it('a thousand calls make one attempt, and none follows within a second of its failure', async () => {
    let starts = 0
    const start = () => {
      starts += 1
      if (starts < 3) throw new Error('no model')
    }
    const { manager, clock } = recorded({ chat: { start } })
    const codes = async () => {
      const calls = Array.from({ length: 1_000 }, () => manager.startTurn({ message: 'hello' }))
      const outcomes = await Promise.allSettled(calls)
      return new Set(
        outcomes.map((o) => (o.status === 'rejected' ? (o.reason as { code: string }).code : 'ok')),
      )
    }
    expect(await codes()).toEqual(new Set(['not_ready']))
    expect(starts).toBe(1)
    await clock.advance(999)
    expect(await codes()).toEqual(new Set(['not_ready']))
    expect(starts).toBe(1)
    await clock.advance(1)
    expect(await codes()).toEqual(new Set(['not_ready']))
    expect(starts).toBe(2)
    await clock.advance(1_000)
    expect(await (await manager.startTurn({ message: 'hello' })).ended).toMatchObject({
      type: 'turn.completed',
    })
    expect(starts).toBe(3)
  })
})

describe('closing during a start', () => {
  it('lets the step under way come to its end, takes none after it, and undoes it', async () => {
    const { opened, open } = gate()
    const { manager, steps } = recorded({ store: { open: () => opened } })
    const outcome = errorOf(manager.start())
    const closing = manager.close()
    expect(await manager.health()).toMatchObject({ components: { store: { detail: 'closing' } } })
    open()
    await closing
    expect(await outcome).toMatchObject({ code: 'shutting_down' })
    expect(steps).toEqual(['close'])
  })

  it('does not wait for a verification', async () => {
    const { manager, clock, steps } = recorded({ chat: { health: hang } })
    const outcome = errorOf(manager.start())
    await clock.advance(0)
    await manager.close()
    expect(await outcome).toMatchObject({ code: 'shutting_down' })
    expect(steps).toEqual(['open', 'start', 'stop', 'close'])
  })

  it('is a shutdown for whoever waits for the start, whatever fails meanwhile', async () => {
    const { opened, open } = gate()
    const start = async () => {
      await opened
      throw new Error('no model')
    }
    const { manager } = recorded({ chat: { start } })
    const outcomes = Promise.all([errorOf(manager.start()), errorOf(manager.start())])
    const closing = manager.close()
    open()
    await closing
    expect(await outcomes).toMatchObject([{ code: 'shutting_down' }, { code: 'shutting_down' }])
  })

  it('stops what comes to its end only after the manager has given it up', async () => {
    const { opened, open } = gate()
    const stopped = Promise.withResolvers<void>()
    const { manager, clock, steps } = recorded({ chat: { start: () => opened, stop: stopped.resolve } })
    const outcome = errorOf(manager.start())
    await clock.advance(0)
    const closing = manager.close()
    await clock.advance(5_000)
    await closing
    expect(await outcome).toMatchObject({ code: 'shutting_down' })
    expect(steps).toEqual(['open', 'close'])
    open()
    await stopped.promise
  })

  it('closes a store that opens only after that', async () => {
    const { opened, open } = gate()
    const closed = Promise.withResolvers<void>()
    const { manager, clock } = recorded({
      store: {
        open: () => opened,
        close: async () => closed.resolve(),
      },
    })
    const outcome = errorOf(manager.start())
    const closing = manager.close()
    await clock.advance(5_000)
    await closing
    expect(await outcome).toMatchObject({ code: 'shutting_down' })
    open()
    await closed.promise
  })

  it('does not wait for a start that was given up long before', async () => {
    const { manager, clock, steps } = recorded({ chat: { start: hang } })
    const outcome = errorOf(manager.start())
    await clock.advance(60_000)
    expect(await outcome).toMatchObject({ component: 'chat' })
    await manager.close()
    expect(steps).toEqual(['open', 'close'])
    expect(clock.timers).toBe(0)
  })
})
