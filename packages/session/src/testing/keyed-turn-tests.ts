import assert from 'node:assert/strict'
import type { KeyedTurn, SessionStore, TurnKey } from '../session-store.js'
import { accept, day, keyed, making, turnKey } from './key-fixture.js'
import { ask, lineOf, nth, queueing } from './line-fixture.js'
import {
  completeTurn,
  mine,
  newSession,
  outcome,
  owner,
  ref,
  roomy,
  start,
  startedTurn,
  stop,
  ttlMs,
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { watchChange } from './watch-change.js'

const first = ref('sess_1', 'turn_1')
const told: KeyedTurn = { ref: first, isSame: true }
const reused: KeyedTurn = { ref: first, isSame: false }

/** Asks for the turn that the key `k` stands for. */
const find = (store: SessionStore, now = start, key: Partial<TurnKey> = {}) =>
  store.getKeyedTurn(owner, turnKey('k', key), now)

export const keyedTurnTests: StoreTests = {
  'is told while it waits or runs, and however it ended': async (store) => {
    await lineOf(store, 1)
    const its = { ref: nth(2), isSame: true }
    assert.equal(outcome(await accept(store, nth(2), queueing)), 'queued')
    assert.deepEqual(await find(store), its)
    await completeTurn(store, nth(1), 'answer')
    assert.equal((await ask(store, 2)).outcome, 'started')
    assert.deepEqual(await find(store), its)
    await completeTurn(store, nth(2), 'answer', { from: 3 })
    assert.deepEqual(await find(store), its)
    for (const [n, status] of [
      [3, 'failed'],
      [4, 'cancelled'],
    ] as const) {
      await accept(store, nth(n), keyed(status))
      await stop(store, nth(n), status, 'hal')
      assert.deepEqual(await find(store, start, { key: status }), { ref: nth(n), isSame: true })
    }
    await accept(store, nth(5), keyed('interrupted'))
    await store.interruptAbandoned(start, 'restart', Number.POSITIVE_INFINITY)
    assert.deepEqual(await find(store, start, { key: 'interrupted' }), { ref: nth(5), isSame: true })
  },

  'is told to the owner of the key alone': async (store) => {
    const owners = ['owner-1', 'owner-2', 'Owner-1', 'owner-1 ', '']
    for (const [n, owner] of owners.entries()) {
      assert.equal(await store.getKeyedTurn(owner, turnKey('k'), start), undefined, owner)
      const turn = ref(`sess_${n}`, `turn_${n}`)
      const create = { session: newSession(turn.sessionId, { owner }), bound: roomy }
      await accept(store, turn, { ref: { owner, ...turn }, create })
    }
    for (const [n, owner] of owners.entries()) {
      const its = { ref: ref(`sess_${n}`, `turn_${n}`), isSame: true }
      assert.deepEqual(await store.getKeyedTurn(owner, turnKey('k'), start), its, owner)
    }
  },

  'is told of the whole key, and of no other': async (store) => {
    assert.equal(await find(store), undefined)
    await startedTurn(store, ref('sess_1', 'turn_0'))
    const keys = ['k', 'K', 'k ', 'k1', '1', '01', '1.0', 'k%', '%', '', '__proto__']
    for (const [n, key] of keys.entries()) {
      assert.equal(await find(store, start, { key }), undefined, key)
      await accept(store, nth(n + 1), { ...queueing, ...keyed(key) })
    }
    for (const [n, key] of keys.entries()) {
      assert.deepEqual(await find(store, start, { key }), { ref: nth(n + 1), isSame: true }, key)
    }
  },

  'tells an owner and a key from another such pair': async (store) => {
    await accept(store, first, { ...making('sess_1'), ...keyed(':k') })
    for (const [other, key] of [
      [`${owner}:`, 'k'],
      [`${owner}:k`, ''],
      [owner.slice(0, -1), `${owner.at(-1)}:k`],
    ] as const) {
      assert.equal(await store.getKeyedTurn(other, turnKey(key), start), undefined, `${other} ${key}`)
    }
    assert.deepEqual(await find(store, start, { key: ':k' }), told)
  },

  'is told to another request, too, which is told that it is another one': async (store) => {
    await accept(store, first, making('sess_1'))
    for (const fingerprint of ['', 'Hello', 'hello ', 'hell', 'goodbye'])
      assert.deepEqual(await find(store, start, { fingerprint }), reused, fingerprint)
    assert.deepEqual(await find(store), told)
  },

  'is told until the last millisecond of its key, however long that of the asker would stand': async (
    store,
  ) => {
    const until = start + 1_000
    await accept(store, first, making('sess_1'), { until })
    await completeTurn(store, first, 'answer')
    for (const asked of [start, until, until + day])
      assert.deepEqual(await find(store, until - 1, { until: asked }), told)
    assert.equal(await find(store, until, { until: until + day }), undefined)
    assert.equal(await find(store, until, { until: until + day, fingerprint: 'other' }), undefined)
  },

  'is the later one, when the key has gone from one to another': async (store) => {
    const until = start + 1_000
    await accept(store, first, making('sess_1'), { until })
    await completeTurn(store, first, 'answer')
    await accept(store, nth(2), { now: until }, { fingerprint: 'other' })
    assert.deepEqual(await find(store, until, { fingerprint: 'other' }), { ref: nth(2), isSame: true })
    assert.deepEqual(await find(store, until), { ref: nth(2), isSame: false })
  },

  'is not told any more when its session was deleted': async (store) => {
    await accept(store, first, making('sess_1'))
    await completeTurn(store, first, 'answer')
    await store.deleteSession(mine('sess_1'), start)
    assert.equal(await find(store), undefined)
  },

  'is not told any more when its session was deleted while it waited': async (store) => {
    await lineOf(store, 1)
    await accept(store, nth(2), queueing)
    await store.deleteSession(mine('sess_1'), start)
    assert.equal(await find(store), undefined)
  },

  'is not told any more when its session has expired, collected or not': async (store) => {
    await accept(store, first, making('sess_1'))
    await completeTurn(store, first, 'answer')
    const end = start + ttlMs
    assert.deepEqual(await find(store, end - 1), told)
    assert.equal(await find(store, end), undefined)
    assert.equal(await store.collectExpired(end, 10), 1)
    assert.equal(await find(store, end), undefined)
    assert.equal(await find(store, end - 1), undefined)
  },

  'is not told any more when its session was evicted': async (store) => {
    await accept(store, first, making('sess_1'))
    await completeTurn(store, first, 'answer')
    await store.createSession(newSession('sess_2'), { maxSessions: 1, whenFull: 'evict', now: start })
    assert.equal(await find(store), undefined)
  },

  'is told as long as its session has a live turn, however late it is': async (store) => {
    const until = start + 10 * ttlMs
    await accept(store, first, making('sess_1'), { until })
    assert.deepEqual(await find(store, until - 1), told)
  },

  'is none when the request was refused': async (store) => {
    const noRoom = making('sess_2', { bound: { ...roomy, maxSessions: 0 } })
    await startedTurn(store, ref('sess_1', 'turn_0'))
    const refusals = [
      await accept(store, ref('sess_9', 'turn_9'), keyed('a')),
      await accept(store, ref('sess_2', 'turn_9'), { ...noRoom, ...keyed('b') }),
      await accept(store, nth(1), keyed('c')),
      await accept(store, nth(1), { onBusy: { kind: 'queue', limit: 0 }, ...keyed('d') }),
    ]
    assert.deepEqual(refusals.map(outcome), ['session_not_found', 'full', 'turn_in_progress', 'queue_full'])
    for (const key of ['a', 'b', 'c', 'd']) assert.equal(await find(store, start, { key }), undefined, key)
  },

  'stays the first one after a request that reuses its key': async (store) => {
    await accept(store, first, making('sess_1'))
    await accept(store, nth(2), { now: start + 1 }, { fingerprint: 'other' })
    await accept(store, nth(3), { now: start + 1 })
    assert.deepEqual(await find(store), told)
    assert.deepEqual(await find(store, start, { fingerprint: 'other' }), reused)
  },

  'can be asked for, and nothing of it and its session changes': async (store) => {
    await accept(store, first, making('sess_1'))
    await completeTurn(store, first, 'answer')
    const look = async () => [
      ...(await Promise.all(Object.values(viewsOf(store, first)).map((view) => view()))),
      await store.countSessions(start),
      await store.getSession(mine('sess_1'), start + ttlMs),
    ]
    const before = await look()
    assert.deepEqual(await find(store, start + 10), told)
    assert.deepEqual(await find(store, start + 10, { fingerprint: 'other' }), reused)
    assert.deepEqual(await look(), before)
  },

  'can be asked for, and its key stands no longer and no shorter': async (store) => {
    const until = start + 1_000
    await accept(store, first, making('sess_1'), { until })
    await completeTurn(store, first, 'answer')
    await find(store, start, { until: until + day })
    await find(store, start, { until: start + 1, fingerprint: 'other' })
    const late = (now: number) => accept(store, ref('sess_9', 'turn_9'), { now })
    assert.deepEqual(await late(until - 1), { outcome: 'repeated', ref: first })
    assert.equal(outcome(await late(until)), 'session_not_found')
  },

  'can be asked for by a key that is free, which stays free': async (store) => {
    assert.equal(await find(store, start, { fingerprint: 'other' }), undefined)
    assert.equal(outcome(await accept(store, first, making('sess_1'))), 'accepted')
    assert.deepEqual(await find(store), told)
  },

  'is told at once when it is accepted': async (store) => {
    await startedTurn(store, ref('sess_1', 'turn_0'))
    const views = { ...viewsOf(store, first), getKeyedTurn: () => find(store) }
    await watchChange(views, () => accept(store, first, queueing))
  },

  'goes at once with its session': async (store) => {
    await accept(store, first, making('sess_1'))
    const views = { ...viewsOf(store, first), getKeyedTurn: () => find(store) }
    await watchChange(views, () => store.deleteSession(mine('sess_1'), start))
  },
}
