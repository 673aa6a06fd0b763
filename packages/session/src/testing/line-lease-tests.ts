import assert from 'node:assert/strict'
import type { SessionStore } from '../session-store.js'
import { begin, lineOf, nth, places, question, said, statuses, wait } from './line-fixture.js'
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
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { watchChange } from './watch-change.js'

const leaseEnd = start + 30_000
const until = leaseEnd + 30_000
const infinity = Number.POSITIVE_INFINITY
const lease = (instance: string, until = leaseEnd) => ({ lease: { instance, until } })

/** The turns that are interrupted at a moment, by their ids. */
async function interrupted(
  store: SessionStore,
  now: number,
  leasesUntil?: number,
): Promise<readonly string[]> {
  const refs = await store.interruptAbandoned(now, 'lease_expired', leasesUntil)
  return refs.map(({ turnId }) => turnId).sort()
}

export const lineLeaseTests: StoreTests = {
  'ends a turn that waits when its lease has run out, once, and keeps its message': async (store) => {
    await startedTurn(store, nth(1), question(1))
    await wait(store, 2, { ...lease('instance-2', start + 10), metadata: { a: 'b' } })
    assert.deepEqual(await interrupted(store, start + 9), [])
    const now = start + 10
    const both = await Promise.all([interrupted(store, now), interrupted(store, now)])
    assert.deepEqual(both.flat(), ['turn_2'])
    const final = { type: 'turn.interrupted', reason: 'lease_expired', content: '', seq: 2 }
    assert.deepEqual(await store.readEvents(mine(nth(2)), { after: 1, limit: 10 }, now), [final])
    assert.deepEqual(await store.getTurn(mine(nth(2)), now), {
      ...nth(2),
      position: 2,
      status: 'interrupted',
      createdAt: start,
      startedAt: null,
      endedAt: now,
      metadata: { a: 'b' },
      lastSeq: 2,
      final,
      functionsCalled: [],
    })
    assert.deepEqual(await said(store), [question(1), question(2)])
    const session = await store.getSession(mine('sess_1'), now)
    assert.deepEqual(
      [session?.activeTurnId, session?.expiresAt, session?.lastActiveAt],
      ['turn_1', null, now],
    )
  },

  'lets the others move up behind a turn that it ends': async (store) => {
    await startedTurn(store, nth(1))
    await wait(store, 2, lease('instance-2', start + 10))
    await wait(store, 3)
    await wait(store, 4, lease('instance-2', start + 10))
    await wait(store, 5)
    assert.deepEqual(await interrupted(store, start + 10), ['turn_2', 'turn_4'])
    assert.deepEqual(await places(store, [2, 3, 4, 5]), ['gone', 1, 'gone', 2])
    assert.deepEqual(await statuses(store), ['running', 'interrupted', 'queued', 'interrupted', 'queued'])
  },

  'ends the turn that runs, and those that wait and have a lease go on waiting': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    await store.acceptTurn(request(nth(1), question(1), lease('instance-2', start + 10)))
    await wait(store, 2)
    await wait(store, 3)
    await store.writeTurns([{ ref: nth(1), events: numbered(2, delta('half an answ')) }])
    const now = start + 10
    assert.deepEqual(await interrupted(store, now), ['turn_1'])
    const session = await store.getSession(mine('sess_1'), now)
    assert.deepEqual([session?.activeTurnId, session?.expiresAt, session?.messageCount], [null, null, 4])
    assert.deepEqual(await said(store), [1, 2, 3].map(question).concat('half an answ'))
    const { history } = await begin(store, 2, { now })
    assert.deepEqual(
      history.map(({ content, status }) => [content, status]),
      [
        [question(1), 'complete'],
        ['half an answ', 'partial'],
      ],
    )
    assert.deepEqual(await places(store, [3]), [1])
  },

  'ends the whole line when all leases have run out, and leaves the session idle': async (store) => {
    await lineOf(store, 4)
    assert.deepEqual(await interrupted(store, leaseEnd), ['turn_1', 'turn_2', 'turn_3', 'turn_4'])
    assert.deepEqual(await interrupted(store, leaseEnd), [])
    const session = await store.getSession(mine('sess_1'), leaseEnd)
    assert.deepEqual([session?.activeTurnId, session?.expiresAt], [null, leaseEnd + ttlMs])
    const accepted = await store.acceptTurn(request(nth(5), question(5), { now: leaseEnd }))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(accepted.history.map(({ content }) => content).sort(), [1, 2, 3, 4].map(question))
    assert.deepEqual(await store.writeTurns([{ ref: nth(3), events: numbered(2, delta('late')) }]), [
      'refused',
    ])
  },

  'ends everything that is live when the leases do not count': async (store) => {
    const now = start + 1
    await lineOf(store, 2)
    await startedTurn(store, ref('sess_2', 'turn_8'))
    await startedTurn(store, ref('sess_3', 'turn_9'))
    await completeTurn(store, ref('sess_3', 'turn_9'), 'answer')
    await store.renewLeases({ instance: 'instance-1', until: start + 1_000 * ttlMs })
    assert.deepEqual(await interrupted(store, now), [])
    assert.deepEqual(await interrupted(store, now, infinity), ['turn_1', 'turn_2', 'turn_8'])
    for (const turn of [nth(1), nth(2), ref('sess_2', 'turn_8')]) {
      const ended = await store.getTurn(mine(turn), now)
      assert.deepEqual([ended?.status, ended?.endedAt], ['interrupted', now])
    }
    assert.deepEqual(await interrupted(store, now, infinity), [])
  },

  'ends, at the moment that it is told, the turns whose leases run out by another': async (store) => {
    await startedTurn(store, nth(1))
    await wait(store, 2, lease('instance-2', start + 10))
    await wait(store, 3, lease('instance-2', start + 11))
    assert.deepEqual(await interrupted(store, start + 20, start + 9), [])
    assert.deepEqual(await interrupted(store, start + 1, start + 10), ['turn_2'])
    assert.equal((await store.getTurn(mine(nth(2)), start))?.endedAt, start + 1)
    assert.deepEqual(await statuses(store), ['running', 'interrupted', 'queued'])
  },

  'renews the leases of turns that wait with those of turns that run': async (store) => {
    await lineOf(store, 3)
    await wait(store, 4, lease('instance-2'))
    await store.renewLeases({ instance: 'instance-1', until })
    assert.deepEqual(await interrupted(store, leaseEnd), ['turn_4'])
    assert.deepEqual(await interrupted(store, until - 1), [])
    assert.deepEqual(await statuses(store), ['running', 'queued', 'queued', 'interrupted'])
    assert.deepEqual(await interrupted(store, until), ['turn_1', 'turn_2', 'turn_3'])
  },

  'renews the leases of turns that wait while none runs': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer')
    await store.renewLeases({ instance: 'instance-1', until })
    assert.deepEqual(await interrupted(store, until - 1), [])
    assert.deepEqual(await interrupted(store, until), ['turn_2'])
  },

  'a turn that begins has the lease that it begins with': async (store) => {
    await startedTurn(store, nth(1))
    await wait(store, 2)
    await wait(store, 3)
    await completeTurn(store, nth(1), 'answer')
    await begin(store, 2, lease('instance-2', start + 10))
    await store.renewLeases({ instance: 'instance-1', until })
    assert.deepEqual(await interrupted(store, start + 9), [])
    assert.deepEqual(await interrupted(store, start + 10), ['turn_2'])
    await begin(store, 3, lease('instance-3'))
    await store.renewLeases({ instance: 'instance-3', until })
    assert.deepEqual(await interrupted(store, until - 1), [])
    assert.deepEqual(await interrupted(store, until), ['turn_3'])
  },

  'goes on with the numbers of the events of a turn that it ends': async (store) => {
    await lineOf(store, 3)
    await store.writeTurns([{ ref: nth(3), events: numbered(2, { type: 'turn.queued', position: 1 }) }])
    await completeTurn(store, nth(1), 'answer')
    await begin(store, 2)
    await store.writeTurns([{ ref: nth(2), events: numbered(3, delta('hal')) }])
    await interrupted(store, leaseEnd)
    for (const [n, types, content] of [
      [2, ['turn.queued', 'turn.started', 'text.delta', 'turn.interrupted'], 'hal'],
      [3, ['turn.queued', 'turn.queued', 'turn.interrupted'], ''],
    ] as const) {
      const events = await store.readEvents(mine(nth(n)), { after: 0, limit: 10 }, leaseEnd)
      assert.deepEqual(
        events?.map(({ type, seq }) => [seq, type]),
        types.map((type, index) => [index + 1, type]),
      )
      const ended = await store.getTurn(mine(nth(n)), leaseEnd)
      assert.deepEqual([ended?.final, ended?.lastSeq], [events.at(-1), types.length])
      assert.equal(ended?.final?.type === 'turn.interrupted' && ended.final.content, content)
    }
  },

  'shows the end of a turn that waited at once': async (store) => {
    await startedTurn(store, nth(1))
    await wait(store, 2, lease('instance-2', start + 10))
    const { getSession, getTurn, readEvents, listTurns } = viewsOf(store, nth(2), start + 10)
    assert(getSession && getTurn && readEvents && listTurns)
    await watchChange({ getSession, getTurn, readEvents, listTurns }, () => interrupted(store, start + 10))
  },
}
