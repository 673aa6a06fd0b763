import assert from 'node:assert/strict'
import type { SessionStore } from '../session-store.js'
import {
  completeTurn,
  mine,
  newSession,
  outcome,
  ref,
  request,
  start,
  startedTurn,
  ttlMs,
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')
const late = start + 100 * ttlMs

async function create(store: SessionStore, sessionId: string, whenFull: 'evict' | 'reject') {
  const session = newSession(sessionId, { createdAt: late })
  return store.createSession(session, { maxSessions: 1, whenFull, now: late })
}

export const lateTests: StoreTests = {
  'is never collected': async (store) => {
    await startedTurn(store, turn)
    assert.equal((await store.getSession(mine('sess_1'), late))?.expiresAt, null)
    assert.equal(await store.collectExpired(late, 10), 0)
    await completeTurn(store, turn, 'at last', { at: late })
    assert.equal((await store.getSession(mine('sess_1'), late))?.expiresAt, late + ttlMs)
  },

  'is there for everybody who reads': async (store) => {
    await startedTurn(store, turn)
    const early = Object.values(viewsOf(store, turn)).map((look) => look())
    const afterwards = Object.values(viewsOf(store, turn, late)).map((look) => look())
    assert.deepEqual(await Promise.all(afterwards), await Promise.all(early))
    assert.equal(await store.countSessions(late), 1)
  },

  'refuses the next message because of that turn, and takes it after its end': async (store) => {
    await startedTurn(store, turn)
    for (const now of [start + ttlMs - 1, start + ttlMs, late]) {
      assert.deepEqual(await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'next', { now })), {
        outcome: 'turn_in_progress',
        turnId: 'turn_1',
      })
    }
    await completeTurn(store, turn, 'at last', { at: late })
    const next = request(ref('sess_1', 'turn_2'), 'next', { now: late + ttlMs - 1 })
    assert.equal(outcome(await store.acceptTurn(next)), 'accepted')
  },

  'gives way to no other': async (store) => {
    await startedTurn(store, turn)
    assert.deepEqual(await create(store, 'sess_2', 'reject'), { outcome: 'full' })
    assert.deepEqual(await create(store, 'sess_2', 'evict'), { outcome: 'full' })
    await completeTurn(store, turn, 'at last', { at: late })
    assert.deepEqual(await create(store, 'sess_2', 'reject'), { outcome: 'full' })
  },

  'can be deleted': async (store) => {
    await startedTurn(store, turn)
    assert.equal(await store.deleteSession(mine('sess_1'), late), true)
    assert.equal(await store.countSessions(late), 0)
  },
}
