import assert from 'node:assert/strict'
import { begin, lineOf, nth, places, question, queueing, statuses, wait } from './line-fixture.js'
import {
  completeTurn,
  delta,
  mine,
  newSession,
  numbered,
  outcome,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  stop,
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { watchChange } from './watch-change.js'

const all = { after: 0, limit: 100 }

export const queueTests: StoreTests = {
  'a message that may wait runs at once when nothing is before it': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    const accepted = await store.acceptTurn(
      request(nth(1), question(1), { onBusy: { kind: 'queue', limit: 0 } }),
    )
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(accepted.started, { type: 'turn.started', ...nth(1), seq: 1 })
    assert.deepEqual(await statuses(store), ['running'])
  },

  'a turn that waits is there with its message, its first event and its place': async (store) => {
    const now = start + 10
    await startedTurn(store, nth(1), question(1))
    const accepting = request(nth(2), question(2), { ...queueing, metadata: { a: 'b' }, now })
    const queued = { type: 'turn.queued', position: 1, seq: 1 } as const
    const accepted = await store.acceptTurn(accepting)
    assert.deepEqual(accepted, {
      outcome: 'queued',
      session: {
        ...newSession('sess_1'),
        lastActiveAt: now,
        expiresAt: null,
        messageCount: 2,
        activeTurnId: 'turn_1',
      },
      queued,
      supersedes: [],
    })
    assert.deepEqual(await store.getSession(mine('sess_1'), now), accepted.session)
    assert.deepEqual(await store.readEvents(mine(nth(2)), all, now), [queued])
    const page = await store.listMessages(mine('sess_1'), { order: 'desc', limit: 1 }, now)
    assert.deepEqual(page?.messages, [{ ...accepting.message, position: 2 }])
    assert.deepEqual(await store.getTurn(mine(nth(2)), now), {
      ...nth(2),
      position: 2,
      status: 'queued',
      createdAt: now,
      startedAt: null,
      endedAt: null,
      metadata: { a: 'b' },
      lastSeq: 1,
      final: null,
      functionsCalled: [],
    })
  },

  'turns wait in the order in which they came, whatever the time was': async (store) => {
    await startedTurn(store, nth(1))
    for (const [index, ms] of [30, 20, 20, 10].entries()) {
      const { queued } = await wait(store, index + 2, { now: start + ms })
      assert.deepEqual(queued, { type: 'turn.queued', position: index + 1, seq: 1 })
    }
    assert.deepEqual(await places(store, [2, 3, 4, 5]), [1, 2, 3, 4])
    for (const n of [1, 2, 3, 4]) {
      await completeTurn(store, nth(n), 'answer', { from: n === 1 ? 2 : 3 })
      const next = [2, 3, 4, 5].filter((other) => other > n)
      assert.deepEqual(
        await places(store, next.toReversed()),
        [...next.keys()].reverse().map((i) => (i === 0 ? 'started' : i + 1)),
      )
    }
  },

  'a line of more than nine keeps its order, and so does its history': async (store) => {
    await lineOf(store, 12)
    const waiting = Array.from({ length: 11 }, (_, index) => index + 2)
    assert.deepEqual(
      await places(store, waiting),
      waiting.map((n) => n - 1),
    )
    await completeTurn(store, nth(1), 'answer 1')
    for (const n of waiting.slice(0, -1)) {
      await begin(store, n)
      await completeTurn(store, nth(n), `answer ${n}`, { from: 3 })
    }
    const { history } = await begin(store, 12, { historyLimit: 100 })
    assert.deepEqual(
      history.map(({ content }) => content),
      [1, ...waiting.slice(0, -1)].flatMap((n) => [question(n), `answer ${n}`]),
    )
  },

  'no more turns wait than may, and one that is refused leaves nothing': async (store) => {
    await lineOf(store, 3)
    const narrow = { onBusy: { kind: 'queue', limit: 2 } } as const
    const before = await Promise.all(Object.values(viewsOf(store, nth(4))).map((look) => look()))
    for (const limit of [0, 1, 2]) {
      const refused = request(nth(4), question(4), { onBusy: { kind: 'queue', limit }, now: start + 1 })
      assert.deepEqual(await store.acceptTurn(refused), { outcome: 'queue_full' })
    }
    assert.deepEqual(await Promise.all(Object.values(viewsOf(store, nth(4))).map((look) => look())), before)
    assert.equal((await wait(store, 4, { onBusy: { kind: 'queue', limit: 3 } })).queued.seq, 1)
    await stop(store, nth(3), 'cancelled', '')
    assert.equal(outcome(await store.acceptTurn(request(nth(5), question(5), narrow))), 'queue_full')
    await completeTurn(store, nth(1), 'answer')
    await begin(store, 2)
    assert.equal(outcome(await store.acceptTurn(request(nth(5), question(5), narrow))), 'queued')
  },

  'a message that may not wait is refused as long as others wait, also when none runs': async (store) => {
    await lineOf(store, 2)
    assert.deepEqual(await store.acceptTurn(request(nth(3), question(3))), {
      outcome: 'turn_in_progress',
      turnId: 'turn_1',
    })
    await completeTurn(store, nth(1), 'answer')
    assert.deepEqual(await store.acceptTurn(request(nth(3), question(3))), {
      outcome: 'turn_in_progress',
      turnId: 'turn_2',
    })
  },

  'a message never overtakes those that wait, also when none runs': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer')
    const { queued, session } = await wait(store, 3)
    assert.deepEqual(queued, { type: 'turn.queued', position: 2, seq: 1 })
    assert.deepEqual([session.activeTurnId, session.expiresAt], [null, null])
    assert.deepEqual(await places(store, [3, 2, 3]), [2, 'started', 1])
  },

  'its places are written to a turn that waits, and its events go on from there': async (store) => {
    await lineOf(store, 4)
    await stop(store, nth(2), 'cancelled', '')
    const second = numbered(2, { type: 'turn.queued', position: 2 })
    assert.deepEqual(await store.writeTurns([{ ref: nth(4), events: second }]), ['written'])
    await stop(store, nth(3), 'cancelled', '')
    const first = numbered(3, { type: 'turn.queued', position: 1 })
    assert.deepEqual(await store.writeTurns([{ ref: nth(4), events: first }]), ['written'])
    const waiting = await store.getTurn(mine(nth(4)), start)
    assert.deepEqual([waiting?.status, waiting?.lastSeq, waiting?.startedAt], ['queued', 3, null])
    await completeTurn(store, nth(1), 'answer')
    const { started } = await begin(store, 4)
    assert.deepEqual(started, { type: 'turn.started', ...nth(4), seq: 4 })
    await store.writeTurns([{ ref: nth(4), events: numbered(5, delta('text')) }])
    assert.deepEqual(await store.readEvents(mine(nth(4)), all, start), [
      { type: 'turn.queued', position: 3, seq: 1 },
      ...second,
      ...first,
      started,
      ...numbered(5, delta('text')),
    ])
    assert.equal((await store.getTurn(mine(nth(4)), start))?.lastSeq, 5)
  },

  'the lines of two sessions do not touch': async (store) => {
    await lineOf(store, 3)
    await startedTurn(store, ref('sess_2', 'turn_8'))
    const accepted = await store.acceptTurn(request(ref('sess_2', 'turn_9'), 'hello', queueing))
    assert.equal(
      accepted.outcome === 'queued' && accepted.queued.type === 'turn.queued' && accepted.queued.position,
      1,
    )
    await completeTurn(store, ref('sess_2', 'turn_8'), 'answer')
    assert.deepEqual(await places(store, [2, 3]), [1, 2])
    assert.equal((await store.getSession(mine('sess_2'), start))?.activeTurnId, null)
  },

  'shows a turn that waits, its message and its first event at once': async (store) => {
    await lineOf(store, 2)
    await watchChange(viewsOf(store, nth(3)), () => wait(store, 3))
  },
}
