import assert from 'node:assert/strict'
import {
  completeTurn,
  mine,
  newSession,
  owner,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  ttlMs,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')

export const expiryTests: StoreTests = {
  'a session is there until its last millisecond, and gone for every call from then on': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer')
    const last = start + ttlMs - 1
    assert.notEqual(await store.getSession(mine('sess_1'), last), undefined)
    assert.equal(await store.countSessions(last), 1)
    const gone = start + ttlMs
    assert.equal(await store.getSession(mine('sess_1'), gone), undefined)
    assert.equal(await store.listMessages(mine('sess_1'), { order: 'asc', limit: 1 }, gone), undefined)
    assert.equal(await store.getTurn(mine(turn), gone), undefined)
    assert.equal(await store.readEvents(mine(turn), { after: 0, limit: 1 }, gone), undefined)
    assert.equal(await store.deleteSession(mine('sess_1'), gone), false)
    assert.equal(await store.countSessions(gone), 0)
  },

  'reading does not extend the life of a session': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    await store.getSession(mine('sess_1'), start + ttlMs - 1)
    await store.listMessages(mine('sess_1'), { order: 'asc', limit: 1 }, start + ttlMs - 1)
    assert.equal(await store.getSession(mine('sess_1'), start + ttlMs), undefined)
  },

  'each session lives as long as it was told to': async (store) => {
    for (const seconds of [3, 1, 2])
      await store.createSession(newSession(`sess_${seconds}`, { ttlMs: seconds * 1_000 }), roomy)
    assert.equal(await store.collectExpired(start + 999, 10), 0)
    assert.equal(await store.collectExpired(start + 1_000, 10), 1)
    assert.equal(await store.getSession(mine('sess_1'), start), undefined)
    assert.equal(await store.collectExpired(start + 3_000, 10), 2)
    assert.equal(await store.countSessions(start), 0)
  },

  'the end of a turn begins the life of its session anew': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer', { at: start + 40_000 })
    assert.equal(await store.collectExpired(start + ttlMs, 10), 0)
    assert.equal(await store.collectExpired(start + 40_000 + ttlMs, 10), 1)
  },

  'collects no more than it is told to, and says how many': async (store) => {
    for (let n = 0; n < 5; n += 1) await store.createSession(newSession(`sess_${n}`), roomy)
    await store.createSession(newSession('sess_later', { createdAt: start + 1 }), roomy)
    assert.equal(await store.collectExpired(start + ttlMs, 3), 3)
    assert.equal(await store.collectExpired(start + ttlMs, 3), 2)
    assert.equal(await store.collectExpired(start + ttlMs, 3), 0)
    assert.equal(await store.countSessions(start + ttlMs), 1)
  },

  'what has expired is left out by whoever looks, and is still to be collected afterwards': async (store) => {
    for (const n of [1, 2, 3]) await store.createSession(newSession(`sess_${n}`), roomy)
    const gone = start + ttlMs
    assert.equal(await store.countSessions(gone), 0)
    assert.deepEqual(await store.listSessions({ owner, limit: 10 }, gone), { sessions: [], more: false })
    assert.equal(await store.getSession(mine('sess_1'), gone), undefined)
    assert.equal(await store.collectExpired(gone, 10), 3)
  },

  'a page leaves out the sessions that have expired among others, and goes on behind one that has': async (
    store,
  ) => {
    const lives = [ttlMs, 2 * ttlMs, ttlMs, ttlMs, 2 * ttlMs, 2 * ttlMs, ttlMs]
    for (const [n, ttlMs] of lives.entries())
      await store.createSession(newSession(`sess_${n}`, { createdAt: start + n, ttlMs }), roomy)
    const gone = start + ttlMs + 10
    const list = async (limit: number, after?: number) => {
      const behind =
        after === undefined ? {} : { after: { lastActiveAt: start + after, sessionId: `sess_${after}` } }
      const { sessions, more } = await store.listSessions({ owner, limit, ...behind }, gone)
      return [...sessions.map(({ sessionId }) => sessionId), more]
    }
    assert.deepEqual(await list(2), ['sess_5', 'sess_4', true])
    assert.deepEqual(await list(3), ['sess_5', 'sess_4', 'sess_1', false])
    assert.deepEqual(await list(2, 4), ['sess_1', false])
    assert.deepEqual(await list(1, 6), ['sess_5', true])
    assert.deepEqual(await list(1, 3), ['sess_1', false])
    assert.equal(await store.countSessions(gone), 3)
  },

  'a session that is made with its first turn lives as long as it was told to': async (store) => {
    const create = { session: newSession('sess_1', { ttlMs: 5_000 }), bound: roomy }
    await store.acceptTurn(request(turn, 'hello', { create }))
    await completeTurn(store, turn, 'answer', { at: start + 1 })
    assert.equal((await store.getSession(mine('sess_1'), start))?.expiresAt, start + 5_001)
    assert.equal(await store.collectExpired(start + 5_000, 10), 0)
    assert.equal(await store.collectExpired(start + 5_001, 10), 1)
  },

  'collects a session or takes its next message when both come at once': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    await store.createSession(newSession('sess_2'), roomy)
    const now = start + ttlMs - 1
    const accept = async (n: number) =>
      store.acceptTurn(request(ref(`sess_${n}`, `turn_${n}`), 'hello', { now }))
    const [first, collected, second] = await Promise.all([
      accept(1),
      store.collectExpired(now + 1, 10),
      accept(2),
    ])
    const found = await Promise.all(['sess_1', 'sess_2'].map((id) => store.getSession(mine(id), now + 1)))
    const isFound = found.map((session) => session !== undefined)
    assert.deepEqual(
      [first.outcome, second.outcome],
      isFound.map((is) => (is ? 'accepted' : 'session_not_found')),
    )
    assert.equal(collected, isFound.filter((is) => !is).length)
  },
}
