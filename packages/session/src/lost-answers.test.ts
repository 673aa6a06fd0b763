import { describe, expect, it } from 'vitest'
import { echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import type { SessionStore } from './session-store.js'

const key = { key: 'k', fingerprint: 'f' }

/** Loses the store's answer to the next message that it takes. */
function loseAcceptance(store: SessionStore): void {
  const { acceptTurn } = store
  store.acceptTurn = async (request) => {
    store.acceptTurn = acceptTurn
    await acceptTurn.call(store, request)
    throw new Error('connection lost')
  }
}

async function lostTurn(store = createMemoryStore()) {
  const { manager, clock } = testManager(echo, { store })
  const { sessionId } = await manager.sessions.create()
  loseAcceptance(store)
  const lost = manager.startTurn({ sessionId, message: 'lost', key })
  await expect(lost).rejects.toMatchObject({ code: 'store_unavailable' })
  return { manager, clock, sessionId }
}

describe('a turn that the store took, though it could not say so', () => {
  it('is ended, and its session goes on', async () => {
    const { manager, clock, sessionId } = await lostTurn()
    await clock.advance(0)
    expect((await manager.turns(sessionId)).data).toMatchObject([
      { status: 'failed', final: { code: 'store_unavailable', content: '' } },
    ])
    const next = await manager.startTurn({ sessionId, message: 'next' })
    expect(await next.ended).toMatchObject({ type: 'turn.completed' })
    expect((await manager.status()).turns).toEqual({ running: 0, queued: 0 })
  })

  it('is the answer to a repeated request, which finds it failed', async () => {
    const { manager, clock, sessionId } = await lostTurn()
    const again = await manager.startTurn({ sessionId, message: 'lost', key })
    await clock.advance(1_000)
    expect(again.isRepeated).toBe(true)
    expect(await again.ended).toMatchObject({ type: 'turn.failed', code: 'store_unavailable' })
  })

  it('is ended by a later sweep where the store can not even be read', async () => {
    const store = createMemoryStore()
    const { readEvents } = store
    store.readEvents = () => Promise.reject(new Error('connection lost'))
    const { manager, clock, sessionId } = await lostTurn(store)
    await clock.advance(60_000)
    await expect(manager.startTurn({ sessionId, message: 'next' })).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    store.readEvents = readEvents
    await clock.advance(10_000)
    const next = await manager.startTurn({ sessionId, message: 'next' })
    expect(await next.ended).toMatchObject({ type: 'turn.completed' })
  })

  it('is ended when the manager closes', async () => {
    const store = createMemoryStore()
    const { readEvents } = store
    store.readEvents = () => Promise.reject(new Error('connection lost'))
    const { manager, clock, sessionId } = await lostTurn(store)
    store.readEvents = readEvents
    const closing = manager.close()
    await clock.advance(0)
    await closing
    const page = await store.listTurns({ owner: '', sessionId }, { order: 'asc', limit: 9 }, clock.now())
    expect(page?.turns).toMatchObject([{ status: 'failed' }])
  })

  it('lets those in line behind it go on', async () => {
    const store = createMemoryStore()
    const { readEvents } = store
    store.readEvents = () => Promise.reject(new Error('connection lost'))
    const { manager, clock, sessionId } = await lostTurn(store)
    const waiting = await manager.startTurn({ sessionId, message: 'waiting', onBusy: 'queue' })
    store.readEvents = readEvents
    await clock.advance(10_000)
    expect(await waiting.ended).toMatchObject({ type: 'turn.completed' })
  })

  it('is ended also where it waits in line', async () => {
    const { opened, open } = gate()
    const store = createMemoryStore()
    const { manager, clock } = testManager(
      async function* () {
        await opened
        yield 'at last'
      },
      { store, limits: { onBusy: 'queue' } },
    )
    const { sessionId } = await manager.startTurn({ message: 'first' })
    loseAcceptance(store)
    const lost = manager.startTurn({ sessionId, message: 'lost' })
    await expect(lost).rejects.toMatchObject({ code: 'store_unavailable' })
    const last = await manager.startTurn({ sessionId, message: 'last' })
    await clock.advance(1_000)
    open()
    expect(await last.ended).toMatchObject({ type: 'turn.completed' })
    const { data } = await manager.turns(sessionId)
    expect(data.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed'])
  })

  it('is looked for once only where there is none: the store did not take it', async () => {
    const store = createMemoryStore()
    const { manager, clock } = testManager(echo, { store })
    await manager.start()
    const { acceptTurn, readEvents } = store
    store.acceptTurn = () => Promise.reject(new Error('disk full'))
    let asked = 0
    store.readEvents = (...args) => {
      asked += 1
      return readEvents.apply(store, args)
    }
    await expect(manager.startTurn({ message: 'hello' })).rejects.toMatchObject({ code: 'store_unavailable' })
    await clock.advance(60_000)
    expect(asked).toBe(1)
    store.acceptTurn = acceptTurn
    expect(await (await manager.startTurn({ message: 'hello' })).ended).toMatchObject({
      type: 'turn.completed',
    })
  })

  it('is not forgotten, however many there may be: no more are begun until it is known what became of them', async () => {
    const store = createMemoryStore()
    const { manager, clock } = testManager(echo, { store })
    await manager.start()
    const { acceptTurn, readEvents } = store
    let asked = 0
    store.acceptTurn = () => {
      asked += 1
      return Promise.reject(new Error('connection lost'))
    }
    store.readEvents = () => Promise.reject(new Error('connection lost'))
    const ask = () => manager.startTurn({ message: 'hello' }).catch((error: { code?: string }) => error.code)
    for (let n = 0; n < 1_200; n += 1) expect(await ask()).toBe('store_unavailable')
    expect(asked).toBe(1_100)
    Object.assign(store, { acceptTurn, readEvents })
    expect(await ask()).toBe('store_unavailable')
    await clock.advance(10_000)
    expect(await ask()).toMatchObject({ isRepeated: false })
  })
})
