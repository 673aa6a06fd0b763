import assert from 'node:assert/strict'
import { ask, begin, lineOf, nth, places, question, queueing, said, statuses, wait } from './line-fixture.js'
import {
  completeTurn,
  completion,
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
  ttlMs,
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
    await store.createSession(newSession('sess_1', { metadata: { shop: 'north' } }), roomy)
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
        ...newSession('sess_1', { metadata: { shop: 'north' } }),
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

  'shows a turn that waits, its message and its first event at once': async (store) => {
    await lineOf(store, 2)
    await watchChange(viewsOf(store, nth(3)), () => wait(store, 3))
  },

  'shows the beginning of a turn that waited at once': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer')
    const { getSession, getTurn, readEvents, listTurns } = viewsOf(store, nth(2))
    assert(getSession && getTurn && readEvents && listTurns)
    await watchChange({ getSession, getTurn, readEvents, listTurns }, () => begin(store, 2))
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
