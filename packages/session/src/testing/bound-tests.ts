import assert from 'node:assert/strict'
import type { SessionBound, SessionStore } from '../session-store.js'
import { accept, making } from './key-fixture.js'
import {
  completeTurn,
  mine,
  newSession,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  ttlMs,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const bound = (changes: Partial<SessionBound>): SessionBound => ({
  maxSessions: 2,
  whenFull: 'evict',
  now: start,
  ...changes,
})

async function create(
  store: SessionStore,
  sessionId: string,
  at: number,
  changes: Partial<SessionBound> = {},
) {
  return store.createSession(newSession(sessionId, { createdAt: at }), bound({ now: at, ...changes }))
}

async function existing(store: SessionStore, now: number): Promise<string[]> {
  const ids = ['sess_1', 'sess_2', 'sess_3', 'sess_4']
  const found = await Promise.all(ids.map((id) => store.getSession(mine(id), now)))
  return ids.filter((_, index) => found[index] !== undefined)
}

export const boundTests: StoreTests = {
  'returns the session that it made': async (store) => {
    const session = newSession('sess_1', { metadata: { shop: 'north' }, chat: 'help' })
    assert.deepEqual(await store.createSession(session, bound({})), {
      outcome: 'created',
      session: {
        ...session,
        lastActiveAt: start,
        expiresAt: start + ttlMs,
        messageCount: 0,
        activeTurnId: null,
      },
      evicted: 0,
    })
  },

  'an expired session gives way before any other': async (store) => {
    await store.createSession(newSession('sess_1', { ttlMs: 10 * ttlMs }), bound({}))
    await store.createSession(newSession('sess_2', { createdAt: start + 1 }), bound({ now: start + 1 }))
    const later = start + 2 * ttlMs
    const created = await create(store, 'sess_3', later)
    assert.equal(created.outcome === 'created' && created.evicted, 0)
    assert.deepEqual(await existing(store, later), ['sess_1', 'sess_3'])
  },

  'expired sessions give way where no other may': async (store) => {
    await create(store, 'sess_1', start)
    await startedTurn(store, ref('sess_2', 'turn_2'))
    await completeTurn(store, ref('sess_2', 'turn_2'), 'answer', { at: start + 1 })
    const expired = start + 1 + ttlMs
    const full = await create(store, 'sess_3', start + ttlMs - 1, { whenFull: 'reject' })
    assert.deepEqual(full, { outcome: 'full' })
    for (const sessionId of ['sess_3', 'sess_4']) {
      const created = await create(store, sessionId, expired, { whenFull: 'reject' })
      assert.equal(created.outcome === 'created' && created.evicted, 0)
    }
    assert.deepEqual(await existing(store, expired), ['sess_3', 'sess_4'])
    assert.deepEqual(await create(store, 'sess_5', expired, { whenFull: 'reject' }), { outcome: 'full' })
  },

  'then the least recently active one gives way, when it may': async (store) => {
    await create(store, 'sess_1', start)
    await create(store, 'sess_2', start + 1)
    const turn = ref('sess_1', 'turn_1')
    await store.acceptTurn(request(turn, 'hello', { now: start + 2 }))
    await completeTurn(store, turn, 'answer', { at: start + 3 })
    const created = await create(store, 'sess_3', start + 4)
    assert.equal(created.outcome === 'created' && created.evicted, 1)
    assert.deepEqual(await existing(store, start + 4), ['sess_1', 'sess_3'])
    await create(store, 'sess_4', start + 5)
    assert.deepEqual(await existing(store, start + 5), ['sess_3', 'sess_4'])
  },

  'as many give way as a narrower bound asks for': async (store) => {
    const four = ['sess_1', 'sess_2', 'sess_3', 'sess_4']
    for (const [n, sessionId] of four.entries()) await create(store, sessionId, start + n, { maxSessions: 4 })
    const created = await create(store, 'sess_5', start + 4)
    assert.equal(created.outcome === 'created' && created.evicted, 3)
    assert.deepEqual(await existing(store, start + 4), ['sess_4'])
    assert.equal(await store.countSessions(start + 4), 2)
  },

  'an interrupted turn counts as activity, too': async (store) => {
    await create(store, 'sess_1', start)
    await create(store, 'sess_2', start + 1)
    const lease = { instance: 'instance-1', until: start + 3 }
    await store.acceptTurn(request(ref('sess_1', 'turn_1'), 'hello', { now: start + 2, lease }))
    await store.interruptAbandoned(start + 3, 'lease_expired')
    await create(store, 'sess_3', start + 4)
    assert.deepEqual(await existing(store, start + 4), ['sess_1', 'sess_3'])
  },

  'reading a session does not keep it from giving way': async (store) => {
    await create(store, 'sess_1', start)
    await create(store, 'sess_2', start + 1)
    await store.getSession(mine('sess_1'), start + 2)
    await create(store, 'sess_3', start + 3)
    assert.deepEqual(await existing(store, start + 3), ['sess_2', 'sess_3'])
  },

  'none gives way when none may': async (store) => {
    await create(store, 'sess_1', start)
    await create(store, 'sess_2', start)
    assert.deepEqual(await create(store, 'sess_3', start, { whenFull: 'reject' }), { outcome: 'full' })
    assert.deepEqual(await existing(store, start), ['sess_1', 'sess_2'])
  },

  'a session with a live turn never gives way': async (store) => {
    await startedTurn(store, ref('sess_1', 'turn_1'))
    await startedTurn(store, ref('sess_2', 'turn_2'))
    assert.deepEqual(await create(store, 'sess_3', start), { outcome: 'full' })
    await completeTurn(store, ref('sess_1', 'turn_1'), 'answer')
    assert.equal((await create(store, 'sess_3', start)).outcome, 'created')
    assert.deepEqual(await existing(store, start), ['sess_2', 'sess_3'])
  },

  'none gives way when there would be no room all the same': async (store) => {
    await startedTurn(store, ref('sess_1', 'turn_1'))
    await startedTurn(store, ref('sess_2', 'turn_2'))
    for (const sessionId of ['sess_3', 'sess_4']) await create(store, sessionId, start, { maxSessions: 9 })
    assert.deepEqual(await create(store, 'sess_5', start), { outcome: 'full' })
    const make = making('sess_5', { bound: bound({}) })
    const turn = ref('sess_5', 'turn_5')
    assert.deepEqual(await store.acceptTurn(request(turn, 'hello', make)), { outcome: 'full' })
    assert.deepEqual(await existing(store, start), ['sess_1', 'sess_2', 'sess_3', 'sess_4'])
    assert.equal(await store.countSessions(start), 4)
    const made = await create(store, 'sess_5', start, { maxSessions: 3 })
    assert.equal(made.outcome === 'created' && made.evicted, 2)
  },

  'expired sessions are left to be collected when there would be no room without them': async (store) => {
    for (const sessionId of ['sess_1', 'sess_2', 'sess_3']) {
      const ttl = sessionId === 'sess_1' ? ttlMs : 2 * ttlMs
      await store.createSession(newSession(sessionId, { ttlMs: ttl }), roomy)
    }
    const now = start + ttlMs
    assert.deepEqual(await create(store, 'sess_4', now, { whenFull: 'reject' }), { outcome: 'full' })
    assert.equal(await store.collectExpired(now, 10), 1)
  },

  'none gives way for a request that is repeated, however narrow the bound has become': async (store) => {
    const first = ref('sess_first', 'turn_1')
    await accept(store, first, making('sess_first'))
    await completeTurn(store, first, 'answer')
    const others = Array.from({ length: 150 }, (_, n) => newSession(`sess_${n}`, { createdAt: start + 1 }))
    await Promise.all(others.map((session) => store.createSession(session, roomy)))
    const narrow = making('sess_again', { bound: bound({ now: start + 1 }) })
    const again = ref('sess_again', 'turn_2')
    assert.deepEqual(await accept(store, again, narrow), { outcome: 'repeated', ref: first })
    const other = await accept(store, again, narrow, { fingerprint: 'other' })
    assert.deepEqual(other, { outcome: 'key_reused', ref: first })
    assert.equal(await store.countSessions(start + 1), 151)
    const made = await accept(store, again, { ...narrow, key: null })
    assert.equal(made.outcome === 'accepted' && made.evicted, 150)
  },

  'holds for sessions that are made together with their first turn': async (store) => {
    await create(store, 'sess_1', start)
    await create(store, 'sess_2', start + 1)
    const make = { session: newSession('sess_3', { createdAt: start + 2 }), bound: bound({ now: start + 2 }) }
    const accepted = await store.acceptTurn(
      request(ref('sess_3', 'turn_3'), 'hello', { create: make, now: start + 2 }),
    )
    assert.equal(accepted.outcome === 'accepted' && accepted.evicted, 1)
    assert.deepEqual(await existing(store, start + 2), ['sess_2', 'sess_3'])
    assert.equal(await store.countSessions(start + 2), 2)
    const expiring = start + 2 + ttlMs
    const next = { session: newSession('sess_4', { createdAt: expiring }), bound: bound({ now: expiring }) }
    const later = await store.acceptTurn(
      request(ref('sess_4', 'turn_4'), 'hello', { create: next, now: expiring }),
    )
    assert.equal(later.outcome === 'accepted' && later.evicted, 0)
    assert.deepEqual(await existing(store, expiring), ['sess_3', 'sess_4'])
  },
}
