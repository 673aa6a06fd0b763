import assert from 'node:assert/strict'
import type { SessionStore } from '../session-store.js'
import { ask, begin, lineOf, nth, places, queueing, said, statuses, wait } from './line-fixture.js'
import {
  completeTurn,
  mine,
  newSession,
  numbered,
  outcome,
  owner,
  request,
  roomy,
  start,
  startedTurn,
  stop,
  ttlMs,
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const late = start + 100 * ttlMs

/** A session in which a turn waits, and none runs. */
async function betweenTurns(store: SessionStore): Promise<void> {
  await lineOf(store, 2)
  await completeTurn(store, nth(1), 'answer')
}

export const lineSessionTests: StoreTests = {
  'has no active turn and does not expire between two turns': async (store) => {
    await betweenTurns(store)
    const session = await store.getSession(mine('sess_1'), late)
    assert.deepEqual([session?.activeTurnId, session?.expiresAt], [null, null])
    assert.equal(await store.collectExpired(late, 10), 0)
    assert.equal(await store.countSessions(late), 1)
    const { sessions } = await store.listSessions({ owner, limit: 10 }, late)
    assert.deepEqual(sessions, [session])
  },

  'is there for everybody who reads': async (store) => {
    await betweenTurns(store)
    const early = await Promise.all(Object.values(viewsOf(store, nth(2))).map((look) => look()))
    const afterwards = Object.values(viewsOf(store, nth(2), late)).map((look) => look())
    assert.deepEqual(await Promise.all(afterwards), early)
  },

  'gives way to no other': async (store) => {
    await betweenTurns(store)
    for (const whenFull of ['evict', 'reject'] as const) {
      const session = newSession('sess_2', { createdAt: late })
      const full = await store.createSession(session, { maxSessions: 1, whenFull, now: late })
      assert.deepEqual(full, { outcome: 'full' })
    }
  },

  'takes the next message however late it is': async (store) => {
    await betweenTurns(store)
    await wait(store, 3, { now: late })
    await begin(store, 2, { now: late })
    assert.deepEqual(await statuses(store), ['completed', 'running', 'queued'])
  },

  'is changed without being prolonged, and its line stays': async (store) => {
    await betweenTurns(store)
    const change = { ttlMs: 1_000, metadata: { a: 'b' }, maxPairs: 16 }
    const updated = await store.updateSession(mine('sess_1'), change, late)
    assert.equal(updated.outcome === 'updated' && updated.session.expiresAt, null)
    assert.equal(await store.collectExpired(late, 10), 0)
    await stop(store, nth(2), 'cancelled', '', { at: late })
    assert.equal((await store.getSession(mine('sess_1'), late))?.expiresAt, late + 1_000)
  },

  'begins its life anew when the last that waited has left': async (store) => {
    await betweenTurns(store)
    const at = start + 40_000
    await stop(store, nth(2), 'cancelled', '', { at })
    const session = await store.getSession(mine('sess_1'), at)
    assert.deepEqual([session?.lastActiveAt, session?.expiresAt], [at, at + ttlMs])
    assert.equal(await store.collectExpired(at + ttlMs - 1, 10), 0)
    assert.equal(await store.collectExpired(at + ttlMs, 10), 1)
    assert.equal(await store.getTurn(mine(nth(2)), start), undefined)
  },

  'is not idle when one that waited has left and another runs': async (store) => {
    await lineOf(store, 2)
    await stop(store, nth(2), 'cancelled', '')
    assert.equal((await store.getSession(mine('sess_1'), late))?.expiresAt, null)
    assert.equal(await store.collectExpired(late, 10), 0)
    assert.equal(outcome(await store.acceptTurn(request(nth(3), 'hello', { now: late }))), 'turn_in_progress')
  },

  'was last active when a message came or a turn ended, not when one began': async (store) => {
    await lineOf(store, 2)
    const lastActiveAt = async () => (await store.getSession(mine('sess_1'), start))?.lastActiveAt
    await wait(store, 3, { now: start + 10 })
    assert.equal(await lastActiveAt(), start + 10)
    await completeTurn(store, nth(1), 'answer', { at: start + 20 })
    assert.equal(await lastActiveAt(), start + 20)
    await begin(store, 2, { now: start + 30 })
    assert.equal(await lastActiveAt(), start + 20)
    await stop(store, nth(3), 'cancelled', '', { at: start + 40 })
    assert.equal(await lastActiveAt(), start + 40)
  },

  'was last active when the latest of its messages came, also when an earlier end is written after it':
    async (store) => {
      await store.createSession(newSession('sess_2', { createdAt: start + 15 }), roomy)
      await lineOf(store, 1)
      await wait(store, 2, { now: start + 20 })
      await completeTurn(store, nth(1), 'answer', { at: start + 10 })
      assert.equal((await store.getSession(mine('sess_1'), start))?.lastActiveAt, start + 20)
      const { sessions } = await store.listSessions({ owner, limit: 10 }, start + 20)
      assert.deepEqual(
        sessions.map(({ sessionId }) => sessionId),
        ['sess_1', 'sess_2'],
      )
    },

  'is deleted with all that wait, which then are gone': async (store) => {
    await lineOf(store, 3)
    await startedTurn(store, { sessionId: 'sess_2', turnId: 'turn_8' })
    assert.equal(await store.deleteSession(mine('sess_1'), start), true)
    assert.deepEqual(await places(store, [1, 2, 3]), ['gone', 'gone', 'gone'])
    for (const n of [1, 2, 3]) {
      assert.equal(await store.getTurn(mine(nth(n)), start), undefined)
      assert.equal(await store.readEvents(mine(nth(n)), { after: 0, limit: 10 }, start), undefined)
      const late = { ref: nth(n), events: numbered(2, { type: 'turn.queued', position: 1 }) }
      assert.deepEqual(await store.writeTurns([late]), ['refused'])
    }
    const infinity = Number.POSITIVE_INFINITY
    const left = await store.interruptAbandoned(late, 'restart', infinity)
    assert.deepEqual(left, [{ sessionId: 'sess_2', turnId: 'turn_8' }])
  },

  'has no line for another owner': async (store) => {
    await lineOf(store, 2)
    const other = { owner: 'owner-2', ...nth(3) }
    for (const onBusy of [queueing.onBusy, { kind: 'interrupt' } as const]) {
      const told = await store.acceptTurn(request(nth(3), 'hello', { ref: other, onBusy }))
      assert.deepEqual(told, { outcome: 'session_not_found' })
    }
    assert.deepEqual(await statuses(store), ['running', 'queued'])
    assert.deepEqual(await places(store, [2, 3]), [1, 'gone'])
  },

  'is deleted between two turns, too': async (store) => {
    await betweenTurns(store)
    assert.equal(await store.deleteSession(mine('sess_1'), late), true)
    assert.equal(await store.countSessions(late), 0)
    assert.deepEqual(await ask(store, 2), { outcome: 'gone' })
  },

  'leaves no line to a new session with its id': async (store) => {
    await lineOf(store, 3)
    await store.deleteSession(mine('sess_1'), start)
    await store.createSession(newSession('sess_1'), roomy)
    const accepted = await store.acceptTurn(request(nth(4), 'hello', queueing))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(accepted.history, [])
    assert.equal((await wait(store, 5)).queued.seq, 1)
    assert.deepEqual(await places(store, [2, 5]), ['gone', 1])
    await completeTurn(store, nth(4), 'answer')
    assert.deepEqual(
      (await begin(store, 5)).history.map(({ content }) => content),
      ['hello', 'answer'],
    )
    assert.equal((await said(store))?.length, 3)
  },
}
