import { describe, expect, it } from 'vitest'
import { gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

/** A manager whose store can't write for a while, with a turn that runs meanwhile. */
async function runningTurn() {
  const store = createMemoryStore()
  const writeTurns = store.writeTurns.bind(store)
  let isBroken = false
  store.writeTurns = async (writes) => {
    if (isBroken) throw new Error('disk full')
    return writeTurns(writes)
  }
  const { opened, open } = gate()
  let calls = 0
  const { manager, clock } = testManager(
    async function* (message) {
      calls += 1
      if (message !== 'first') {
        yield 'fine again'
        return
      }
      yield 'before '
      await opened
      yield 'lost'
    },
    { store },
  )
  const key = { key: 'k', fingerprint: 'f' }
  const turn = await manager.startTurn({ message: 'first', key })
  const events = turn.events()[Symbol.asyncIterator]()
  await events.next()
  await events.next()
  return {
    manager,
    clock,
    store,
    turn,
    key,
    calls: () => calls,
    /** Breaks the store, lets the turn go on, and waits until it was given up. */
    async breakDown() {
      isBroken = true
      open()
      await expect(events.next()).rejects.toMatchObject({ code: 'store_unavailable' })
      for (let n = 0; n < 10; n += 1) await new Promise(setImmediate)
    },
    recover() {
      isBroken = false
    },
  }
}

const ended = {
  status: 'failed',
  final: { type: 'turn.failed', code: 'store_unavailable', content: 'before ' },
}

describe('a turn whose end could not be written', () => {
  it('is ended by the next sweep that can, with the text that was kept, and its session goes on', async () => {
    const { manager, clock, turn, breakDown, recover } = await runningTurn()
    await breakDown()
    await clock.advance(10_000)
    expect(await manager.turn(turn)).toMatchObject({ status: 'running' })
    recover()
    await clock.advance(10_000)
    expect(await manager.turn(turn)).toMatchObject(ended)
    const next = await manager.startTurn({ sessionId: turn.sessionId, message: 'second' })
    expect(await next.ended).toMatchObject({ content: 'fine again' })
    const { data } = await manager.sessions.messages(turn.sessionId)
    expect(data.map(({ content, status }) => `${status}: ${content}`)).toEqual([
      'complete: first',
      'partial: before ',
      'complete: second',
      'complete: fine again',
    ])
  })

  it('lets those in line go on, also what was to interrupt it', async () => {
    const { manager, clock, turn, breakDown, recover } = await runningTurn()
    const { sessionId } = turn
    const waiting = await manager.startTurn({ sessionId, message: 'waiting', onBusy: 'queue' })
    await breakDown()
    const hasty = await manager.startTurn({ sessionId, message: 'hasty', onBusy: 'interrupt' })
    recover()
    await clock.advance(10_000)
    expect(await hasty.ended).toMatchObject({ type: 'turn.completed' })
    expect(await waiting.ended).toMatchObject({ type: 'turn.completed' })
  })

  it('is ended at once when it is cancelled, which says so', async () => {
    const { manager, turn, breakDown, recover } = await runningTurn()
    await breakDown()
    await expect(manager.cancelTurn(turn)).rejects.toMatchObject({ code: 'store_unavailable' })
    recover()
    await expect(manager.cancelTurn(turn)).rejects.toMatchObject({ code: 'turn_not_cancellable' })
    expect(await manager.turn(turn)).toMatchObject(ended)
  })

  it('is the answer to a repeated request as soon as there is one', async () => {
    const { manager, clock, key, breakDown, recover, calls } = await runningTurn()
    await breakDown()
    recover()
    const again = await manager.startTurn({ message: 'first', key })
    await clock.advance(10_000)
    expect(await again.ended).toMatchObject(ended.final)
    expect(calls()).toBe(1)
  })

  it('lets nobody wait in vain: who repeats its request, or reads its events, is told that the store fails', async () => {
    const { manager, clock, turn, key, breakDown, recover } = await runningTurn()
    await breakDown()
    await expect(manager.startTurn({ message: 'first', key })).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    const seen: string[] = []
    const reading = (async () => {
      for await (const { type } of manager.events(turn)) seen.push(type)
    })()
    await expect(reading).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(seen).toEqual(['turn.started', 'text.delta'])
    recover()
    const again = await manager.startTurn({ message: 'first', key })
    await clock.advance(0)
    expect(await again.ended).toMatchObject(ended.final)
  })

  it('is ended for those who read it as soon as the store works again', async () => {
    const { manager, turn, breakDown, recover } = await runningTurn()
    await breakDown()
    recover()
    const types: string[] = []
    for await (const { type } of manager.events(turn)) types.push(type)
    expect(types).toEqual(['turn.started', 'text.delta', 'turn.failed'])
  })

  it('does not stand in the way of the next message, once the store works again', async () => {
    const { manager, turn, breakDown, recover } = await runningTurn()
    await breakDown()
    const { sessionId } = turn
    const second = { sessionId, message: 'second' }
    await expect(manager.startTurn(second)).rejects.toMatchObject({ code: 'store_unavailable' })
    recover()
    expect(await (await manager.startTurn(second)).ended).toMatchObject({ content: 'fine again' })
    expect(await manager.turn(turn)).toMatchObject(ended)
  })

  it('lets the message be known that is asked for again because of it: deleting its session waits for that', async () => {
    const { manager, store, turn, breakDown, recover } = await runningTurn()
    await breakDown()
    recover()
    const { opened, open } = gate()
    const asked = gate()
    const { acceptTurn } = store
    let calls = 0
    store.acceptTurn = async (request) => {
      calls += 1
      const answer = await acceptTurn.call(store, request)
      if (calls < 2) return answer
      asked.open()
      await opened // the store has taken it, and does not say so yet
      return answer
    }
    const { sessionId } = turn
    const second = manager.startTurn({ sessionId, message: 'second' })
    await asked.opened
    const deleting = manager.sessions.delete(sessionId)
    for (let n = 0; n < 10; n += 1) await new Promise(setImmediate)
    open()
    expect(await (await second).ended).toMatchObject({ type: 'turn.cancelled', reason: 'session_deleted' })
    await deleting
  })

  it('is ended with the next message of any session that the store takes', async () => {
    const { manager, turn, breakDown, recover } = await runningTurn()
    await breakDown()
    recover()
    await (await manager.startTurn({ message: 'another session' })).ended
    expect(await manager.turn(turn)).toMatchObject(ended)
  })

  it('is ended when the manager closes', async () => {
    const { manager, clock, store, turn, breakDown, recover } = await runningTurn()
    await breakDown()
    recover()
    const closing = manager.close()
    await clock.advance(0)
    await closing
    expect(await store.getTurn({ ...turn, owner: '' }, clock.now())).toMatchObject(ended)
  })

  it('goes with its session', async () => {
    const { manager, clock, turn, breakDown, recover } = await runningTurn()
    await breakDown()
    recover()
    await manager.sessions.delete(turn.sessionId)
    await clock.advance(20_000)
    await expect(manager.turn(turn)).rejects.toMatchObject({ code: 'turn_not_found' })
  })
})
