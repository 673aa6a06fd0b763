import assert from 'node:assert/strict'
import { ask, begin, lineOf, nth, question, statuses, wait } from './line-fixture.js'
import {
  completeTurn,
  mine,
  newSession,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  stop,
  ttlMs,
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { watchChange } from './watch-change.js'

export const lineStartTests: StoreTests = {
  'a turn waits while another runs, and while others are before it': async (store) => {
    await lineOf(store, 3)
    assert.deepEqual(await ask(store, 2), { outcome: 'waiting', position: 1 })
    assert.deepEqual(await ask(store, 3), { outcome: 'waiting', position: 2 })
    await completeTurn(store, nth(1), 'answer')
    assert.deepEqual(await ask(store, 3), { outcome: 'waiting', position: 2 })
    assert.deepEqual(await statuses(store), ['completed', 'queued', 'queued'])
    await begin(store, 2)
    assert.deepEqual(await ask(store, 3), { outcome: 'waiting', position: 1 })
    assert.deepEqual(await statuses(store), ['completed', 'running', 'queued'])
  },

  'a turn that asks in vain changes nothing': async (store) => {
    await lineOf(store, 2)
    const views = Object.values(viewsOf(store, nth(2)))
    const before = await Promise.all(views.map((look) => look()))
    const late = start + 100 * ttlMs
    await ask(store, 2, { now: late, lease: { instance: 'instance-2', until: late } })
    await store.startTurn(nth(1), {
      lease: { instance: 'instance-2', until: late },
      historyLimit: 0,
      now: late,
    })
    assert.deepEqual(await Promise.all(views.map((look) => look())), before)
  },

  'the next turn begins, with what its answer needs': async (store) => {
    await store.createSession(newSession('sess_1', { metadata: { shop: 'north' }, chat: 'help' }), roomy)
    await store.acceptTurn(request(nth(1), question(1)))
    await wait(store, 2, { now: start + 10, metadata: { a: 'b' } })
    await completeTurn(store, nth(1), 'answer', { at: start + 20, end: { state: { seen: 1 } } })
    const now = start + 30
    const begun = { ...(await ask(store, 2, { now })) }
    const started = { type: 'turn.started', ...nth(2), seq: 2 } as const
    const page = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 10 }, now)
    const [asked, , answered] = page?.messages ?? []
    assert.deepEqual(begun, {
      outcome: 'started',
      session: {
        ...newSession('sess_1', { metadata: { shop: 'north' }, chat: 'help' }),
        lastActiveAt: start + 20,
        expiresAt: null,
        messageCount: 3,
        activeTurnId: 'turn_2',
      },
      started,
      history: [asked, answered],
      state: { seen: 1 },
    })
    assert.deepEqual(await store.getSession(mine('sess_1'), now), begun.session)
    assert.deepEqual(await store.readEvents(mine(nth(2)), { after: 1, limit: 10 }, now), [started])
    assert.deepEqual(await store.getTurn(mine(nth(2)), now), {
      ...nth(2),
      position: 2,
      status: 'running',
      createdAt: start + 10,
      startedAt: now,
      endedAt: null,
      metadata: { a: 'b' },
      lastSeq: 2,
      final: null,
      functionsCalled: [],
    })
  },

  'a turn that waits no more, or never did, can not begin': async (store) => {
    await lineOf(store, 3)
    await stop(store, nth(2), 'cancelled', '')
    await startedTurn(store, ref('sess_2', 'turn_8'))
    const gone = { outcome: 'gone' }
    assert.deepEqual(await ask(store, 1), gone)
    assert.deepEqual(await ask(store, 2), gone)
    assert.deepEqual(await ask(store, 8), gone)
    assert.deepEqual(await ask(store, 9), gone)
    await completeTurn(store, nth(1), 'answer')
    assert.deepEqual(await ask(store, 1), gone)
    await begin(store, 3)
    assert.deepEqual(await ask(store, 3), gone)
    assert.deepEqual(await statuses(store), ['completed', 'cancelled', 'running'])
  },

  'shows the beginning of a turn that waited at once': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer')
    const { getSession, getTurn, readEvents, listTurns } = viewsOf(store, nth(2))
    assert(getSession && getTurn && readEvents && listTurns)
    await watchChange({ getSession, getTurn, readEvents, listTurns }, () => begin(store, 2))
  },
}
