import assert from 'node:assert/strict'
import {
  completeTurn,
  delta,
  mine,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  ttlMs,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')

export const deleteTests: StoreTests = {
  'deletes everything of a session, once': async (store) => {
    await startedTurn(store, turn)
    await startedTurn(store, ref('sess_2', 'turn_2'))
    await completeTurn(store, turn, 'answer')
    assert.equal(await store.deleteSession(mine('sess_1'), start), true)
    assert.equal(await store.deleteSession(mine('sess_1'), start), false)
    assert.equal(await store.getTurn(mine(turn), start), undefined)
    assert.equal(await store.listMessages(mine('sess_1'), { order: 'asc', limit: 1 }, start), undefined)
    assert.equal((await store.getSession(mine('sess_2'), start))?.messageCount, 1)
    assert.equal(await store.countSessions(start), 1)
  },

  'deletes a session with a live turn, which then holds nothing back': async (store) => {
    await startedTurn(store, turn)
    assert.equal(await store.deleteSession(mine('sess_1'), start), true)
    assert.equal(await store.countSessions(start), 0)
    assert.deepEqual(await store.interruptAbandoned(start + 10 * ttlMs, 'lease_expired'), [])
    assert.equal((await store.acceptTurn(request(turn, 'hello'))).outcome, 'session_not_found')
  },

  'deletes a session once when several delete it at once': async (store) => {
    await startedTurn(store, turn)
    const deleted = await Promise.all([
      store.deleteSession(mine('sess_1'), start),
      store.deleteSession(mine('sess_1'), start),
    ])
    assert.equal(deleted.filter(Boolean).length, 1)
  },

  'has no session to delete that never was': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    assert.equal(await store.deleteSession(mine('sess_2'), start), false)
    assert.equal(await store.countSessions(start), 1)
  },

  'leaves nothing of a deleted session to a new one with its id': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer', { end: { state: 'old' } })
    const old = ref('sess_1', 'turn_2')
    await store.acceptTurn(request(old, 'still live'))
    await store.deleteSession(mine('sess_1'), start)
    const created = await store.createSession(newSession('sess_1'), roomy)
    assert.equal(created.outcome === 'created' && created.session.messageCount, 0)
    assert.equal(await store.getTurn(mine(turn), start), undefined)
    assert.equal(await store.readEvents(mine(old), { after: 0, limit: 1 }, start), undefined)
    assert.deepEqual(await store.writeTurns([{ ref: old, events: numbered(2, delta('late')) }]), ['refused'])
    const accepted = await store.acceptTurn(request(ref('sess_1', 'turn_3'), 'hello'))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual([accepted.history, accepted.state], [[], null])
    const page = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 10 }, start)
    assert.deepEqual(
      page?.messages.map(({ position, content }) => [position, content]),
      [[1, 'hello']],
    )
    assert.equal(await store.countSessions(start), 1)
  },

  'frees the place that a deleted session had taken': async (store) => {
    const bound = { maxSessions: 1, whenFull: 'reject', now: start } as const
    await startedTurn(store, turn)
    assert.equal((await store.createSession(newSession('sess_2'), bound)).outcome, 'full')
    await store.deleteSession(mine('sess_1'), start)
    assert.equal((await store.createSession(newSession('sess_2'), bound)).outcome, 'created')
    await store.deleteSession(mine('sess_2'), start)
    assert.equal((await store.createSession(newSession('sess_3'), bound)).outcome, 'created')
  },

  'does not collect again what was deleted': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer')
    await store.createSession(newSession('sess_2'), roomy)
    await store.deleteSession(mine('sess_1'), start)
    assert.equal(await store.collectExpired(start + ttlMs, 10), 1)
  },
}
