import assert from 'node:assert/strict'
import { mine, newSession, outcome, ref, request, roomy, start, ttlMs, viewsOf } from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { watchChange } from './watch-change.js'

const turn = ref('sess_1', 'turn_1')

export const acceptTests: StoreTests = {
  'makes the message, the turn and its first event': async (store) => {
    const session = newSession('sess_1', { metadata: { shop: 'north' }, chat: 'help' })
    const now = start + 10
    await store.createSession(session, roomy)
    const metadata = { a: 'b', empty: '', 'größe 🪑': 'naïve\n' }
    const accepting = request(turn, 'hello', { metadata, now })
    const accepted = await store.acceptTurn(accepting)
    assert(accepted.outcome === 'accepted')
    const started = { type: 'turn.started', sessionId: 'sess_1', turnId: 'turn_1', seq: 1 }
    assert.deepEqual(accepted.started, started)
    assert.deepEqual(accepted.session, {
      ...session,
      lastActiveAt: now,
      expiresAt: null,
      messageCount: 1,
      activeTurnId: 'turn_1',
    })
    assert.equal(accepted.evicted, 0)
    assert.deepEqual(await store.getSession(mine('sess_1'), now), accepted.session)
    const page = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 10 }, now)
    assert.deepEqual(page, { messages: [{ ...accepting.message, position: 1 }], more: false })
    assert.deepEqual(await store.readEvents(mine(turn), { after: 0, limit: 10 }, now), [started])
    assert.deepEqual(await store.getTurn(mine(turn), now), {
      ...turn,
      status: 'running',
      createdAt: now,
      startedAt: now,
      endedAt: null,
      metadata,
      lastSeq: 1,
      position: 1,
      final: null,
      functionsCalled: [],
    })
  },

  'makes a new session together with its first turn': async (store) => {
    const session = newSession('sess_1', { metadata: { shop: 'north' }, chat: 'help' })
    const accepted = await store.acceptTurn(request(turn, 'hello', { create: { session, bound: roomy } }))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(accepted.session, {
      ...session,
      lastActiveAt: start,
      expiresAt: null,
      messageCount: 1,
      activeTurnId: 'turn_1',
    })
    assert.deepEqual(await store.getSession(mine('sess_1'), start), accepted.session)
  },

  'makes nothing when there is no room for the new session': async (store) => {
    const bound = { ...roomy, maxSessions: 0 }
    const full = await store.acceptTurn(
      request(turn, 'hello', { create: { session: newSession('sess_1'), bound } }),
    )
    assert.equal(full.outcome, 'full')
    assert.equal(await store.getSession(mine('sess_1'), start), undefined)
    assert.equal(await store.getTurn(mine(turn), start), undefined)
  },

  'finds no session that was not made, has expired or was deleted': async (store) => {
    assert.equal(outcome(await store.acceptTurn(request(turn, 'hello'))), 'session_not_found')
    await store.createSession(newSession('sess_1'), roomy)
    assert.equal(
      outcome(await store.acceptTurn(request(turn, 'hello', { now: start + ttlMs }))),
      'session_not_found',
    )
    await store.createSession(newSession('sess_2'), roomy)
    await store.deleteSession(mine('sess_2'), start)
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
    const session = await store.getSession(mine('sess_1'), start)
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

  'shows the message, the turn and its first event at once': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    await watchChange(viewsOf(store, turn), () => store.acceptTurn(request(turn, 'hello')))
  },

  'shows a new session at once with its first turn': async (store) => {
    const create = { session: newSession('sess_1'), bound: roomy }
    const views = { ...viewsOf(store, turn), countSessions: () => store.countSessions(start) }
    await watchChange(views, () => store.acceptTurn(request(turn, 'hello', { create })))
  },
}
