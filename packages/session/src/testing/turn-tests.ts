import assert from 'node:assert/strict'
import {
  completeTurn,
  completion,
  delta,
  numbered,
  ref,
  request,
  start,
  startedTurn,
  ttlMs,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')
const all = { after: 0, limit: 100 }

export const turnTests: StoreTests = {
  'returns what was written, in order, from any place': async (store) => {
    await startedTurn(store, turn)
    await store.writeTurns([{ ref: turn, events: numbered(2, delta('a'), delta('b')) }])
    await store.writeTurns([{ ref: turn, events: numbered(4, delta('c')) }])
    const read = async (after: number, limit: number) =>
      (await store.readEvents(turn, { after, limit }, start))?.map(({ seq }) => seq)
    assert.deepEqual(await read(0, 100), [1, 2, 3, 4])
    assert.deepEqual(await read(2, 1), [3])
    assert.deepEqual(await read(4, 100), [])
    assert.equal((await store.getTurn(turn, start))?.lastSeq, 4)
  },

  'writes several turns at once and keeps them apart': async (store) => {
    const other = ref('sess_2', 'turn_2')
    await startedTurn(store, turn)
    await startedTurn(store, other)
    const outcomes = await store.writeTurns([
      { ref: turn, events: numbered(2, delta('mine')) },
      { ref: other, events: numbered(2, delta('yours'), delta('too')) },
    ])
    assert.deepEqual(outcomes, ['written', 'written'])
    assert.equal((await store.readEvents(turn, all, start))?.length, 2)
    assert.equal((await store.readEvents(other, all, start))?.length, 3)
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
    assert.deepEqual((await store.readEvents(turn, all, start))?.slice(1), events)
  },

  'makes the message, the state, the final event and the new expiry visible together': async (store) => {
    await startedTurn(store, turn)
    const endedAt = start + 5_000
    await completeTurn(store, turn, 'answer', { at: endedAt, end: { state: ['kept'] } })
    const session = await store.getSession('sess_1', endedAt)
    assert.equal(session?.activeTurnId, null)
    assert.equal(session?.lastActiveAt, endedAt)
    assert.equal(session?.expiresAt, endedAt + ttlMs)
    assert.equal(session?.messageCount, 2)
    const messages = (await store.listMessages('sess_1', { order: 'asc', limit: 10 }, endedAt))?.messages
    assert.deepEqual(messages?.[1], { ...completion(turn, 'answer', endedAt).end.message, position: 2 })
    assert.equal((await store.getTurn(turn, endedAt))?.status, 'completed')
    assert.equal((await store.getTurn(turn, endedAt))?.endedAt, endedAt)
    assert.equal((await store.readEvents(turn, all, endedAt))?.at(-1)?.type, 'turn.completed')
  },

  'ends a turn once, and refuses every later write': async (store) => {
    await startedTurn(store, turn)
    const { event, end } = completion(turn, 'answer')
    const write = { ref: turn, events: numbered(2, event), end }
    assert.deepEqual(await store.writeTurns([write]), ['written'])
    assert.deepEqual(await store.writeTurns([write]), ['refused'])
    assert.deepEqual(await store.writeTurns([{ ref: turn, events: numbered(3, delta('late')) }]), ['refused'])
    assert.equal((await store.readEvents(turn, all, start))?.length, 2)
    assert.equal((await store.getSession('sess_1', start))?.messageCount, 2)
  },

  'leaves no message and keeps the state when a turn fails before any text': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'first', { end: { state: 1 } })
    const second = ref('sess_1', 'turn_2')
    await store.acceptTurn(request(second, 'again'))
    const failed = numbered(2, { type: 'turn.failed', code: 'chat_failed', content: '' })
    await store.writeTurns([
      { ref: second, events: failed, end: { status: 'failed', endedAt: start, message: null } },
    ])
    assert.equal((await store.getTurn(second, start))?.status, 'failed')
    const third = await store.acceptTurn(request(ref('sess_1', 'turn_3'), 'third'))
    assert(third.outcome === 'accepted')
    assert.equal(third.state, 1)
    assert.deepEqual(
      third.history.map(({ content }) => content),
      ['hello', 'first', 'again'],
    )
  },

  'takes a turn after the end of the one before': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer')
    const accepted = await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'again'))
    assert.equal(accepted.outcome, 'accepted')
  },

  'refuses writes to a turn that was deleted with its session, or never was': async (store) => {
    await startedTurn(store, turn)
    assert.equal(await store.deleteSession('sess_1', start), true)
    const outcomes = await store.writeTurns([
      { ref: turn, events: numbered(2, delta('late')) },
      { ref: ref('sess_9', 'turn_9'), events: numbered(2, delta('never')) },
    ])
    assert.deepEqual(outcomes, ['refused', 'refused'])
    assert.equal(await store.getTurn(turn, start), undefined)
    assert.equal(await store.readEvents(turn, all, start), undefined)
  },

  'finds a turn only in its own session': async (store) => {
    await startedTurn(store, turn)
    await startedTurn(store, ref('sess_2', 'turn_2'))
    assert.equal(await store.getTurn(ref('sess_2', 'turn_1'), start), undefined)
    assert.equal(await store.readEvents(ref('sess_2', 'turn_1'), all, start), undefined)
    assert.deepEqual(
      await store.writeTurns([{ ref: ref('sess_2', 'turn_1'), events: numbered(2, delta('x')) }]),
      ['refused'],
    )
  },
}
