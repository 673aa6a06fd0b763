import assert from 'node:assert/strict'
import type { SessionStore } from '../session-store.js'
import { begin, lineOf, nth, wait } from './line-fixture.js'
import { completeTurn, mine, newSession, request, roomy, start, stop, ttlMs } from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

/** After two lives of an idle session, and a little more. */
const endsAt = start + 2 * ttlMs + 1_000

async function expiresAt(store: SessionStore, now: number): Promise<number | null | undefined> {
  return (await store.getSession(mine('sess_1'), now))?.expiresAt
}

/** A session of this end, with a turn that runs. */
async function runningIn(store: SessionStore): Promise<void> {
  await store.createSession(newSession('sess_1', { endsAt }), roomy)
  await store.acceptTurn(request(nth(1), 'hello'))
}

export const lifetimeTests: StoreTests = {
  'expires when it has been idle, or at its end, whichever comes first': async (store) => {
    const ends = { sess_1: start + 1_000, sess_2: start + ttlMs, sess_3: start + ttlMs + 1, sess_4: null }
    for (const [sessionId, endsAt] of Object.entries(ends)) {
      const created = await store.createSession(newSession(sessionId, { endsAt }), roomy)
      assert(created.outcome === 'created')
      const expected = sessionId === 'sess_1' ? start + 1_000 : start + ttlMs
      assert.deepEqual([created.session.endsAt, created.session.expiresAt], [endsAt, expected])
      assert.deepEqual(await store.getSession(mine(sessionId), start), created.session)
    }
    assert.notEqual(await store.getSession(mine('sess_1'), start + 999), undefined)
    assert.equal(await store.getSession(mine('sess_1'), start + 1_000), undefined)
    assert.equal(await store.collectExpired(start + 999, 10), 0)
    assert.equal(await store.collectExpired(start + 1_000, 10), 1)
    assert.equal(await store.collectExpired(start + ttlMs, 10), 3)
  },

  'does not live longer than to its end however active it is': async (store) => {
    await runningIn(store)
    await completeTurn(store, nth(1), 'answer', { at: start + ttlMs })
    assert.equal(await expiresAt(store, start + ttlMs), start + 2 * ttlMs)
    const now = start + 2 * ttlMs - 1
    await store.acceptTurn(request(nth(2), 'hello', { now }))
    await completeTurn(store, nth(2), 'answer', { at: now })
    assert.equal(await expiresAt(store, now), endsAt)
    assert.equal(
      (await store.acceptTurn(request(nth(3), 'hello', { now: endsAt }))).outcome,
      'session_not_found',
    )
    assert.equal(await store.collectExpired(endsAt - 1, 10), 0)
    assert.equal(await store.collectExpired(endsAt, 10), 1)
  },

  'is there past its end while a turn is live, and ends with that turn': async (store) => {
    await runningIn(store)
    const late = endsAt + ttlMs
    assert.equal(await expiresAt(store, late), null)
    assert.equal(await store.collectExpired(late, 10), 0)
    await completeTurn(store, nth(1), 'answer', { at: late })
    assert.equal(await store.getSession(mine('sess_1'), late), undefined)
    assert.equal(await store.getTurn(mine(nth(1)), late), undefined)
    assert.equal(await store.countSessions(late), 0)
  },

  'takes no more turns past its end, though it is there because of some that are live': async (store) => {
    await runningIn(store)
    await wait(store, 2, { now: endsAt - 1 })
    for (const changes of [
      { onBusy: { kind: 'queue', limit: 9 } },
      { onBusy: { kind: 'interrupt' } },
    ] as const) {
      const { outcome } = await store.acceptTurn(request(nth(3), 'late', { now: endsAt, ...changes }))
      assert.equal(outcome, 'session_not_found')
    }
    assert.equal((await store.getSession(mine('sess_1'), endsAt))?.messageCount, 2)
  },

  'is collected once its last turn has ended past its end': async (store) => {
    await runningIn(store)
    const late = endsAt + 1
    await stop(store, nth(1), 'cancelled', 'hal', { at: late })
    assert.equal(await store.collectExpired(late, 10), 1)
    assert.equal(await store.collectExpired(late, 10), 0)
  },

  'ends with the last of the turns that waited': async (store) => {
    await runningIn(store)
    await wait(store, 2)
    await wait(store, 3)
    const late = endsAt + ttlMs
    await completeTurn(store, nth(1), 'answer', { at: late })
    assert.equal(await expiresAt(store, late), null)
    await begin(store, 2, { now: late })
    await completeTurn(store, nth(2), 'answer', { at: late + 1, from: 3 })
    assert.equal(await expiresAt(store, late + 1), null)
    assert.equal(await store.collectExpired(late + 1, 10), 0)
    await stop(store, nth(3), 'cancelled', '', { at: late + 2 })
    assert.equal(await store.getSession(mine('sess_1'), late + 2), undefined)
    assert.equal(await store.collectExpired(late + 2, 10), 1)
  },

  'ends with a turn that is interrupted past its end': async (store) => {
    await runningIn(store)
    assert.deepEqual(await store.interruptAbandoned(endsAt, 'lease_expired'), [nth(1)])
    assert.equal(await store.getSession(mine('sess_1'), endsAt), undefined)
    assert.equal(await store.collectExpired(endsAt, 10), 1)
  },

  'is not prolonged past its end by a change, and may be shortened': async (store) => {
    await store.createSession(newSession('sess_1', { endsAt }), roomy)
    const change = async (ttlMs: number) => {
      const updated = await store.updateSession(mine('sess_1'), { ttlMs, maxPairs: 16 }, start)
      assert(updated.outcome === 'updated')
      assert.deepEqual(updated.session, await store.getSession(mine('sess_1'), start))
      assert.equal(updated.session.endsAt, endsAt)
      return updated.session.expiresAt
    }
    assert.equal(await change(100 * ttlMs), endsAt)
    assert.equal(await change(1_000), start + 1_000)
    assert.equal(await change(100 * ttlMs), endsAt)
    assert.equal(await store.collectExpired(endsAt - 1, 10), 0)
    assert.equal(await store.collectExpired(endsAt, 10), 1)
  },

  'has an end also when it is made with its first turn': async (store) => {
    const create = { session: newSession('sess_1', { endsAt: start + 1_000 }), bound: roomy }
    const accepted = await store.acceptTurn(request(nth(1), 'hello', { create }))
    assert.equal(accepted.outcome === 'accepted' && accepted.session.endsAt, start + 1_000)
    await completeTurn(store, nth(1), 'answer', { at: start + 1 })
    assert.equal(await expiresAt(store, start + 1), start + 1_000)
    const { sessions } = await store.listSessions({ owner: mine('sess_1').owner, limit: 1 }, start)
    assert.equal(sessions[0]?.endsAt, start + 1_000)
  },

  'gives way to another once it has reached its end': async (store) => {
    await store.createSession(newSession('sess_1', { endsAt: start + 1_000 }), roomy)
    const create = (now: number) =>
      store.createSession(newSession('sess_2', { createdAt: now }), {
        maxSessions: 1,
        whenFull: 'reject',
        now,
      })
    assert.equal((await create(start + 999)).outcome, 'full')
    const created = await create(start + 1_000)
    assert.equal(created.outcome === 'created' && created.evicted, 0)
  },

  'without an end, a session lives as long as it is active': async (store) => {
    await lineOf(store, 1)
    let now = start
    for (let n = 1; n <= 5; n += 1) {
      if (n > 1) await store.acceptTurn(request(nth(n), 'hello', { now }))
      await completeTurn(store, nth(n), 'answer', { at: now })
      assert.equal(await expiresAt(store, now), now + ttlMs)
      now += ttlMs - 1
    }
  },
}
