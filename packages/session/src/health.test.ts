import { describe, expect, it } from 'vitest'
import { echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import { recordLog } from './record-log.fixture.js'
import type { SessionManagerOptions } from './session-manager.js'

/** A manager that has started with a chat interface that was healthy until then, and is as told from then on. */
async function started(health: () => unknown, options: Partial<SessionManagerOptions> = {}) {
  let hasStarted = false
  const { manager, clock } = testManager(
    { ...echo, health: () => (hasStarted ? health() : {}) as never },
    options,
  )
  await manager.start()
  hasStarted = true
  return { manager, clock }
}

const good = { status: 'healthy' } as const
const refuses = (): never => {
  throw new Error('password=hunter2')
}

describe('health', () => {
  it('is that of the worst component', async () => {
    const { manager } = await started(() => ({
      catalogue: good,
      model: { status: 'degraded', detail: 'slow' },
    }))
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

  it('is good where no part has anything to tell', async () => {
    const { manager } = testManager(echo)
    await manager.start()
    expect(await manager.health()).toEqual({
      status: 'healthy',
      components: { store: { ...good, latencyMs: 0 }, chat: { ...good, latencyMs: 0 } },
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

  it('does not tell what a check threw', async () => {
    const { manager } = await started(() => Promise.reject(new Error('password=hunter2')))
    expect((await manager.health()).components['chat']).toMatchObject({
      status: 'unhealthy',
      detail: 'the health check failed',
    })
  })

  it('is asked for once a second at most', async () => {
    let asked = 0
    const { manager, clock } = await started(() => ({ asked: { ...good, detail: `${(asked += 1)}` } }))
    await Promise.all([manager.health(), manager.health(), manager.health()])
    await clock.advance(999)
    await manager.health()
    expect(asked).toBe(1)
    await clock.advance(1)
    await manager.health()
    expect(asked).toBe(2)
  })

  it('counts for a second from when it was told, however long that took', async () => {
    const { opened, open } = gate()
    let asked = 0
    const { manager, clock } = await started(() => {
      asked += 1
      return opened.then(() => ({ disk: good }))
    })
    const first = manager.health()
    await clock.advance(4_000)
    const second = manager.health()
    open()
    expect(await first).toMatchObject({ components: { disk: { latencyMs: 4_000 } } })
    expect(await second).toBe(await first)
    await clock.advance(999)
    await manager.health()
    expect(asked).toBe(1)
  })
})

describe('a health check that hangs', () => {
  it('is not waited for beyond its time', async () => {
    const { manager, clock } = await started(() => new Promise(() => {}))
    const asking = manager.health()
    await clock.advance(5_000)
    expect((await asking).components['chat']).toEqual({
      status: 'unhealthy',
      detail: 'no answer within 5000 ms',
      latencyMs: 5_000,
    })
  })

  it('is called once, and holds up nobody who asks after that', async () => {
    const { opened, open } = gate()
    let asked = 0
    const { manager, clock } = await started(() => {
      asked += 1
      return asked === 1 ? opened.then(() => ({})) : {}
    })
    const first = manager.health()
    await clock.advance(5_000)
    await first
    for (let seconds = 6; seconds < 20; seconds += 1) {
      await clock.advance(1_000)
      // No time passes while it answers.
      expect((await manager.health()).components['chat']).toMatchObject({
        status: 'unhealthy',
        latencyMs: 5_000,
      })
    }
    expect(asked).toBe(1)
    open()
    await clock.advance(1_000)
    expect(await manager.health()).toMatchObject({ status: 'healthy' })
    expect(asked).toBe(2)
  })

  it('is given up after half a minute, and the part is asked again', async () => {
    const askedAfter: number[] = []
    const { manager, clock } = await started(() => {
      askedAfter.push(clock.monotonic())
      return askedAfter.length < 3 ? new Promise(() => {}) : { model: good }
    })
    for (let second = 0; second < 60; second += 1) {
      void manager.health()
      await clock.advance(1_000)
    }
    expect(askedAfter).toEqual([0, 30_000])
    expect(await manager.health()).toMatchObject({ status: 'healthy' })
    expect(askedAfter).toEqual([0, 30_000, 60_000])
    await manager.close()
    expect(clock.timers).toBe(0)
  })

  it('is given up only after its time where that is longer than half a minute', async () => {
    let asked = 0
    const { manager, clock } = await started(
      () => {
        asked += 1
        return new Promise(() => {})
      },
      { limits: { healthTimeoutMs: 40_000 } },
    )
    const asking = manager.health()
    await clock.advance(39_999)
    void manager.health()
    expect(asked).toBe(1)
    await clock.advance(1)
    expect((await asking).components['chat']).toMatchObject({ latencyMs: 40_000 })
  })

  it('and fails after it was given up changes nothing', async () => {
    const late = Promise.withResolvers<never>()
    let asked = 0
    const { logger, lines } = recordLog()
    const { manager, clock } = await started(
      () => {
        asked += 1
        return asked === 1 ? late.promise : { model: good }
      },
      { logger },
    )
    void manager.health()
    await clock.advance(30_000)
    expect(await manager.health()).toMatchObject({ status: 'healthy' })
    late.reject(new Error('too late'))
    await clock.advance(1_000)
    expect(await manager.health()).toMatchObject({ status: 'healthy' })
    expect(asked).toBe(3)
    expect(JSON.stringify(lines)).not.toContain('too late')
  })

  it('of the one part says nothing of the other', async () => {
    const health = () => new Promise<never>(() => {})
    const store = createMemoryStore()
    const { manager, clock } = await started(() => ({ model: good }), { store })
    Object.assign(store, { health })
    const asking = manager.health()
    await clock.advance(5_000)
    expect(await asking).toMatchObject({
      status: 'unhealthy',
      components: { store: { status: 'unhealthy' }, chat: good, model: { ...good, latencyMs: 0 } },
    })
  })
})

describe('the log', () => {
  it('says that a health check gave no report, whatever it gave', async () => {
    for (const given of [null, undefined, 'fine', 0]) {
      const { logger, lines } = recordLog()
      const { manager } = await started(() => given, { logger })
      await manager.health()
      expect(lines.filter(({ component }) => component === 'chat')).toEqual([
        { level: 'warn', component: 'chat', msg: 'the health check gave no health report' },
      ])
    }
  })

  it('says why a health check failed, once until the reason changes, and when all is well again', async () => {
    const { logger, lines } = recordLog()
    const answers: (() => unknown)[] = [
      ...Array.from({ length: 3 }, () => () => Promise.reject(new Error('no disk'))),
      () => Promise.reject(new Error('no network')),
      () => 'no report',
      () => ({ model: good }),
      () => ({ model: { status: 'degraded' } }),
      () => ({ model: { status: 'unhealthy' } }),
      () => ({ model: { status: 'unhealthy' } }),
      () => ({ model: good }),
      () => Promise.reject(new Error('no disk')),
    ]
    const { manager, clock } = await started(() => answers.shift()?.(), { logger })
    lines.length = 0
    while (answers.length > 0) {
      await manager.health()
      await clock.advance(1_000)
    }
    const failed = { level: 'warn', component: 'chat', msg: 'the health check failed' }
    expect(lines).toMatchObject([
      { ...failed, err: { message: 'no disk' } },
      { level: 'warn', components: ['chat'], msg: 'unhealthy' },
      { ...failed, err: { message: 'no network' } },
      { level: 'warn', component: 'chat', msg: 'the health check gave no health report' },
      { level: 'info', msg: 'healthy again', unhealthy_ms: 5_000 },
      { level: 'warn', components: ['chat', 'model'], msg: 'unhealthy' },
      { level: 'info', msg: 'healthy again', unhealthy_ms: 2_000 },
      { ...failed, err: { message: 'no disk' } },
      { level: 'warn', components: ['chat'], msg: 'unhealthy' },
    ])
  })

  it('says once that a health check does not answer', async () => {
    const { logger, lines } = recordLog()
    const { manager, clock } = await started(() => new Promise(() => {}), { logger })
    lines.length = 0
    for (let second = 0; second < 100; second += 1) {
      void manager.health()
      await clock.advance(1_000)
    }
    expect(lines).toEqual([
      {
        level: 'warn',
        component: 'chat',
        timeout_ms: 5_000,
        msg: 'the health check did not answer in time',
      },
      { level: 'warn', components: ['chat'], msg: 'unhealthy' },
    ])
  })

  it('says why the start failed where a health check did', async () => {
    const { logger, lines } = recordLog()
    const { manager } = testManager(
      { ...echo, health: () => Promise.reject(new Error('no disk')) },
      { logger },
    )
    await expect(manager.start()).rejects.toMatchObject({ component: 'chat' })
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', component: 'chat', err: new Error('no disk') }),
    )
  })
})

describe('a health report', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['true', true],
    ['a list', ['x']],
    ['a part that is a word', { disk: 'ok' }],
    ['a part with an unknown status', { disk: { status: 'weird' } }],
    [
      'something that throws',
      {
        get disk() {
          return refuses()
        },
      },
    ],
  ])('of %s counts as a failed check', async (_what, report) => {
    const { manager } = await started(() => report)
    expect((await manager.health()).components['chat']).toMatchObject({
      status: 'unhealthy',
      detail: 'the health check failed',
    })
  })

  it('hides no other component behind one of the same name', async () => {
    const store = createMemoryStore()
    const { manager } = await started(() => ({ disk: good, store: good, chat: good }), { store })
    Object.assign(store, { health: async () => ({ disk: { status: 'unhealthy' } }) })
    const { status, components } = await manager.health()
    expect(status).toBe('unhealthy')
    expect(Object.entries(components).map(([name, health]) => `${name} ${health.status}`)).toEqual([
      'store unhealthy',
      'disk unhealthy',
      'chat healthy',
      'chat.disk healthy',
      'chat.store healthy',
      'chat.chat healthy',
    ])
  })

  it('puts no component of the one part in the place of the other', async () => {
    const health = async () => ({ chat: { status: 'degraded', detail: 'mine' } }) as const
    const store = Object.assign(createMemoryStore(), { health })
    const { manager } = await started(() => ({ store: good }), { store })
    const { components } = await manager.health()
    expect(Object.entries(components).map(([name, part]) => `${name} ${part.status}`)).toEqual([
      'store degraded',
      'store.chat degraded',
      'chat healthy',
      'chat.store healthy',
    ])
  })

  it('may name its components as objects name their own things', async () => {
    const names = ['constructor', '__proto__', 'toString']
    const { manager } = await started(() => Object.fromEntries(names.map((name) => [name, good])))
    expect(Object.keys((await manager.health()).components)).toEqual(['store', 'chat', ...names])
  })

  it('is cut where it is long: details, names, and how many there are, the worst first', async () => {
    const components = Array.from({ length: 1_000 }, (_, n) => [`component ${n}`, good] as const)
    const { manager } = await started(() => ({
      ...Object.fromEntries(components),
      late: { status: 'unhealthy', detail: '😀'.repeat(1_000) },
      ['n'.repeat(1_000)]: { status: 'degraded' },
    }))
    const { status, components: told } = await manager.health()
    expect(status).toBe('unhealthy')
    expect(Object.keys(told)).toHaveLength(2 + 50)
    expect(told['late']?.detail).toHaveLength(200)
    expect(told['late']?.detail?.isWellFormed()).toBe(true)
    expect(told[`${'n'.repeat(63)}…`]).toMatchObject({ status: 'degraded' })
  })

  it('keeps the worse of two names that are alike once they are cut', async () => {
    const name = 'n'.repeat(100)
    const { manager } = await started(() => ({
      [`${name}1`]: good,
      [`${name}2`]: { status: 'unhealthy' },
      [`${name}3`]: { status: 'degraded' },
    }))
    expect((await manager.health()).components[`${'n'.repeat(63)}…`]).toMatchObject({ status: 'unhealthy' })
  })
})
