import assert from 'node:assert/strict'
import { completeTurn, delta, numbered, ref, request, start, startedTurn, ttlMs } from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')
const leaseEnd = start + 30_000

export const leaseTests: StoreTests = {
  'interrupts a turn whose lease ran out, exactly once, and keeps its text': async (store) => {
    await startedTurn(store, turn)
    await store.writeTurns([{ ref: turn, events: numbered(2, delta('half an '), delta('answ')) }])
    assert.deepEqual(await store.interruptAbandoned(leaseEnd - 1, 'lease_expired'), [])
    const [first, second] = await Promise.all([
      store.interruptAbandoned(leaseEnd, 'lease_expired'),
      store.interruptAbandoned(leaseEnd, 'lease_expired'),
    ])
    assert.deepEqual([...first, ...second], [turn])
    const events = await store.readEvents(turn, { after: 3, limit: 10 }, leaseEnd)
    assert.deepEqual(events, [
      { type: 'turn.interrupted', reason: 'lease_expired', content: 'half an answ', seq: 4 },
    ])
    const messages = (await store.listMessages('sess_1', { order: 'desc', limit: 1 }, leaseEnd))?.messages
    assert.deepEqual(
      messages?.map(({ content, role, status }) => [role, status, content]),
      [['assistant', 'partial', 'half an answ']],
    )
    assert.equal((await store.getTurn(turn, leaseEnd))?.status, 'interrupted')
    assert.equal((await store.getSession('sess_1', leaseEnd))?.expiresAt, leaseEnd + ttlMs)
  },

  'leaves no message when an interrupted turn had no text': async (store) => {
    await startedTurn(store, turn)
    await store.interruptAbandoned(leaseEnd, 'restart')
    assert.equal((await store.getSession('sess_1', leaseEnd))?.messageCount, 1)
  },

  'refuses what the former owner of an interrupted turn still writes': async (store) => {
    await startedTurn(store, turn)
    await store.interruptAbandoned(leaseEnd, 'lease_expired')
    assert.deepEqual(await store.writeTurns([{ ref: turn, events: numbered(2, delta('late')) }]), ['refused'])
  },

  'leaves a turn alone whose lease was renewed, and renews those of one instance only': async (store) => {
    await startedTurn(store, turn)
    const other = ref('sess_2', 'turn_2')
    await startedTurn(store, ref('sess_2', 'turn_0'))
    await completeTurn(store, ref('sess_2', 'turn_0'), 'done')
    await store.acceptTurn(request(other, 'hello', { lease: { instance: 'instance-2', until: leaseEnd } }))
    await store.renewLeases({ instance: 'instance-1', until: leaseEnd + 30_000 })
    assert.deepEqual(await store.interruptAbandoned(leaseEnd, 'lease_expired'), [other])
    assert.equal((await store.getTurn(turn, leaseEnd))?.status, 'running')
  },
}
