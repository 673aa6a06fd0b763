import assert from 'node:assert/strict'
import type { AcceptOutcome } from '../session-store.js'
import type { TurnRef } from '../turn-event.js'
import { accept, day, keyed, making } from './key-fixture.js'
import { lineOf, nth, queueing, statuses } from './line-fixture.js'
import {
  completeTurn,
  mine,
  newSession,
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

const first = ref('sess_1', 'turn_1')
const again = ref('sess_1', 'turn_2')
const repeated = { outcome: 'repeated', ref: first }
const reused = { outcome: 'key_reused', ref: first }

/** Demands that one of several requests made its turn, and that all others were told of that one. */
function demandOneMade(
  turns: readonly TurnRef[],
  told: readonly AcceptOutcome[],
  others: 'repeated' | 'key_reused',
): TurnRef {
  const made = turns[told.findIndex(({ outcome }) => outcome === 'accepted')]
  assert(made)
  for (const [n, one] of told.entries())
    if (turns[n] !== made) assert.deepEqual(one, { outcome: others, ref: made })
  return made
}

export const keyTests: StoreTests = {
  'stands for its turn while that waits or runs, and however it ended': async (store) => {
    await lineOf(store, 1)
    const waiting = ref('sess_1', 'turn_2')
    assert.equal(outcome(await accept(store, waiting, queueing)), 'queued')
    const told = { outcome: 'repeated', ref: waiting }
    const retry = ref('sess_1', 'turn_3')
    assert.deepEqual(await accept(store, retry, queueing), told)
    await completeTurn(store, nth(1), 'answer')
    assert.deepEqual(await accept(store, retry, queueing), told)
    await store.startTurn(waiting, request(waiting, ''))
    assert.deepEqual(await accept(store, retry, queueing), told)
    await stop(store, waiting, 'failed', 'hal', { from: 3 })
    assert.deepEqual(await accept(store, retry), told)
    assert.deepEqual(await statuses(store), ['completed', 'failed'])
  },

  'stands for its turn after an interruption, too': async (store) => {
    await accept(store, first, making('sess_1'))
    await store.interruptAbandoned(start, 'restart', Number.POSITIVE_INFINITY)
    assert.deepEqual(await accept(store, again), repeated)
  },

  'a repeated request changes nothing': async (store) => {
    await accept(store, first, making('sess_1'))
    await completeTurn(store, first, 'answer')
    const look = () => Promise.all(Object.values(viewsOf(store, first)).map((view) => view()))
    const before = await look()
    assert.deepEqual(await accept(store, again, { now: start + 10 }), repeated)
    assert.deepEqual(await accept(store, again, { now: start + 10 }, { fingerprint: 'other' }), reused)
    assert.deepEqual(await look(), before)
    assert.equal(await store.getTurn(mine(again), start), undefined)
  },

  'the same request finds the session that the first one made, and makes none': async (store) => {
    await accept(store, first, making('sess_1'))
    await completeTurn(store, first, 'answer')
    const bound = { maxSessions: 1, whenFull: 'evict', now: start } as const
    const other = ref('sess_2', 'turn_2')
    assert.deepEqual(await accept(store, other, making('sess_2', { bound })), repeated)
    assert.deepEqual(await accept(store, other, making('sess_2', { bound }), { fingerprint: '' }), reused)
    assert.equal(await store.getSession(mine('sess_2'), start), undefined)
    assert.equal((await store.getSession(mine('sess_1'), start))?.messageCount, 2)
    assert.equal(await store.countSessions(start), 1)
  },

  'is looked at before the session, the turn that runs, the line and the bound': async (store) => {
    await accept(store, first, making('sess_1'))
    const full = { onBusy: { kind: 'queue', limit: 0 } } as const
    const noRoom = making('sess_2', { bound: { ...roomy, maxSessions: 0 } })
    for (const changes of [{}, full, { onBusy: { kind: 'interrupt' } } as const]) {
      assert.deepEqual(await accept(store, again, changes), repeated)
      assert.deepEqual(await accept(store, again, changes, { fingerprint: 'other' }), reused)
    }
    assert.deepEqual(await accept(store, ref('sess_2', 'turn_2'), noRoom), repeated)
    assert.deepEqual(await accept(store, ref('sess_9', 'turn_2')), repeated)
    assert.deepEqual(await accept(store, ref('sess_9', 'turn_2'), {}, { fingerprint: 'other' }), reused)
  },

  'belongs to its owner, not to a session': async (store) => {
    await startedTurn(store, ref('sess_2', 'turn_0'))
    await completeTurn(store, ref('sess_2', 'turn_0'), 'answer')
    await accept(store, first, making('sess_1'))
    const elsewhere = ref('sess_2', 'turn_2')
    assert.deepEqual(await accept(store, elsewhere, {}, { fingerprint: 'hello in sess_2' }), reused)
    assert.equal(await store.getTurn(mine(elsewhere), start), undefined)
  },

  'is free for every other owner': async (store) => {
    const names = ['owner-1', 'owner-2', 'Owner-1', 'owner-1 ', '']
    for (const [n, owner] of names.entries()) {
      const turn = ref(`sess_${n}`, `turn_${n}`)
      const create = { session: newSession(turn.sessionId, { owner }), bound: roomy }
      const accepted = await accept(store, turn, { ref: { owner, ...turn }, create })
      assert.equal(outcome(accepted), 'accepted', owner)
    }
    for (const [n, owner] of names.entries()) {
      const turn = { owner, ...ref('sess_9', 'turn_9') }
      assert.deepEqual(await accept(store, turn, { ref: turn }), {
        outcome: 'repeated',
        ref: ref(`sess_${n}`, `turn_${n}`),
      })
    }
  },

  'is told apart from every other key, and an owner and a key from another such pair': async (store) => {
    const pairs = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['a', 'BC'],
      ['a', 'bc '],
      ['a:', 'bc'],
      ['a', ':bc'],
      ['a', '1'],
      ['a', '01'],
      ['a', '1.0'],
      ['a', '1e0'],
      ['a', 'b%'],
      ['a', '__proto__'],
    ] as const
    for (const round of ['accepted', 'repeated']) {
      for (const [n, [owner, key]] of pairs.entries()) {
        const turn = ref(`sess_${n}`, `turn_${n}`)
        const create = { session: newSession(turn.sessionId, { owner }), bound: roomy }
        const asked = request(turn, 'hello', { ref: { owner, ...turn }, create, ...keyed(key) })
        const told = await store.acceptTurn(asked)
        assert.equal(told.outcome, round, `${owner} ${key}`)
        if (told.outcome === 'repeated') assert.deepEqual(told.ref, turn)
      }
    }
  },

  'stands for one request only: another fingerprint is another request': async (store) => {
    await accept(store, first, making('sess_1'))
    for (const fingerprint of ['', 'Hello', 'hello ', 'hell', 'goodbye'])
      assert.deepEqual(await accept(store, again, {}, { fingerprint }), reused)
    assert.deepEqual(await accept(store, again), repeated)
  },

  'a request without a key is never repeated, and two keys are two requests': async (store) => {
    await accept(store, first, making('sess_1'))
    assert.equal(outcome(await accept(store, again, { ...queueing, key: null })), 'queued')
    assert.equal(outcome(await accept(store, nth(3), { ...queueing, key: null })), 'queued')
    assert.equal(outcome(await accept(store, nth(4), { ...queueing, ...keyed('k2') })), 'queued')
    assert.deepEqual(await accept(store, nth(5), keyed('k2')), { outcome: 'repeated', ref: nth(4) })
    assert.deepEqual(await accept(store, nth(5)), repeated)
  },

  'stays free when its request is refused': async (store) => {
    const noRoom = making('sess_2', { bound: { ...roomy, maxSessions: 0 } })
    await startedTurn(store, ref('sess_1', 'turn_0'))
    const refusals = [
      await accept(store, ref('sess_9', 'turn_9'), {}, { fingerprint: 'a' }),
      await accept(store, ref('sess_2', 'turn_9'), noRoom, { fingerprint: 'b' }),
      await accept(store, first, {}, { fingerprint: 'c' }),
      await accept(store, first, { onBusy: { kind: 'queue', limit: 0 } }, { fingerprint: 'd' }),
    ]
    const outcomes = ['session_not_found', 'full', 'turn_in_progress', 'queue_full']
    assert.deepEqual(refusals.map(outcome), outcomes)
    assert.equal(outcome(await accept(store, first, queueing)), 'queued')
    assert.deepEqual(await accept(store, again, queueing), repeated)
  },

  'stands for its turn until its last millisecond, then it is free for another': async (store) => {
    const until = start + 1_000
    await accept(store, first, making('sess_1'), { until })
    await completeTurn(store, first, 'answer')
    assert.deepEqual(await accept(store, again, { now: until - 1 }, { until: until + day }), repeated)
    assert.equal(outcome(await accept(store, again, { now: until }, { fingerprint: 'other' })), 'accepted')
    assert.deepEqual(await accept(store, nth(3), { now: until }, { fingerprint: 'other' }), {
      outcome: 'repeated',
      ref: again,
    })
    assert.deepEqual(await accept(store, nth(3), { now: until }), { outcome: 'key_reused', ref: again })
  },

  'stands for as long as it was told to, whatever is collected and however long others stand': async (
    store,
  ) => {
    const long = newSession('sess_1', { ttlMs: 10 * day })
    const untils = { k1: start + 3_000, k2: start + 1_000, k3: start + 2_000 }
    await store.createSession(long, roomy)
    for (const [index, [key, until]] of Object.entries(untils).entries()) {
      await accept(store, nth(index + 1), keyed(key, { until }))
      await completeTurn(store, nth(index + 1), 'answer')
    }
    for (const now of [start + 999, start + 1_000, start + 2_000, start + 3_000]) {
      await store.collectExpired(now, 10)
      for (const [index, [key, until]] of Object.entries(untils).entries()) {
        const told = await accept(store, nth(9), {
          now,
          ...keyed(key, { fingerprint: 'other' }),
          ref: mine(ref('sess_9', 'turn_9')),
        })
        const expected =
          now < until ? { outcome: 'key_reused', ref: nth(index + 1) } : { outcome: 'session_not_found' }
        assert.deepEqual(told, expected)
      }
    }
  },

  'is gone with its session: deleted, expired, collected or evicted': async (store) => {
    const makeRoom = (now: number) => ({ maxSessions: 1, whenFull: 'evict', now }) as const
    const ends: readonly ((sessionId: string, now: number) => Promise<number>)[] = [
      async (sessionId, now) => {
        assert.equal(await store.deleteSession(mine(sessionId), now), true)
        return now
      },
      async (_, now) => {
        assert.equal(await store.collectExpired(now + ttlMs, 10), 1)
        return now + ttlMs
      },
      async (_, now) => {
        const created = await store.createSession(
          newSession('sess_evictor', { createdAt: now }),
          makeRoom(now),
        )
        assert.equal(created.outcome === 'created' && created.evicted, 1)
        await store.deleteSession(mine('sess_evictor'), now)
        return now
      },
      async (_, now) => now + ttlMs,
    ]
    let now = start
    for (const [n, end] of ends.entries()) {
      const turn = ref(`sess_${n}`, `turn_${n}`)
      const session = newSession(turn.sessionId, { createdAt: now })
      const create = { session, bound: { ...roomy, now } }
      assert.equal(outcome(await accept(store, turn, { create, now })), 'accepted')
      await completeTurn(store, turn, 'answer', { at: now })
      const elsewhere = ref('sess_9', 'turn_9')
      assert.deepEqual(await accept(store, elsewhere, { now }), { outcome: 'repeated', ref: turn })
      now = await end(turn.sessionId, now)
      const free = await accept(store, elsewhere, { now }, { fingerprint: 'other' })
      assert.equal(free.outcome, 'session_not_found')
    }
  },

  'stays with the turn that has it since, when the session of an earlier one goes': async (store) => {
    const until = start + 1_000
    const other = ref('sess_2', 'turn_2')
    await accept(store, first, making('sess_1'), { until })
    await completeTurn(store, first, 'answer')
    await accept(store, other, { ...making('sess_2'), now: until })
    await store.deleteSession(mine('sess_1'), until)
    assert.deepEqual(await accept(store, nth(3), { now: until }), { outcome: 'repeated', ref: other })
    await store.collectExpired(until, 10)
    assert.deepEqual(await accept(store, nth(3), { now: until }), { outcome: 'repeated', ref: other })
  },

  'goes when its session does, also when the turn still waits': async (store) => {
    await lineOf(store, 1)
    await accept(store, again, queueing)
    await store.deleteSession(mine('sess_1'), start)
    assert.equal(outcome(await accept(store, again, making('sess_1'))), 'accepted')
  },

  'stands as long as its session has a live turn, however late it is': async (store) => {
    await accept(store, first, making('sess_1'), { until: start + 10 * ttlMs })
    assert.deepEqual(await accept(store, again, { now: start + 10 * ttlMs - 1 }), repeated)
  },

  'makes one turn of all requests that come at once': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    const turns = [1, 2, 3, 4].map(nth)
    for (const changes of [{}, queueing]) {
      const key = keyed(JSON.stringify(changes))
      const told = await Promise.all(turns.map((turn) => accept(store, turn, { ...changes, ...key })))
      demandOneMade(turns, told, 'repeated')
      assert.equal(
        (await store.listTurns(mine('sess_1'), { order: 'asc', limit: 10 }, start))?.turns.length,
        1,
      )
      await store.deleteSession(mine('sess_1'), start)
      await store.createSession(newSession('sess_1'), roomy)
    }
  },

  'makes one session of all requests that come at once and would make one': async (store) => {
    const turns = [1, 2, 3, 4].map((n) => ref(`sess_${n}`, `turn_${n}`))
    const told = await Promise.all(turns.map((turn) => accept(store, turn, making(turn.sessionId))))
    const made = demandOneMade(turns, told, 'repeated')
    assert.equal(await store.countSessions(start), 1)
    assert.notEqual(await store.getSession(mine(made.sessionId), start), undefined)
  },

  'is reused by all but one of several requests that come at once': async (store) => {
    const turns = [1, 2, 3].map((n) => ref(`sess_${n}`, `turn_${n}`))
    const told = await Promise.all(
      turns.map((turn) => accept(store, turn, making(turn.sessionId), { fingerprint: turn.turnId })),
    )
    demandOneMade(turns, told, 'key_reused')
    assert.equal(await store.countSessions(start), 1)
  },

  'shows at once that it is taken, and its turn': async (store) => {
    await startedTurn(store, ref('sess_1', 'turn_0'))
    const key = async () => {
      // Refused for want of a session, unless the key is known.
      const told = await accept(store, ref('sess_9', 'turn_9'), {}, { fingerprint: 'other' })
      return told.outcome
    }
    await watchChange({ ...viewsOf(store, first), key }, () => accept(store, first, queueing))
  },
}
