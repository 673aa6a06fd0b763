import assert from 'node:assert/strict'
import { begin, lineOf, nth, question, type Started, said, wait } from './line-fixture.js'
import { completeTurn, mine, request, start, startedTurn, stop } from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const contents = ({ history }: Pick<Started, 'history'>) => history.map(({ content }) => content)

export const lineHistoryTests: StoreTests = {
  'has what was said in the turns before it, and nothing of those that wait': async (store) => {
    await lineOf(store, 4)
    await completeTurn(store, nth(1), 'answer 1')
    assert.deepEqual(contents(await begin(store, 2)), [question(1), 'answer 1'])
    await completeTurn(store, nth(2), 'answer 2', { from: 3 })
    const third = await begin(store, 3)
    assert.deepEqual(contents(third), [question(1), 'answer 1', question(2), 'answer 2'])
  },

  'is in the order of the conversation, where messages are listed as they were accepted': async (store) => {
    await lineOf(store, 3)
    // The times say nothing about the order: the clocks of two processes differ.
    await completeTurn(store, nth(1), 'answer 1', { at: start + 30 })
    await begin(store, 2, { now: start + 10 })
    await completeTurn(store, nth(2), 'answer 2', { at: start + 10, from: 3 })
    await begin(store, 3, { now: start + 20 })
    await completeTurn(store, nth(3), 'answer 3', { at: start + 20, from: 3 })
    const listed = [question(1), question(2), question(3), 'answer 1', 'answer 2', 'answer 3']
    assert.deepEqual(await said(store), listed)
    const accepted = await store.acceptTurn(request(nth(4), question(4)))
    assert(accepted.outcome === 'accepted')
    const told = [1, 2, 3].flatMap((n) => [question(n), `answer ${n}`])
    assert.deepEqual(contents(accepted), told)
    const page = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 10 }, start)
    assert.deepEqual(
      accepted.history,
      [0, 3, 1, 4, 2, 5].map((index) => page?.messages[index]),
    )
  },

  'is as long as is wanted when the turn begins, and counts from its end': async (store) => {
    await lineOf(store, 3)
    await completeTurn(store, nth(1), 'answer 1')
    assert.deepEqual(contents(await begin(store, 2, { historyLimit: 0 })), [])
    await completeTurn(store, nth(2), 'answer 2', { from: 3 })
    assert.deepEqual(contents(await begin(store, 3, { historyLimit: 3 })), [
      'answer 1',
      question(2),
      'answer 2',
    ])
    await completeTurn(store, nth(3), 'answer 3', { from: 3 })
    const accepted = await store.acceptTurn(request(nth(4), question(4), { historyLimit: 3 }))
    assert.deepEqual(accepted.outcome === 'accepted' && contents(accepted), [
      'answer 2',
      question(3),
      'answer 3',
    ])
  },

  'has the message of a turn that was cancelled while it waited': async (store) => {
    await lineOf(store, 3)
    await completeTurn(store, nth(1), 'answer 1')
    await stop(store, nth(2), 'cancelled', '')
    assert.deepEqual(contents(await begin(store, 3)), [question(1), 'answer 1', question(2)])
  },

  'has the messages of turns in the order in which those ended, each with its answer': async (store) => {
    await lineOf(store, 4)
    await stop(store, nth(3), 'cancelled', '', { at: start + 20 })
    await completeTurn(store, nth(1), 'answer 1', { at: start + 10 })
    await stop(store, nth(2), 'cancelled', '', { at: start + 5 })
    assert.deepEqual(contents(await begin(store, 4)), [question(3), question(1), 'answer 1', question(2)])
    assert.deepEqual(await said(store), [1, 2, 3, 4].map(question).concat('answer 1'))
  },

  'has the message of a turn that was interrupted while it waited': async (store) => {
    await startedTurn(store, nth(1), question(1))
    await wait(store, 2, { lease: { instance: 'instance-2', until: start + 1 } })
    await wait(store, 3)
    await completeTurn(store, nth(1), 'answer 1')
    assert.deepEqual(await store.interruptAbandoned(start + 1, 'lease_expired'), [nth(2)])
    assert.deepEqual(contents(await begin(store, 3)), [question(1), 'answer 1', question(2)])
  },

  'does not change when others begin to wait or leave': async (store) => {
    await lineOf(store, 2)
    await completeTurn(store, nth(1), 'answer 1')
    const begun = await begin(store, 2)
    const copy = structuredClone(begun)
    await wait(store, 3)
    await stop(store, nth(3), 'cancelled', '')
    await completeTurn(store, nth(2), 'answer 2', { from: 3 })
    assert.deepEqual({ ...begun }, copy)
  },

  'comes with the state that the turn before it left': async (store) => {
    await lineOf(store, 4)
    await completeTurn(store, nth(1), 'answer 1', { end: { state: { seen: 1 } } })
    await stop(store, nth(2), 'cancelled', '')
    assert.deepEqual((await begin(store, 3)).state, { seen: 1 })
    await completeTurn(store, nth(3), 'answer 3', { from: 3, end: { state: { seen: 3 } } })
    assert.deepEqual((await begin(store, 4)).state, { seen: 3 })
  },
}
