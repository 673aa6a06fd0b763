import assert from 'node:assert/strict'
import type { SessionStore } from '../session-store.js'
import {
  begin,
  interrupting,
  lineOf,
  nth,
  places,
  question,
  queueing,
  said,
  statuses,
  wait,
} from './line-fixture.js'
import {
  completeTurn,
  delta,
  mine,
  newSession,
  numbered,
  outcome,
  request,
  roomy,
  start,
  startedTurn,
  stop,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const next = { type: 'turn.queued', position: 1, seq: 1 } as const

async function superseded(store: SessionStore, n: number): Promise<readonly string[]> {
  const { queued, supersedes } = await wait(store, n, interrupting)
  assert.deepEqual(queued, next)
  return supersedes.toSorted()
}

export const interruptingTests: StoreTests = {
  'runs at once when there is nothing to interrupt': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    const accepted = await store.acceptTurn(request(nth(1), question(1), interrupting))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(accepted.started, { type: 'turn.started', ...nth(1), seq: 1 })
  },

  'is next, and supersedes the turn that runs': async (store) => {
    await startedTurn(store, nth(1))
    const { queued, supersedes, session } = await wait(store, 2, { ...interrupting, now: start + 1 })
    assert.deepEqual([queued, supersedes], [next, ['turn_1']])
    assert.deepEqual([session.activeTurnId, session.messageCount], ['turn_1', 2])
    assert.deepEqual([session.lastActiveAt, session.expiresAt], [start + 1, null])
    assert.deepEqual(await store.getSession(mine('sess_1'), start + 1), session)
    assert.deepEqual(await store.readEvents(mine(nth(2)), { after: 0, limit: 10 }, start), [next])
  },

  'stops nothing by itself: the turn that runs goes on until somebody ends it': async (store) => {
    await startedTurn(store, nth(1))
    await wait(store, 2, interrupting)
    assert.deepEqual(await statuses(store), ['running', 'queued'])
    assert.deepEqual(await places(store, [2]), [1])
    assert.deepEqual(await store.writeTurns([{ ref: nth(1), events: numbered(2, delta('more')) }]), [
      'written',
    ])
  },

  'waits before those that queue, and supersedes none of them': async (store) => {
    await lineOf(store, 3)
    assert.deepEqual(await superseded(store, 4), ['turn_1'])
    assert.deepEqual(await places(store, [2, 3, 4]), [2, 3, 1])
    await stop(store, nth(1), 'cancelled', 'hal')
    assert.deepEqual(await places(store, [3, 2, 4]), [3, 2, 'started'])
    await completeTurn(store, nth(4), 'answer', { from: 3 })
    assert.deepEqual(await places(store, [3, 2]), [2, 'started'])
  },

  'supersedes those that were to interrupt before it, too, and waits before them': async (store) => {
    await lineOf(store, 2)
    assert.deepEqual(await superseded(store, 3), ['turn_1'])
    assert.deepEqual(await superseded(store, 4), ['turn_1', 'turn_3'])
    assert.deepEqual(await superseded(store, 5), ['turn_1', 'turn_3', 'turn_4'])
    assert.deepEqual(await places(store, [2, 3, 4, 5]), [4, 3, 2, 1])
    for (const n of [1, 3]) await stop(store, nth(n), 'cancelled', '')
    assert.deepEqual(await superseded(store, 6), ['turn_4', 'turn_5'])
    assert.deepEqual(await places(store, [2, 4, 5]), [4, 3, 2])
  },

  'once it runs, it is superseded as any other turn': async (store) => {
    await startedTurn(store, nth(1))
    await superseded(store, 2)
    await stop(store, nth(1), 'cancelled', '')
    await begin(store, 2)
    await wait(store, 3)
    assert.deepEqual(await superseded(store, 4), ['turn_2'])
    assert.deepEqual(await places(store, [3, 4]), [2, 1])
  },

  'waits before those that queue also when none runs, and has nothing to supersede': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer')
    assert.deepEqual(await superseded(store, 3), [])
    assert.deepEqual(await places(store, [2, 3]), [2, 'started'])
  },

  'has a place however many wait, and counts among them': async (store) => {
    await lineOf(store, 3)
    const full = { onBusy: { kind: 'queue', limit: 2 } } as const
    const wider = { onBusy: { kind: 'queue', limit: 3 } } as const
    assert.equal(outcome(await store.acceptTurn(request(nth(4), question(4), full))), 'queue_full')
    await superseded(store, 4)
    assert.equal(outcome(await store.acceptTurn(request(nth(5), question(5), wider))), 'queue_full')
  },

  'those that queue afterwards wait behind all': async (store) => {
    await lineOf(store, 2)
    await superseded(store, 3)
    const { queued } = await wait(store, 4)
    assert.deepEqual(queued, { ...next, position: 3 })
    assert.deepEqual(await places(store, [2, 4]), [2, 3])
  },

  'is given what the turn that it supersedes has said': async (store) => {
    await startedTurn(store, nth(1), question(1))
    await wait(store, 2)
    await superseded(store, 3)
    await stop(store, nth(1), 'cancelled', 'half an answ')
    const { history, started } = await begin(store, 3)
    assert.deepEqual(
      history.map(({ content, status }) => [content, status]),
      [
        [question(1), 'complete'],
        ['half an answ', 'partial'],
      ],
    )
    assert.equal(started.seq, 2)
    assert.deepEqual(await said(store), [question(1), question(2), question(3), 'half an answ'])
  },

  'leaves the line as any other when it is cancelled, and is superseded no more': async (store) => {
    await lineOf(store, 2)
    await superseded(store, 3)
    await stop(store, nth(3), 'cancelled', '')
    assert.deepEqual(await places(store, [2, 3]), [1, 'gone'])
    assert.deepEqual(await superseded(store, 4), ['turn_1'])
    assert.equal(outcome(await store.acceptTurn(request(nth(5), question(5), queueing))), 'queued')
  },
}
