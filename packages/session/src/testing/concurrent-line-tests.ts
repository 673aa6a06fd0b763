import assert from 'node:assert/strict'
import { ask, interrupting, lineOf, nth, places, question, queueing, said, statuses } from './line-fixture.js'
import {
  completeTurn,
  mine,
  newSession,
  outcome,
  request,
  roomy,
  start,
  startedTurn,
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { watchChange } from './watch-change.js'

export const concurrentLineTests: StoreTests = {
  'gives each of several that come at once a place of its own, without a gap': async (store) => {
    await startedTurn(store, nth(1))
    const turns = [2, 3, 4, 5, 6]
    const accepted = await Promise.all(
      turns.map((n) => store.acceptTurn(request(nth(n), question(n), queueing))),
    )
    const told = accepted.map((one) =>
      one.outcome === 'queued' && one.queued.type === 'turn.queued' ? one.queued.position : one.outcome,
    )
    assert.deepEqual(new Set(told), new Set([1, 2, 3, 4, 5]))
    assert.deepEqual(await places(store, turns), told)
    const page = await store.listTurns(mine('sess_1'), { order: 'asc', limit: 10 }, start)
    assert.deepEqual(
      page?.turns.map(({ position, turnId }) => [position, turnId]),
      [1, 2, 3, 4, 5, 6].map((position) => [
        position,
        position === 1 ? 'turn_1' : nth(turns[told.indexOf(position - 1)] ?? 0).turnId,
      ]),
    )
    const messages = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 10 }, start)
    assert.deepEqual(
      messages?.messages.map(({ position, turnId }) => [position, turnId]),
      page?.turns.map(({ position, turnId }) => [position, turnId]),
    )
  },

  'lets no more wait than may when several come at once': async (store) => {
    await lineOf(store, 2)
    const narrow = { onBusy: { kind: 'queue', limit: 3 } } as const
    const accepted = await Promise.all(
      [3, 4, 5, 6].map((n) => store.acceptTurn(request(nth(n), question(n), narrow))),
    )
    assert.deepEqual(accepted.map(outcome).sort(), ['queue_full', 'queue_full', 'queued', 'queued'])
    assert.equal((await said(store))?.length, 4)
    assert.equal((await statuses(store))?.length, 4)
  },

  'runs one of several that come to an idle session at once, and lines up the others': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    const accepted = await Promise.all(
      [1, 2, 3].map((n) => store.acceptTurn(request(nth(n), question(n), queueing))),
    )
    assert.deepEqual(accepted.map(outcome).sort(), ['accepted', 'queued', 'queued'])
    assert.deepEqual(await statuses(store), ['running', 'queued', 'queued'])
  },

  'puts all that are to interrupt before each other when they come at once': async (store) => {
    await startedTurn(store, nth(1))
    const accepted = await Promise.all(
      [2, 3, 4].map((n) => store.acceptTurn(request(nth(n), question(n), interrupting))),
    )
    const supersedes = accepted.map((one) => (one.outcome === 'queued' ? one.supersedes : []))
    assert.deepEqual(new Set(supersedes.map(({ length }) => length)), new Set([1, 2, 3]))
    assert.ok(supersedes.every((turnIds) => turnIds.includes('turn_1')))
    // Who supersedes the most came last, and is next.
    const expected = supersedes.map(({ length }) => 4 - length)
    assert.deepEqual(await places(store, [2, 3, 4]), expected)
  },

  'begins a turn once when it asks several times at once': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer')
    const told = await Promise.all([ask(store, 2), ask(store, 2), ask(store, 2)])
    assert.deepEqual(told.map(({ outcome }) => outcome).sort(), ['gone', 'gone', 'started'])
    const events = await store.readEvents(mine(nth(2)), { after: 0, limit: 10 }, start)
    assert.deepEqual(
      events?.map(({ type, seq }) => [type, seq]),
      [
        ['turn.queued', 1],
        ['turn.started', 2],
      ],
    )
  },

  'begins one turn only when all that wait ask at once': async (store) => {
    await lineOf(store, 4)
    await completeTurn(store, nth(1), 'answer')
    const told = await Promise.all([4, 3, 2].map((n) => ask(store, n)))
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ['waiting', 'waiting', 'started'],
    )
    assert.deepEqual(await statuses(store), ['completed', 'running', 'queued', 'queued'])
  },

  'begins a turn after the end of the one before it or not at all, when both come at once': async (store) => {
    await lineOf(store, 2)
    const [, told] = await Promise.all([
      completeTurn(store, nth(1), 'answer', { end: { state: 1 } }),
      ask(store, 2),
    ])
    if (told.outcome === 'started') {
      assert.deepEqual([told.history.map(({ content }) => content), told.state], [[question(1), 'answer'], 1])
    } else {
      assert.deepEqual(told, { outcome: 'waiting', position: 1 })
      assert.deepEqual(await places(store, [2]), ['started'])
    }
    assert.deepEqual(await statuses(store), ['completed', 'running'])
  },

  'begins a turn or accepts none in its place, when a message comes between two turns': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer')
    const [told, accepted] = await Promise.all([
      ask(store, 2),
      store.acceptTurn(request(nth(3), question(3), queueing)),
    ])
    assert.deepEqual([told.outcome, accepted.outcome], ['started', 'queued'])
    assert.deepEqual(await statuses(store), ['completed', 'running', 'queued'])
    assert.deepEqual(await places(store, [3]), [1])
  },

  'begins a turn before it interrupts it or not at all, when both come at once': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer')
    const late = start + 30_000
    const [told, interrupted] = await Promise.all([
      ask(store, 2),
      store.interruptAbandoned(late, 'lease_expired'),
    ])
    assert.deepEqual(interrupted, [nth(2)])
    const ended = await store.getTurn(mine(nth(2)), late)
    assert.equal(ended?.status, 'interrupted')
    assert.deepEqual(
      [told.outcome, ended.startedAt, ended.lastSeq],
      told.outcome === 'started' ? ['started', start, 3] : ['gone', null, 2],
    )
    assert.equal((await store.getSession(mine('sess_1'), late))?.activeTurnId, null)
  },

  'leaves nothing of a session that is deleted while a turn of it begins and another comes': async (
    store,
  ) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer')
    const [, isDeleted] = await Promise.all([
      ask(store, 2),
      store.deleteSession(mine('sess_1'), start),
      store.acceptTurn(request(nth(3), question(3), queueing)),
      ask(store, 2),
      store.acceptTurn(request(nth(4), question(4), queueing)),
    ])
    assert.equal(isDeleted, true)
    assert.equal(await store.countSessions(start), 0)
    assert.deepEqual(await places(store, [1, 2, 3, 4]), ['gone', 'gone', 'gone', 'gone'])
    for (const n of [2, 3, 4]) assert.equal(await store.getTurn(mine(nth(n)), start), undefined)
    const infinity = Number.POSITIVE_INFINITY
    assert.deepEqual(await store.interruptAbandoned(start, 'restart', infinity), [])
    await store.createSession(newSession('sess_1'), roomy)
    assert.deepEqual([await said(store), await statuses(store)], [[], []])
  },

  'shows the end of a turn with others behind it at once': async (store) => {
    await lineOf(store, 3)
    await watchChange(viewsOf(store, nth(1)), () => completeTurn(store, nth(1), 'answer', { at: start + 1 }))
  },
}
