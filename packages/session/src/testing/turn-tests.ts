import assert from 'node:assert/strict'
import type { TurnEvent } from '../turn-event.js'
import { completeTurn, delta, mine, numbered, ref, start, startedTurn, viewsOf } from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')
const all = { after: 0, limit: 100 }

export const turnTests: StoreTests = {
  'returns what was written, in order, from any place': async (store) => {
    await startedTurn(store, turn)
    await store.writeTurns([{ ref: turn, events: numbered(2, delta('a'), delta('b')) }])
    await store.writeTurns([{ ref: turn, events: numbered(4, delta('c')) }])
    const read = async (after: number, limit: number) =>
      (await store.readEvents(mine(turn), { after, limit }, start))?.map(({ seq }) => seq)
    assert.deepEqual(await read(0, 100), [1, 2, 3, 4])
    assert.deepEqual(await read(2, 1), [3])
    assert.deepEqual(await read(4, 100), [])
    assert.equal((await store.getTurn(mine(turn), start))?.lastSeq, 4)
  },

  'returns no more events than are wanted, after any of them': async (store) => {
    await startedTurn(store, turn)
    const events = numbered(2, ...['a', 'b', 'c', 'd', 'e'].map(delta))
    await store.writeTurns([{ ref: turn, events }])
    for (let after = 1; after <= 6; after += 1) {
      for (let limit = 1; limit <= 6; limit += 1) {
        const read = await store.readEvents(mine(turn), { after, limit }, start)
        assert.deepEqual(read, events.slice(after - 1, after - 1 + limit))
      }
    }
  },

  'returns no more events than are as long together as they may be, but one at least': async (store) => {
    await startedTurn(store, turn)
    // Among them what is longer as JSON than as text, and takes up more than one code unit.
    const events = numbered(2, ...['a', '\n'.repeat(40), 'b', '🪑é'.repeat(30), 'c', 'd'].map(delta))
    await store.writeTurns([{ ref: turn, events }])
    const length = (some: readonly TurnEvent[]) =>
      some.reduce((sum, event) => sum + JSON.stringify(event).length, 0)
    for (let after = 1; after <= 7; after += 1) {
      const rest = events.slice(after - 1)
      for (let count = 0; count <= rest.length; count += 1) {
        for (const [spare, fitting] of [
          [-1, count - 1],
          [0, count],
          [1, count],
        ] as const) {
          const maxLength = length(rest.slice(0, count)) + spare
          const read = await store.readEvents(mine(turn), { after, limit: 100, maxLength }, start)
          assert.deepEqual(read, rest.slice(0, Math.max(1, fitting)))
          const limited = await store.readEvents(mine(turn), { after, limit: 2, maxLength }, start)
          assert.deepEqual(limited, rest.slice(0, Math.min(2, Math.max(1, fitting))))
        }
      }
    }
  },

  'returns what does not change when more is written': async (store) => {
    await startedTurn(store, turn)
    const views = Object.values(viewsOf(store, turn))
    const returned = await Promise.all(views.map((look) => look()))
    const copy = structuredClone(returned)
    await completeTurn(store, turn, 'answer', { at: start + 1 })
    assert.deepEqual(returned, copy)
    assert.notDeepEqual(await Promise.all(views.map((look) => look())), copy)
  },

  'keeps every kind of event as it was': async (store) => {
    await startedTurn(store, turn)
    const events = numbered(
      2,
      delta('naïve 🪑\n\u0000'),
      { type: 'function.called', callId: 'c1', name: 'lookup', arguments: { deep: [1, null, { a: 'b' }] } },
      { type: 'function.returned', callId: 'c1', name: 'lookup', result: [] },
      { type: 'function.returned', callId: 'c2', name: 'lookup', error: 'no such thing' },
      { type: 'data', name: 'sources', data: { a: true } },
    )
    await store.writeTurns([{ ref: turn, events }])
    assert.deepEqual((await store.readEvents(mine(turn), all, start))?.slice(1), events)
  },

  'refuses writes to a turn that was deleted with its session, or never was': async (store) => {
    await startedTurn(store, turn)
    assert.equal(await store.deleteSession(mine('sess_1'), start), true)
    const outcomes = await store.writeTurns([
      { ref: turn, events: numbered(2, delta('late')) },
      { ref: ref('sess_9', 'turn_9'), events: numbered(2, delta('never')) },
    ])
    assert.deepEqual(outcomes, ['refused', 'refused'])
    assert.equal(await store.getTurn(mine(turn), start), undefined)
    assert.equal(await store.readEvents(mine(turn), all, start), undefined)
  },

  'finds a turn only in its own session': async (store) => {
    await startedTurn(store, turn)
    await startedTurn(store, ref('sess_2', 'turn_2'))
    assert.equal(await store.getTurn(mine(ref('sess_2', 'turn_1')), start), undefined)
    assert.equal(await store.readEvents(mine(ref('sess_2', 'turn_1')), all, start), undefined)
    assert.deepEqual(
      await store.writeTurns([{ ref: ref('sess_2', 'turn_1'), events: numbered(2, delta('x')) }]),
      ['refused'],
    )
  },
}
