import assert from 'node:assert/strict'
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
const all = { after: 0, limit: 100 }

export const endTests: StoreTests = {
  'keeps the message, the final event, the new expiry and how the turn ended': async (store) => {
    const session = newSession('sess_1', { metadata: { shop: 'north' }, chat: 'help' })
    await store.createSession(session, roomy)
    await store.acceptTurn(request(turn, 'hello', { metadata: { a: 'b' } }))
    const endedAt = start + 5_000
    await completeTurn(store, turn, 'answer', { at: endedAt, end: { state: ['kept'] } })
    assert.deepEqual(await store.getSession(mine('sess_1'), endedAt), {
      ...session,
      lastActiveAt: endedAt,
      expiresAt: endedAt + ttlMs,
      messageCount: 2,
      activeTurnId: null,
    })
    const messages = (await store.listMessages(mine('sess_1'), { order: 'asc', limit: 10 }, endedAt))
      ?.messages
    assert.deepEqual(messages?.[1], { ...completion(turn, 'answer', endedAt).end.message, position: 2 })
    assert.deepEqual(await store.getTurn(mine(turn), endedAt), {
      ...turn,
      status: 'completed',
      createdAt: start,
      startedAt: start,
      endedAt,
      metadata: { a: 'b' },
      lastSeq: 3,
      position: 1,
      final: { ...completion(turn, 'answer', endedAt).event, seq: 3 },
      functionsCalled: [],
    })
    assert.equal((await store.readEvents(mine(turn), all, endedAt))?.at(-1)?.type, 'turn.completed')
  },

  'ends a turn once, and refuses every later write': async (store) => {
    await startedTurn(store, turn)
    const { event, end } = completion(turn, 'answer')
    const write = { ref: turn, events: numbered(2, event), end }
    assert.deepEqual(await store.writeTurns([write]), ['written'])
    assert.deepEqual(await store.writeTurns([write]), ['refused'])
    assert.deepEqual(await store.writeTurns([{ ref: turn, events: numbered(3, delta('late')) }]), ['refused'])
    assert.equal((await store.readEvents(mine(turn), all, start))?.length, 2)
    assert.equal((await store.getSession(mine('sess_1'), start))?.messageCount, 2)
  },

  'leaves no message and keeps the state when a turn fails before any text': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'first', { end: { state: 1 } })
    const second = ref('sess_1', 'turn_2')
    await store.acceptTurn(request(second, 'again'))
    const failed = numbered(2, { type: 'turn.failed', code: 'chat_failed', content: '' })
    await store.writeTurns([
      {
        ref: second,
        events: failed,
        end: { status: 'failed', endedAt: start, message: null, functionsCalled: [] },
      },
    ])
    assert.equal((await store.getTurn(mine(second), start))?.status, 'failed')
    const third = await store.acceptTurn(request(ref('sess_1', 'turn_3'), 'third'))
    assert(third.outcome === 'accepted')
    assert.equal(third.state, 1)
    assert.deepEqual(
      third.history.map(({ content }) => content),
      ['hello', 'first', 'again'],
    )
  },

  'keeps what was said and done when a turn fails or is cancelled': async (store) => {
    const functionsCalled = [{ callId: 'c1', name: 'lookup', arguments: {}, error: 'not there' }]
    await store.createSession(newSession('sess_1'), roomy)
    for (const [n, status] of (['failed', 'cancelled'] as const).entries()) {
      const stopped = ref('sess_1', `turn_${status}`)
      const at = start + n + 1
      await store.acceptTurn(request(stopped, 'hello', { now: at }))
      const message = await stop(store, stopped, status, 'half an answ', { at, functionsCalled })
      const page = await store.listMessages(mine('sess_1'), { order: 'desc', limit: 1 }, at)
      assert.deepEqual(page?.messages, [{ ...message, position: 2 * n + 2 }])
      const ended = await store.getTurn(mine(stopped), at)
      assert.deepEqual([ended?.status, ended?.endedAt, ended?.lastSeq], [status, at, 3])
      assert.equal((await store.readEvents(mine(stopped), all, at))?.at(-1)?.type, `turn.${status}`)
      assert.equal((await store.getSession(mine('sess_1'), at))?.expiresAt, at + ttlMs)
    }
  },

  'changes nothing of the session by a write that it refuses': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer', { end: { state: 'kept' } })
    const session = await store.getSession(mine('sess_1'), start)
    const ended = await store.getTurn(mine(turn), start)
    await completeTurn(store, turn, 'once more', { at: start + 1, end: { state: 'late' } })
    await stop(store, turn, 'failed', 'or not', { at: start + 1, state: 'later' })
    assert.deepEqual(await store.getSession(mine('sess_1'), start), session)
    assert.deepEqual(await store.getTurn(mine(turn), start), ended)
    const accepted = await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'again'))
    assert.equal(accepted.outcome === 'accepted' && accepted.state, 'kept')
  },

  'takes a turn after the end of the one before': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer')
    const accepted = await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'again'))
    assert.equal(accepted.outcome, 'accepted')
  },
}
