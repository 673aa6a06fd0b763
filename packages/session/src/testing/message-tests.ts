import assert from 'node:assert/strict'
import type { PageRequest, SessionStore } from '../session-store.js'
import { completeTurn, mine, newSession, ref, request, roomy, start, startedTurn } from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

async function conversation(store: SessionStore, turns: number): Promise<void> {
  await store.createSession(newSession('sess_1'), roomy)
  for (let n = 1; n <= turns; n += 1) {
    await store.acceptTurn(request(ref('sess_1', `turn_${n}`), `question ${n}`))
    await completeTurn(store, ref('sess_1', `turn_${n}`), `answer ${n}`)
  }
}

async function page(store: SessionStore, request: PageRequest): Promise<[readonly number[], boolean]> {
  const found = await store.listMessages(mine('sess_1'), request, start)
  assert(found !== undefined)
  return [found.messages.map(({ position }) => position), found.more]
}

export const messageTests: StoreTests = {
  'returns messages oldest first, page by page, without a gap': async (store) => {
    await conversation(store, 3)
    assert.deepEqual(await page(store, { order: 'asc', limit: 4 }), [[1, 2, 3, 4], true])
    assert.deepEqual(await page(store, { order: 'asc', limit: 4, after: 4 }), [[5, 6], false])
    assert.deepEqual(await page(store, { order: 'asc', limit: 6 }), [[1, 2, 3, 4, 5, 6], false])
    assert.deepEqual(await page(store, { order: 'asc', limit: 4, after: 6 }), [[], false])
  },

  'returns messages newest first, page by page, without a gap': async (store) => {
    await conversation(store, 3)
    assert.deepEqual(await page(store, { order: 'desc', limit: 4 }), [[6, 5, 4, 3], true])
    assert.deepEqual(await page(store, { order: 'desc', limit: 4, after: 3 }), [[2, 1], false])
    assert.deepEqual(await page(store, { order: 'desc', limit: 4, after: 1 }), [[], false])
  },

  'returns the page that is asked for, of any length and from anywhere': async (store) => {
    await conversation(store, 2)
    for (let limit = 1; limit <= 5; limit += 1) {
      for (let after = 1; after <= 4; after += 1) {
        const greater = [1, 2, 3, 4].filter((position) => position > after)
        const ascending = await page(store, { order: 'asc', limit, after })
        assert.deepEqual(ascending, [greater.slice(0, limit), greater.length > limit])
        const smaller = [4, 3, 2, 1].filter((position) => position < after)
        const descending = await page(store, { order: 'desc', limit, after })
        assert.deepEqual(descending, [smaller.slice(0, limit), smaller.length > limit])
      }
    }
  },

  'keeps a page where it was when messages are added': async (store) => {
    await conversation(store, 2)
    assert.deepEqual(await page(store, { order: 'desc', limit: 2 }), [[4, 3], true])
    await store.acceptTurn(request(ref('sess_1', 'turn_9'), 'one more'))
    assert.deepEqual(await page(store, { order: 'desc', limit: 2, after: 3 }), [[2, 1], false])
  },

  'has no messages for a session without any, and no page for no session': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    assert.deepEqual(await page(store, { order: 'asc', limit: 5 }), [[], false])
    assert.deepEqual(await page(store, { order: 'desc', limit: 5 }), [[], false])
    assert.equal(await store.listMessages(mine('sess_2'), { order: 'asc', limit: 5 }, start), undefined)
  },

  'keeps the functions that were called with the message': async (store) => {
    const turn = ref('sess_1', 'turn_1')
    await startedTurn(store, turn)
    const functionsCalled = [{ callId: 'c1', name: 'lookup', arguments: { q: 'chair' }, result: [1] }]
    const message = {
      messageId: 'msg_1',
      turnId: 'turn_1',
      role: 'assistant',
      content: 'found one',
      functionsCalled,
      status: 'complete',
      createdAt: start,
    } as const
    await completeTurn(store, turn, 'found one', { end: { message } })
    const found = await store.listMessages(mine('sess_1'), { order: 'desc', limit: 1 }, start)
    assert.deepEqual(found?.messages, [{ ...message, position: 2 }])
  },
}
