import assert from 'node:assert/strict'
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

const maxPairs = 3

export const updateTests: StoreTests = {
  'merges metadata key by key, and null removes a key': async (store) => {
    await store.createSession(newSession('sess_1', { metadata: { a: '1', b: '2' } }), roomy)
    const change = { metadata: { b: '3', c: '', a: null, none: null }, maxPairs }
    const updated = await store.updateSession(mine('sess_1'), change, start)
    assert(updated.outcome === 'updated')
    assert.deepEqual(updated.session.metadata, { b: '3', c: '' })
    assert.deepEqual(await store.getSession(mine('sess_1'), start), updated.session)
  },

  'changes what it is told to and nothing else': async (store) => {
    await store.createSession(newSession('sess_1', { metadata: { a: '1' } }), roomy)
    const before = await store.getSession(mine('sess_1'), start)
    await store.updateSession(mine('sess_1'), { maxPairs }, start + 1)
    assert.deepEqual(await store.getSession(mine('sess_1'), start + 1), before)
    await store.updateSession(mine('sess_1'), { ttlMs: 5_000, maxPairs }, start + 1)
    const after = { ...before, ttlMs: 5_000, expiresAt: start + 5_000 }
    assert.deepEqual(await store.getSession(mine('sess_1'), start + 1), after)
  },

  'changes nothing when there would be too many pairs': async (store) => {
    await store.createSession(newSession('sess_1', { metadata: { a: '1', b: '2' } }), roomy)
    const change = { metadata: { a: 'x', c: '3', d: '4' }, ttlMs: 1, maxPairs }
    assert.deepEqual(await store.updateSession(mine('sess_1'), change, start), {
      outcome: 'too_many_pairs',
      pairs: 4,
    })
    const session = await store.getSession(mine('sess_1'), start)
    assert.deepEqual([session?.metadata, session?.ttlMs], [{ a: '1', b: '2' }, ttlMs])
    const exchanged = await store.updateSession(
      mine('sess_1'),
      { metadata: { b: null, c: '3', d: '4' }, maxPairs },
      start,
    )
    assert.equal(exchanged.outcome, 'updated')
  },

  'counts a new time to live from the last activity, longer or shorter': async (store) => {
    for (const id of ['sess_1', 'sess_2', 'sess_3']) await store.createSession(newSession(id), roomy)
    await store.updateSession(mine('sess_1'), { ttlMs: 2 * ttlMs, maxPairs }, start + 1_000)
    await store.updateSession(mine('sess_2'), { ttlMs: 500, maxPairs }, start + 100)
    assert.equal((await store.getSession(mine('sess_2'), start + 499))?.expiresAt, start + 500)
    assert.equal(await store.collectExpired(start + 500, 10), 1)
    assert.equal(await store.getSession(mine('sess_2'), start + 500), undefined)
    assert.equal(await store.collectExpired(start + ttlMs, 10), 1)
    assert.equal((await store.getSession(mine('sess_1'), start + ttlMs))?.expiresAt, start + 2 * ttlMs)
  },

  "does not end a session with a live turn, whose new life begins with the turn's end": async (store) => {
    const turn = ref('sess_1', 'turn_1')
    await startedTurn(store, turn)
    await store.updateSession(mine('sess_1'), { ttlMs: 1, metadata: { a: 'b' }, maxPairs }, start + 10)
    assert.equal((await store.getSession(mine('sess_1'), start + 1_000))?.expiresAt, null)
    await completeTurn(store, turn, 'answer', { at: start + 1_000 })
    assert.equal((await store.getSession(mine('sess_1'), start + 1_000))?.expiresAt, start + 1_001)
    assert.deepEqual((await store.getSession(mine('sess_1'), start + 1_000))?.metadata, { a: 'b' })
  },

  'shows new metadata to the next turn': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    await store.updateSession(mine('sess_1'), { metadata: { a: 'b' }, maxPairs }, start)
    const accepted = await store.acceptTurn(request(ref('sess_1', 'turn_1'), 'hello'))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(accepted.session.metadata, { a: 'b' })
  },

  'finds no session that was not made, or has expired': async (store) => {
    const missing = { outcome: 'session_not_found' }
    assert.deepEqual(await store.updateSession(mine('sess_1'), { ttlMs: 1, maxPairs }, start), missing)
    await store.createSession(newSession('sess_1'), roomy)
    assert.deepEqual(
      await store.updateSession(mine('sess_1'), { ttlMs: 10 * ttlMs, maxPairs }, start + ttlMs),
      missing,
    )
  },
}
