import assert from 'node:assert/strict'
import type { PageRequest, SessionStore } from '../session-store.js'
import { begin, lineOf, nth, wait } from './line-fixture.js'
import {
  completeTurn,
  completion,
  delta,
  mine,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  stop,
  ttlMs,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const all = { order: 'asc', limit: 100 } as const

/** Turns that were accepted and answered, one after the other. */
async function turns(store: SessionStore, count: number): Promise<void> {
  await store.createSession(newSession('sess_1'), roomy)
  for (let n = 1; n <= count; n += 1) {
    await store.acceptTurn(request(nth(n), 'hello'))
    await completeTurn(store, nth(n), 'answer')
  }
}

async function page(store: SessionStore, request: PageRequest): Promise<[readonly number[], boolean]> {
  const found = await store.listTurns(mine('sess_1'), request, start)
  assert(found !== undefined)
  for (const { position, turnId } of found.turns) assert.equal(turnId, `turn_${position}`)
  return [found.turns.map(({ position }) => position), found.more]
}

export const turnListTests: StoreTests = {
  'has turns of every status, each as it is': async (store) => {
    await lineOf(store, 6)
    await completeTurn(store, nth(1), 'answer')
    await begin(store, 2)
    await stop(store, nth(2), 'failed', 'hal', { from: 3 })
    await stop(store, nth(4), 'cancelled', '')
    await begin(store, 3)
    await store.interruptAbandoned(start, 'restart', Number.POSITIVE_INFINITY)
    await store.acceptTurn(request(nth(7), 'hello'))
    await wait(store, 8)
    const found = await store.listTurns(mine('sess_1'), all, start)
    assert.deepEqual(
      found?.turns.map(({ status }) => status),
      ['completed', 'failed', 'interrupted', 'cancelled', 'interrupted', 'interrupted', 'running', 'queued'],
    )
    const each = await Promise.all(found.turns.map((turn) => store.getTurn(mine(turn), start)))
    assert.deepEqual(found.turns, each)
    assert.deepEqual(
      found.turns.map(({ position }) => position),
      [1, 2, 3, 4, 5, 6, 7, 8],
    )
  },

  'returns the page that is asked for, of any length and from anywhere': async (store) => {
    await turns(store, 4)
    assert.deepEqual(await page(store, { order: 'asc', limit: 4 }), [[1, 2, 3, 4], false])
    assert.deepEqual(await page(store, { order: 'desc', limit: 3 }), [[4, 3, 2], true])
    for (let limit = 1; limit <= 5; limit += 1) {
      for (let after = 1; after <= 5; after += 1) {
        const greater = [1, 2, 3, 4].filter((position) => position > after)
        const ascending = await page(store, { order: 'asc', limit, after })
        assert.deepEqual(ascending, [greater.slice(0, limit), greater.length > limit])
        const smaller = [4, 3, 2, 1].filter((position) => position < after)
        const descending = await page(store, { order: 'desc', limit, after })
        assert.deepEqual(descending, [smaller.slice(0, limit), smaller.length > limit])
      }
    }
  },

  'keeps the order in which turns were accepted, whatever the times were and however they ran': async (
    store,
  ) => {
    await startedTurn(store, nth(1))
    await wait(store, 2, { now: start + 30 })
    await wait(store, 3, { now: start + 20 })
    await wait(store, 4, { now: start + 10, onBusy: { kind: 'interrupt' } })
    await stop(store, nth(3), 'cancelled', '')
    await completeTurn(store, nth(1), 'answer')
    await begin(store, 4)
    assert.deepEqual(await page(store, all), [[1, 2, 3, 4], false])
    assert.equal((await store.getTurn(mine(nth(4)), start))?.position, 4)
  },

  'goes on in order beyond nine, as the messages do': async (store) => {
    await turns(store, 12)
    const twelve = Array.from({ length: 12 }, (_, index) => index + 1)
    assert.deepEqual(await page(store, all), [twelve, false])
    assert.deepEqual(await page(store, { order: 'desc', limit: 4, after: 12 }), [[11, 10, 9, 8], true])
    assert.deepEqual(await page(store, { order: 'asc', limit: 3, after: 8 }), [[9, 10, 11], true])
    const found = await store.listMessages(mine('sess_1'), all, start)
    assert.deepEqual(
      found?.messages.map(({ position, turnId, role }) => [position, turnId, role]),
      twelve.flatMap((n) => [
        [2 * n - 1, `turn_${n}`, 'user'],
        [2 * n, `turn_${n}`, 'assistant'],
      ]),
    )
  },

  'keeps a page where it was when turns are added': async (store) => {
    await turns(store, 4)
    assert.deepEqual(await page(store, { order: 'desc', limit: 2 }), [[4, 3], true])
    await store.acceptTurn(request(nth(5), 'hello'))
    assert.deepEqual(await page(store, { order: 'desc', limit: 2, after: 3 }), [[2, 1], false])
    assert.deepEqual(await page(store, { order: 'asc', limit: 2, after: 4 }), [[5], false])
  },

  'gives no position to a message that is refused': async (store) => {
    await lineOf(store, 1)
    await store.acceptTurn(request(nth(9), 'refused'))
    await store.acceptTurn(request(nth(9), 'refused', { onBusy: { kind: 'queue', limit: 0 } }))
    await wait(store, 2)
    assert.deepEqual(await page(store, all), [[1, 2], false])
  },

  'is empty for a session without any, and there is none without a session': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    assert.deepEqual(await page(store, all), [[], false])
    assert.deepEqual(await page(store, { order: 'desc', limit: 1 }), [[], false])
    assert.equal(await store.listTurns(mine('sess_2'), all, start), undefined)
    assert.notEqual(await store.listTurns(mine('sess_1'), all, start + ttlMs - 1), undefined)
    assert.equal(await store.listTurns(mine('sess_1'), all, start + ttlMs), undefined)
    await store.deleteSession(mine('sess_1'), start)
    assert.equal(await store.listTurns(mine('sess_1'), all, start), undefined)
  },

  'is there for the owner of the session only': async (store) => {
    await turns(store, 1)
    const other = { owner: 'owner-2', sessionId: 'sess_1' }
    assert.equal(await store.listTurns(other, all, start), undefined)
  },

  'begins anew in a session that has the id of a deleted one': async (store) => {
    await turns(store, 2)
    await store.deleteSession(mine('sess_1'), start)
    await store.createSession(newSession('sess_1'), roomy)
    assert.deepEqual(await page(store, all), [[], false])
    await store.acceptTurn(request(nth(1), 'hello'))
    assert.deepEqual(await page(store, all), [[1], false])
  },

  'counts the turns of each session from 1': async (store) => {
    await turns(store, 2)
    const other = ref('sess_2', 'turn_8')
    await startedTurn(store, other)
    await store.acceptTurn(request(nth(3), 'hello'))
    assert.deepEqual(await page(store, all), [[1, 2, 3], false])
    const found = await store.listTurns(mine('sess_2'), all, start)
    assert.deepEqual(
      found?.turns.map(({ position, turnId }) => [position, turnId]),
      [[1, 'turn_8']],
    )
  },

  'tells of each turn its final event and the functions that were called, once it has ended': async (
    store,
  ) => {
    const functionsCalled = [
      { callId: 'c1', name: 'lookup', arguments: { q: 'chair' }, result: null },
      { callId: 'c2', name: 'lookup', arguments: [], error: '' },
      { callId: 'c3', name: 'lookup', arguments: 0 },
    ]
    const ended = async (n: number) => {
      const turn = await store.getTurn(mine(nth(n)), start)
      return [turn?.final, turn?.functionsCalled]
    }
    await lineOf(store, 1)
    const calls = numbered(2, { type: 'function.called', callId: 'c1', name: 'lookup', arguments: {} })
    await store.writeTurns([{ ref: nth(1), events: calls }])
    assert.deepEqual(await ended(1), [null, []])
    const { event } = completion(nth(1), 'answer')
    await completeTurn(store, nth(1), 'answer', { from: 3, end: { functionsCalled } })
    assert.deepEqual(await ended(1), [{ ...event, seq: 4 }, functionsCalled])

    await store.acceptTurn(request(nth(2), 'hello'))
    await stop(store, nth(2), 'failed', '', { functionsCalled })
    const failed = { type: 'turn.failed', code: 'chat_failed', content: '', seq: 2 }
    assert.deepEqual(await ended(2), [failed, functionsCalled])

    await store.acceptTurn(request(nth(3), 'hello'))
    await stop(store, nth(3), 'cancelled', 'hal', { functionsCalled })
    const cancelled = { type: 'turn.cancelled', reason: 'client_request', content: 'hal', seq: 3 }
    assert.deepEqual(await ended(3), [cancelled, functionsCalled])
  },

  'tells of an interrupted turn without text its final event and its functions, too': async (store) => {
    await lineOf(store, 1)
    const called = { type: 'function.called', callId: 'c1', name: 'lookup', arguments: {} } as const
    await store.writeTurns([{ ref: nth(1), events: numbered(2, called) }])
    await store.interruptAbandoned(start, 'restart', Number.POSITIVE_INFINITY)
    const turn = await store.getTurn(mine(nth(1)), start)
    assert.deepEqual(turn?.final, { type: 'turn.interrupted', reason: 'restart', content: '', seq: 3 })
    assert.deepEqual(turn.functionsCalled, [{ callId: 'c1', name: 'lookup', arguments: {} }])
  },

  'returns what does not change when turns go on': async (store) => {
    await lineOf(store, 2)
    const found = await store.listTurns(mine('sess_1'), all, start)
    const copy = structuredClone(found)
    await store.writeTurns([{ ref: nth(1), events: numbered(2, delta('more')) }])
    await completeTurn(store, nth(1), 'answer', { from: 3 })
    await begin(store, 2)
    await wait(store, 3)
    assert.deepEqual(found, copy)
  },
}
