import { describe, expect, it, onTestFinished } from 'vitest'
import type { Logger } from './logger.js'
import { echo, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import { recordLog } from './record-log.fixture.js'

/** An error that throws when somebody looks at what it says. */
function unreadable(): Error {
  return Object.defineProperty(new Error(), 'message', {
    get() {
      throw new Error('not for your eyes')
    },
  })
}

/** Keeps what it is given, and writes errors down with their causes at once, as pino does. */
function strictLog() {
  const { logger: log, lines } = recordLog()
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      const { err } = { err: null, ...fields }
      for (let error: unknown = err; error instanceof Error; error = error.cause) void error.message
      log[level](fields, message)
    }
  const logger: Logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => logger,
  }
  return { logger, lines }
}

const unwritable = { message: 'The error can not be written down.' }

/** Notes what nobody has caught, for as long as the test runs. */
function unhandled(): unknown[] {
  const rejections: unknown[] = []
  const note = (reason: unknown) => void rejections.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  return rejections
}

async function refuses(): Promise<never> {
  throw unreadable()
}

describe('an error that throws when it is written down', () => {
  it('keeps no store open when a chat interface stops with it', async () => {
    const { logger, lines } = strictLog()
    let isClosed = false
    const close = async () => {
      isClosed = true
    }
    const store = Object.assign(createMemoryStore(), { close })
    const { manager } = testManager({ ...echo, stop: refuses }, { store, logger })
    await manager.start()
    await manager.close()
    expect(isClosed).toBe(true)
    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      err: unwritable,
      msg: 'the chat interface failed to stop; closing without it',
    })
  })

  it('makes a component unhealthy whose health check throws it, and no more', async () => {
    const rejections = unhandled()
    const { logger, lines } = strictLog()
    let isBroken = false
    const health = async () => (isBroken ? refuses() : {})
    const { manager, clock } = testManager({ ...echo, health }, { logger })
    await manager.start()
    isBroken = true
    const bad = { status: 'unhealthy', components: { chat: { detail: 'the health check failed' } } }
    expect(await manager.health()).toMatchObject(bad)
    expect(lines).toContainEqual(
      expect.objectContaining({ component: 'chat', err: expect.objectContaining(unwritable) }),
    )
    isBroken = false
    await clock.advance(1_000)
    expect(await manager.health()).toMatchObject({ status: 'healthy' })
    await new Promise(setImmediate)
    expect(rejections).toEqual([])
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw unreadable()
      },
    ],
    ['rejects with', refuses],
  ])('harms nothing when an observer %s it', async (_how, turnEnded) => {
    const rejections = unhandled()
    const { logger, lines } = strictLog()
    const { manager } = testManager(echo, { logger, observer: { turnEnded } })
    await (await manager.startTurn({ message: 'hello' })).ended
    await manager.close()
    await new Promise(setImmediate)
    expect(rejections).toEqual([])
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([{ err: unwritable }])
  })

  it('stops no sweep', async () => {
    const rejections = unhandled()
    const { logger, lines } = strictLog()
    const store = createMemoryStore()
    const { collectExpired } = store
    store.collectExpired = refuses
    let expired = 0
    const observer = { sessionsExpired: (count: number) => void (expired += count) }
    const limits = { sessionTtlMs: 1_000 }
    const { manager, clock } = testManager(echo, { store, logger, limits, observer })
    await manager.sessions.create()
    await clock.advance(10_000)
    store.collectExpired = collectExpired
    await clock.advance(10_000)
    expect(expired).toBe(1)
    expect(rejections).toEqual([])
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([{ err: unwritable }])
  })

  it('lets a turn end whose events the store refuses with it', async () => {
    const rejections = unhandled()
    const { logger } = strictLog()
    const store = createMemoryStore()
    const { manager, clock } = testManager(echo, { store, logger })
    await manager.start()
    Object.assign(store, { writeTurns: refuses })
    const turn = await manager.startTurn({ message: 'hello' })
    await expect(turn.ended).rejects.toMatchObject({ code: 'store_unavailable' })
    const closing = manager.close()
    await clock.advance(0)
    await closing
    expect(rejections).toEqual([])
  })
})

describe('a health check', () => {
  it('is made again after a logger that failed at what it said', async () => {
    let isBroken = false
    const fails = (): void => {
      if (isBroken) throw new Error('disk full')
    }
    const logger: Logger = { debug() {}, info() {}, warn: fails, error: fails, child: () => logger }
    const rejections = unhandled()
    let isUnwell = false
    const health = () => ({ model: { status: isUnwell ? 'unhealthy' : 'healthy' } as const })
    const { manager, clock } = testManager({ ...echo, health }, { logger })
    await manager.start()
    isUnwell = true
    isBroken = true
    expect(await manager.health()).toMatchObject({ status: 'unhealthy' })
    isUnwell = false
    isBroken = false
    await clock.advance(1_000)
    expect(await manager.health()).toMatchObject({ status: 'healthy' })
    await new Promise(setImmediate)
    expect(rejections).toEqual([])
  })
})
