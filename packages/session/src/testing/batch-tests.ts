import assert from 'node:assert/strict'
import type { SessionStore } from '../session-store.js'
import type { TurnEvent, TurnRef } from '../turn-event.js'
import {
  completeTurn,
  completion,
  delta,
  mine,
  numbered,
  ref,
  request,
  start,
  startedTurn,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')
const other = ref('sess_2', 'turn_2')

async function eventsOf(store: SessionStore, turn: TurnRef): Promise<readonly TurnEvent[] | undefined> {
  return store.readEvents(mine(turn), { after: 1, limit: 100 }, start)
}

export const batchTests: StoreTests = {
  'writes several turns at once and keeps them apart': async (store) => {
    await startedTurn(store, turn)
    await startedTurn(store, other)
    const mine = numbered(2, delta('mine'))
    const yours = numbered(2, delta('yours'), delta('too'))
    const outcomes = await store.writeTurns([
      { ref: turn, events: mine },
      { ref: other, events: yours },
    ])
    assert.deepEqual(outcomes, ['written', 'written'])
    assert.deepEqual(await eventsOf(store, turn), mine)
    assert.deepEqual(await eventsOf(store, other), yours)
  },

  'writes nothing when there is nothing to write': async (store) => {
    assert.deepEqual(await store.writeTurns([]), [])
  },

  'ends several turns at once and keeps their messages and states apart': async (store) => {
    const turns = [turn, other, ref('sess_3', 'turn_3')]
    for (const turn of turns) await startedTurn(store, turn)
    const writes = turns.map((ref, n) => {
      const { event, end } = completion(ref, `answer ${n}`, start + n)
      const events = numbered(2, ...Array.from({ length: n }, () => delta(`${n}`)), event)
      return { ref, events, end: { ...end, state: n } }
    })
    assert.deepEqual(await store.writeTurns(writes), ['written', 'written', 'written'])
    for (const [n, { ref: ended, events, end }] of writes.entries()) {
      assert.deepEqual(await eventsOf(store, ended), events)
      const page = await store.listMessages(mine(ended.sessionId), { order: 'desc', limit: 1 }, start)
      assert.deepEqual(page?.messages, [{ ...end.message, position: 2 }])
      assert.equal((await store.getSession(mine(ended.sessionId), start))?.lastActiveAt, start + n)
      const next = await store.acceptTurn(request(ref(ended.sessionId, `turn_next_${n}`), 'next'))
      assert.equal(next.outcome === 'accepted' && next.state, n)
    }
  },

  'ends one turn and goes on with another in one batch': async (store) => {
    await startedTurn(store, turn)
    await startedTurn(store, other)
    const { event, end } = completion(turn, 'answer')
    await store.writeTurns([
      { ref: turn, events: numbered(2, event), end },
      { ref: other, events: numbered(2, delta('yours')) },
    ])
    assert.equal((await store.getTurn(mine(turn), start))?.status, 'completed')
    assert.equal((await store.getTurn(mine(other), start))?.status, 'running')
    assert.equal((await store.getSession(mine('sess_2'), start))?.activeTurnId, 'turn_2')
  },

  'refuses what it must of a batch and writes the rest, in whatever order they come': async (store) => {
    const ended = ref('sess_0', 'turn_0')
    await startedTurn(store, ended)
    await completeTurn(store, ended, 'done')
    await startedTurn(store, turn)
    await startedTurn(store, other)
    const refused = { ref: ended, events: numbered(4, delta('late')) }
    const unknown = { ref: ref('sess_9', 'turn_9'), events: numbered(2, delta('never')) }
    const mine = { ref: turn, events: numbered(2, delta('mine')) }
    const yours = { ref: other, events: numbered(2, delta('yours')) }
    assert.deepEqual(await store.writeTurns([refused, mine]), ['refused', 'written'])
    assert.deepEqual(await store.writeTurns([yours, unknown, refused]), ['written', 'refused', 'refused'])
    assert.deepEqual(await eventsOf(store, turn), mine.events)
    assert.deepEqual(await eventsOf(store, other), yours.events)
    assert.equal((await eventsOf(store, ended))?.length, 2)
  },
}
