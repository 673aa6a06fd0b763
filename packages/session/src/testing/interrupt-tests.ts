import assert from 'node:assert/strict'
import type { MessageRecord, SessionStore } from '../session-store.js'
import { interrupting, nth, wait } from './line-fixture.js'
import {
  completeTurn,
  completion,
  delta,
  mine,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  stop,
  ttlMs,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')
const late = start + 40_000

/** A turn that has said something and called a function, and was interrupted then. */
async function interruptedTurn(store: SessionStore): Promise<void> {
  await store.createSession(newSession('sess_1', { metadata: { shop: 'north' }, chat: 'help' }), roomy)
  await store.acceptTurn(request(turn, 'hello', { metadata: { a: 'b' } }))
  await store.writeTurns([{ ref: turn, events: numbered(2, delta('half an '), delta('answ')) }])
  const called = { type: 'function.called', name: 'lookup' } as const
  const returned = { type: 'function.returned', name: 'lookup' } as const
  const events = numbered(
    4,
    { ...called, callId: 'c1', arguments: { q: 'chair' } },
    { ...called, callId: 'c2', arguments: null },
    { ...called, callId: 'c3', arguments: [] },
    { ...returned, callId: 'c2', error: 'no such thing' },
    { ...returned, callId: 'c1', result: [0] },
  )
  await store.writeTurns([{ ref: turn, events }])
  assert.deepEqual(await store.interruptAbandoned(late, 'lease_expired'), [turn])
}

/** The calls of that turn. */
const functionsCalled = [
  { callId: 'c1', name: 'lookup', arguments: { q: 'chair' }, result: [0] },
  { callId: 'c2', name: 'lookup', arguments: null, error: 'no such thing' },
  { callId: 'c3', name: 'lookup', arguments: [] },
]

async function messagesOf(store: SessionStore, sessionId: string): Promise<readonly MessageRecord[]> {
  return (await store.listMessages(mine(sessionId), { order: 'asc', limit: 100 }, late))?.messages ?? []
}

export const interruptTests: StoreTests = {
  'ends the turn with an event that has the reason and the text': async (store) => {
    await interruptedTurn(store)
    assert.deepEqual(await store.readEvents(mine(turn), { after: 8, limit: 10 }, late), [
      { type: 'turn.interrupted', reason: 'lease_expired', content: 'half an answ', seq: 9 },
    ])
    assert.deepEqual(await store.getTurn(mine(turn), late), {
      ...turn,
      status: 'interrupted',
      createdAt: start,
      startedAt: start,
      endedAt: late,
      metadata: { a: 'b' },
      lastSeq: 9,
      position: 1,
      final: { type: 'turn.interrupted', reason: 'lease_expired', content: 'half an answ', seq: 9 },
      functionsCalled,
    })
  },

  'keeps the text and the functions that were called in a partial message': async (store) => {
    await interruptedTurn(store)
    const { messageId, ...message } = (await messagesOf(store, 'sess_1'))[1] ?? {}
    assert.deepEqual(message, {
      turnId: 'turn_1',
      role: 'assistant',
      content: 'half an answ',
      functionsCalled,
      status: 'partial',
      createdAt: late,
      position: 2,
    })
    assert.equal(typeof messageId, 'string')
  },

  'leaves the session idle, and its life begins anew': async (store) => {
    await interruptedTurn(store)
    assert.deepEqual(await store.getSession(mine('sess_1'), late), {
      ...newSession('sess_1', { metadata: { shop: 'north' }, chat: 'help' }),
      lastActiveAt: late,
      expiresAt: late + ttlMs,
      messageCount: 2,
      activeTurnId: null,
    })
    assert.equal(await store.collectExpired(late + ttlMs - 1, 10), 0)
    assert.equal(await store.collectExpired(late + ttlMs, 10), 1)
    assert.equal(await store.countSessions(late + ttlMs), 0)
  },

  'lets the session give way to another': async (store) => {
    await interruptedTurn(store)
    const created = await store.createSession(newSession('sess_2', { createdAt: late }), {
      maxSessions: 1,
      whenFull: 'evict',
      now: late,
    })
    assert.equal(created.outcome === 'created' && created.evicted, 1)
    assert.equal(await store.getSession(mine('sess_1'), late), undefined)
  },

  'lets the session take the next message, with the partial one in its history and its state': async (
    store,
  ) => {
    await startedTurn(store, ref('sess_1', 'turn_0'))
    await completeTurn(store, ref('sess_1', 'turn_0'), 'answer', { end: { state: { seen: 1 } } })
    await store.acceptTurn(request(turn, 'again'))
    await store.writeTurns([{ ref: turn, events: numbered(2, delta('hal')) }])
    await store.interruptAbandoned(late, 'restart')
    const next = await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'next', { now: late }))
    assert(next.outcome === 'accepted')
    assert.deepEqual(
      next.history.map(({ content, status }) => [content, status]),
      [
        ['hello', 'complete'],
        ['answer', 'complete'],
        ['again', 'complete'],
        ['hal', 'partial'],
      ],
    )
    assert.deepEqual(next.history, (await messagesOf(store, 'sess_1')).slice(0, 4))
    assert.deepEqual(next.state, { seen: 1 })
  },

  'ends those of a session in the order in which they were accepted, also one that was to go first': async (
    store,
  ) => {
    await store.createSession(newSession('sess_1'), roomy)
    await store.acceptTurn(request(nth(1), 'question 1'))
    await wait(store, 2)
    await wait(store, 3, interrupting)
    await wait(store, 4)
    await stop(store, nth(1), 'cancelled', '', { at: late })
    await store.interruptAbandoned(late, 'restart', Number.POSITIVE_INFINITY)
    const next = await store.acceptTurn(request(nth(5), 'question 5', { now: late }))
    assert(next.outcome === 'accepted')
    assert.deepEqual(
      next.history.map(({ content }) => content),
      ['question 1', 'question 2', 'question 3', 'question 4'],
    )
  },

  'gives every partial message an id of its own': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    await store.createSession(newSession('sess_2'), roomy)
    for (const turns of [[turn, ref('sess_2', 'turn_2')], [ref('sess_1', 'turn_3')]]) {
      for (const ref of turns) await store.acceptTurn(request(ref, 'hello'))
      await store.writeTurns(turns.map((ref) => ({ ref, events: numbered(2, delta('half')) })))
      assert.equal((await store.interruptAbandoned(late, 'lease_expired')).length, turns.length)
    }
    const messages = [...(await messagesOf(store, 'sess_1')), ...(await messagesOf(store, 'sess_2'))]
    assert.equal(messages.length, 6)
    assert.equal(new Set(messages.map(({ messageId }) => messageId)).size, 6)
  },

  'gives its partial message no id that another message has, however much that is like its turn': async (
    store,
  ) => {
    const before = ref('sess_1', 'turn_0')
    await startedTurn(store, before)
    const end = completion(before, 'answer').end.message
    assert(end !== null)
    await completeTurn(store, before, 'answer', { end: { message: { ...end, messageId: 'msg_1' } } })
    const { message } = request(turn, 'hello')
    await store.acceptTurn(request(turn, 'hello', { message: { ...message, messageId: 'turn_1' } }))
    await store.writeTurns([{ ref: turn, events: numbered(2, delta('half')) }])
    await store.interruptAbandoned(late, 'lease_expired')
    const ids = (await messagesOf(store, 'sess_1')).map(({ messageId }) => messageId)
    assert.equal(new Set(ids).size, 4)
  },

  'leaves no message when an interrupted turn had no text': async (store) => {
    await startedTurn(store, turn)
    await store.interruptAbandoned(late, 'restart')
    assert.equal((await store.getSession(mine('sess_1'), late))?.messageCount, 1)
    assert.deepEqual(await store.readEvents(mine(turn), { after: 1, limit: 10 }, late), [
      { type: 'turn.interrupted', reason: 'restart', content: '', seq: 2 },
    ])
  },

  'refuses what the former owner of an interrupted turn still writes': async (store) => {
    await interruptedTurn(store)
    const session = await store.getSession(mine('sess_1'), late)
    assert.deepEqual(await store.writeTurns([{ ref: turn, events: numbered(9, delta('late')) }]), ['refused'])
    assert.equal((await store.readEvents(mine(turn), { after: 0, limit: 100 }, late))?.length, 9)
    assert.deepEqual(await store.getSession(mine('sess_1'), late), session)
  },
}
