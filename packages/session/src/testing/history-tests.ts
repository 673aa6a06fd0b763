import assert from 'node:assert/strict'
import type { JsonValue } from '../json.js'
import type { AcceptOutcome, SessionStore } from '../session-store.js'
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
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

type Accepted = Extract<AcceptOutcome, { outcome: 'accepted' }>

const turn = ref('sess_1', 'turn_1')

/** What the session's next turn is given. */
async function accept(store: SessionStore, turnId: string, historyLimit = 10): Promise<Accepted> {
  const accepted = await store.acceptTurn(request(ref('sess_1', turnId), turnId, { historyLimit }))
  assert(accepted.outcome === 'accepted')
  return accepted
}

export const historyTests: StoreTests = {
  'returns the latest earlier messages, oldest first, and the state': async (store) => {
    await startedTurn(store, turn, 'one')
    await completeTurn(store, turn, 'two', { end: { state: { seen: 2 } } })
    await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'three'))
    await completeTurn(store, ref('sess_1', 'turn_2'), 'four')
    const accepted = await accept(store, 'turn_3', 3)
    assert.deepEqual(
      accepted.history.map(({ content, role, position }) => [position, role, content]),
      [
        [2, 'assistant', 'two'],
        [3, 'user', 'three'],
        [4, 'assistant', 'four'],
      ],
    )
    assert.deepEqual(accepted.state, { seen: 2 })
  },

  'returns no history when none is wanted, and no state before the first': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer')
    const accepted = await accept(store, 'turn_2', 0)
    assert.deepEqual(accepted.history, [])
    assert.equal(accepted.state, null)
  },

  'returns all there is when more history is wanted, without the new message': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    assert.deepEqual((await accept(store, 'turn_1')).history, [])
    await completeTurn(store, turn, 'answer')
    const { history } = await accept(store, 'turn_2')
    assert.deepEqual(
      history.map(({ content }) => content),
      ['turn_1', 'answer'],
    )
  },

  'returns the messages of the history as they were given': async (store) => {
    const functionsCalled = [
      { callId: 'c1', name: 'lookup', arguments: { q: 'chair' }, result: [0] },
      { callId: 'c2', name: 'lookup', arguments: null, error: 'no such thing' },
      { callId: 'c3', name: 'lookup', arguments: [] },
    ]
    const question = request(turn, 'naïve 🪑\n', { now: start + 1 })
    await store.createSession(newSession('sess_1'), roomy)
    await store.acceptTurn(question)
    const answer = await stop(store, turn, 'failed', 'half', { at: start + 2, functionsCalled })
    const { history } = await accept(store, 'turn_2')
    assert.deepEqual(history, [
      { ...question.message, position: 1 },
      { ...answer, position: 2 },
    ])
    const page = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 2 }, start)
    assert.deepEqual(page?.messages, history)
  },

  'keeps the state when a turn leaves none': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'one', { end: { state: { seen: 1 } } })
    await accept(store, 'turn_2')
    await completeTurn(store, ref('sess_1', 'turn_2'), 'two')
    assert.deepEqual((await accept(store, 'turn_3')).state, { seen: 1 })
  },

  'takes every JSON value for a state': async (store) => {
    const states: JsonValue[] = [
      null,
      1,
      0,
      'x',
      '',
      true,
      false,
      [],
      {},
      [null],
      { a: { b: [0, ''] } },
      null,
    ]
    await store.createSession(newSession('sess_1'), roomy)
    for (const [n, state] of states.entries()) {
      const accepted = await accept(store, `turn_${n}`)
      assert.deepEqual(accepted.state, states[n - 1] ?? null)
      await completeTurn(store, ref('sess_1', `turn_${n}`), 'answer', { end: { state } })
    }
    assert.equal((await accept(store, 'turn_last')).state, null)
  },

  'keeps the state that a turn leaves however it ends': async (store) => {
    await startedTurn(store, turn)
    await stop(store, turn, 'failed', '', { state: { after: 'failure' } })
    assert.deepEqual((await accept(store, 'turn_2')).state, { after: 'failure' })
    await stop(store, ref('sess_1', 'turn_2'), 'cancelled', 'some', { state: 'after cancelling' })
    assert.equal((await accept(store, 'turn_3')).state, 'after cancelling')
  },

  'keeps the states of two sessions apart': async (store) => {
    const other = ref('sess_2', 'turn_2')
    await startedTurn(store, turn)
    await startedTurn(store, other)
    await completeTurn(store, turn, 'mine', { end: { state: 'mine' } })
    await completeTurn(store, other, 'yours', { end: { state: 'yours' } })
    assert.equal((await accept(store, 'turn_3')).state, 'mine')
  },
}
