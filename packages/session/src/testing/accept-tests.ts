import assert from 'node:assert/strict'
import {
  completeTurn,
  newSession,
  outcome,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  ttlMs,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')

export const acceptTests: StoreTests = {
  'makes the message, the turn and its first event visible together': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    const accepted = await store.acceptTurn(request(turn, 'hello', { metadata: { a: 'b' } }))
    assert(accepted.outcome === 'accepted')
    const started = { type: 'turn.started', sessionId: 'sess_1', turnId: 'turn_1', seq: 1 }
    assert.deepEqual(accepted.started, started)
    assert.equal(accepted.session.activeTurnId, 'turn_1')
    assert.equal((await store.getSession('sess_1', start))?.messageCount, 1)
    assert.equal(
      (await store.listMessages('sess_1', { order: 'asc', limit: 10 }, start))?.messages[0]?.content,
      'hello',
    )
    assert.deepEqual(await store.readEvents(turn, { after: 0, limit: 10 }, start), [started])
    assert.deepEqual(await store.getTurn(turn, start), {
      ...turn,
      status: 'running',
      createdAt: start,
      startedAt: start,
      endedAt: null,
      metadata: { a: 'b' },
      lastSeq: 1,
    })
  },

  'makes a new session together with its first turn': async (store) => {
    const session = newSession('sess_1', { metadata: { shop: 'north' } })
    const accepted = await store.acceptTurn(request(turn, 'hello', { create: { session, bound: roomy } }))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(accepted.session, {
      ...session,
      lastActiveAt: start,
      expiresAt: null,
      messageCount: 1,
      activeTurnId: 'turn_1',
    })
    assert.deepEqual(await store.getSession('sess_1', start), accepted.session)
  },

  'makes nothing when there is no room for the new session': async (store) => {
    const bound = { ...roomy, maxSessions: 0 }
    const full = await store.acceptTurn(
      request(turn, 'hello', { create: { session: newSession('sess_1'), bound } }),
    )
    assert.equal(full.outcome, 'full')
    assert.equal(await store.getSession('sess_1', start), undefined)
    assert.equal(await store.getTurn(turn, start), undefined)
  },

  'finds no session that was not made, has expired or was deleted': async (store) => {
    assert.equal(outcome(await store.acceptTurn(request(turn, 'hello'))), 'session_not_found')
    await store.createSession(newSession('sess_1'), roomy)
    assert.equal(
      outcome(await store.acceptTurn(request(turn, 'hello', { now: start + ttlMs }))),
      'session_not_found',
    )
    await store.createSession(newSession('sess_2'), roomy)
    await store.deleteSession('sess_2', start)
    assert.equal(
      outcome(await store.acceptTurn(request(ref('sess_2', 'turn_2'), 'hello'))),
      'session_not_found',
    )
  },

  'accepts one of two turns of a session that come at once, and changes nothing for the other': async (
    store,
  ) => {
    await store.createSession(newSession('sess_1'), roomy)
    const outcomes = await Promise.all([
      store.acceptTurn(request(turn, 'first')),
      store.acceptTurn(request(ref('sess_1', 'turn_2'), 'second')),
    ])
    assert.deepEqual(outcomes.map(outcome).sort(), ['accepted', 'turn_in_progress'])
    const refused = outcomes.find((accepted) => accepted.outcome === 'turn_in_progress')
    const session = await store.getSession('sess_1', start)
    assert.equal(refused?.outcome === 'turn_in_progress' && refused.turnId, session?.activeTurnId)
    assert.equal(session?.messageCount, 1)
  },

  'accepts turns of two sessions at once': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    await store.createSession(newSession('sess_2'), roomy)
    const outcomes = await Promise.all([
      store.acceptTurn(request(turn, 'first')),
      store.acceptTurn(request(ref('sess_2', 'turn_2'), 'second')),
    ])
    assert.deepEqual(outcomes.map(outcome), ['accepted', 'accepted'])
  },

  'returns the latest earlier messages, oldest first, and the state': async (store) => {
    await startedTurn(store, turn, 'one')
    await completeTurn(store, turn, 'two', { end: { state: { seen: 2 } } })
    await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'three'))
    await completeTurn(store, ref('sess_1', 'turn_2'), 'four')
    const accepted = await store.acceptTurn(request(ref('sess_1', 'turn_3'), 'five', { historyLimit: 3 }))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(
      accepted.history.map(({ content, role, position }) => [position, role, content]),
      [
        [2, 'assistant', 'two'],
        [3, 'user', 'three'],
        [4, 'assistant', 'four'],
      ],
    )
    assert.deepEqual(accepted.state, { seen: 2 })
  },

  'returns no history when none is wanted, and no state before the first': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer')
    const accepted = await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'again', { historyLimit: 0 }))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(accepted.history, [])
    assert.equal(accepted.state, null)
  },
}
