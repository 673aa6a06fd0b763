import assert from 'node:assert/strict'
import { begin, lineOf, nth, places, question, said, statuses, wait } from './line-fixture.js'
import { completeTurn, completion, mine, numbered, start, stop, ttlMs, viewsOf } from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { watchChange } from './watch-change.js'

const all = { after: 0, limit: 100 }

export const lineEndTests: StoreTests = {
  'a turn that has waited ends as any other': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer 1', { at: start + 20 })
    await begin(store, 2, { now: start + 30 })
    await completeTurn(store, nth(2), 'answer 2', { at: start + 40, from: 3 })
    const ended = await store.getTurn(mine(nth(2)), start + 40)
    const { event } = completion(nth(2), 'answer 2', start + 40)
    assert.deepEqual(ended, {
      ...nth(2),
      position: 2,
      status: 'completed',
      createdAt: start,
      startedAt: start + 30,
      endedAt: start + 40,
      metadata: {},
      lastSeq: 4,
      final: { ...event, seq: 4 },
      functionsCalled: [],
    })
    const session = await store.getSession(mine('sess_1'), start + 40)
    assert.deepEqual([session?.activeTurnId, session?.expiresAt], [null, start + 40 + ttlMs])
    assert.deepEqual(await said(store), [question(1), question(2), 'answer 1', 'answer 2'])
  },

  'a turn that is cancelled while it waits leaves the line, and the others move up': async (store) => {
    await lineOf(store, 4)
    const at = start + 10
    await stop(store, nth(3), 'cancelled', '', { at })
    assert.deepEqual(await places(store, [2, 3, 4]), [1, 'gone', 2])
    assert.deepEqual(await store.getTurn(mine(nth(3)), at), {
      ...nth(3),
      position: 3,
      status: 'cancelled',
      createdAt: start,
      startedAt: null,
      endedAt: at,
      metadata: {},
      lastSeq: 2,
      final: { type: 'turn.cancelled', reason: 'client_request', content: '', seq: 2 },
      functionsCalled: [],
    })
    assert.deepEqual(await said(store), [1, 2, 3, 4].map(question))
    const session = await store.getSession(mine('sess_1'), at)
    assert.deepEqual([session?.activeTurnId, session?.expiresAt, session?.lastActiveAt], ['turn_1', null, at])
    assert.deepEqual((await wait(store, 5)).queued, { type: 'turn.queued', position: 3, seq: 1 })
    await stop(store, nth(2), 'cancelled', '')
    assert.deepEqual(await places(store, [4, 5]), [1, 2])
  },

  'the end of the turn that runs is not the end of one that waits, nor the other way round': async (
    store,
  ) => {
    await lineOf(store, 3)
    await stop(store, nth(2), 'cancelled', '')
    assert.deepEqual(await statuses(store), ['running', 'cancelled', 'queued'])
    assert.equal((await store.getSession(mine('sess_1'), start))?.activeTurnId, 'turn_1')
    await stop(store, nth(1), 'cancelled', 'hal')
    assert.deepEqual(await statuses(store), ['cancelled', 'cancelled', 'queued'])
    assert.equal((await store.getSession(mine('sess_1'), start))?.activeTurnId, null)
  },

  'the turn that runs and those that wait can end in one write': async (store) => {
    await lineOf(store, 3)
    const cancelled = { type: 'turn.cancelled', reason: 'session_deleted', content: '' } as const
    const writes = [2, 1, 3].map((n) => ({
      ref: nth(n),
      events: numbered(2, cancelled),
      end: { status: 'cancelled', endedAt: start + n, message: null, functionsCalled: [] } as const,
    }))
    assert.deepEqual(await store.writeTurns(writes), ['written', 'written', 'written'])
    assert.deepEqual(await statuses(store), ['cancelled', 'cancelled', 'cancelled'])
    const session = await store.getSession(mine('sess_1'), start + 3)
    assert.deepEqual(
      [session?.activeTurnId, session?.lastActiveAt, session?.expiresAt],
      [null, start + 3, start + 3 + ttlMs],
    )
    assert.deepEqual(await store.writeTurns(writes), ['refused', 'refused', 'refused'])
  },

  'a write to a turn that was cancelled while it waited is refused': async (store) => {
    await lineOf(store, 2)
    await stop(store, nth(2), 'cancelled', '')
    const late = { ref: nth(2), events: numbered(3, { type: 'turn.queued', position: 1 }) }
    assert.deepEqual(await store.writeTurns([late]), ['refused'])
    assert.equal((await store.readEvents(mine(nth(2)), all, start))?.length, 2)
  },

  'shows the end of a turn that waited at once': async (store) => {
    await lineOf(store, 2)
    const { getSession, getTurn, readEvents, listTurns } = viewsOf(store, nth(2))
    assert(getSession && getTurn && readEvents && listTurns)
    await watchChange({ getSession, getTurn, readEvents, listTurns }, () =>
      stop(store, nth(2), 'cancelled', '', { at: start + 1 }),
    )
  },
}
