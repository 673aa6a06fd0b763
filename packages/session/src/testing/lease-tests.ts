import assert from 'node:assert/strict'
import {
  completeTurn,
  delta,
  mine,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')
const leaseEnd = start + 30_000

export const leaseTests: StoreTests = {
  'interrupts a turn whose lease ran out, exactly once': async (store) => {
    await startedTurn(store, turn)
    await store.writeTurns([{ ref: turn, events: numbered(2, delta('half an '), delta('answ')) }])
    assert.deepEqual(await store.interruptAbandoned(leaseEnd - 1, 'lease_expired'), [])
    const [first, second] = await Promise.all([
      store.interruptAbandoned(leaseEnd, 'lease_expired'),
      store.interruptAbandoned(leaseEnd, 'lease_expired'),
    ])
    assert.deepEqual([...first, ...second], [turn])
    const events = await store.readEvents(mine(turn), { after: 3, limit: 10 }, leaseEnd)
    assert.deepEqual(
      events?.map(({ type }) => type),
      ['turn.interrupted'],
    )
    assert.deepEqual(await store.interruptAbandoned(leaseEnd + 1, 'lease_expired'), [])
    assert.equal((await store.getSession(mine('sess_1'), leaseEnd))?.messageCount, 2)
  },

  'interrupts every turn whose lease ran out, and no other': async (store) => {
    const leases = { turn_1: 1, turn_2: 3, turn_3: 2, turn_4: 3, turn_5: 2 }
    for (const [turnId, ms] of Object.entries(leases)) {
      const accepted = ref(turnId.replace('turn', 'sess'), turnId)
      await store.createSession(newSession(accepted.sessionId), roomy)
      const lease = { instance: `instance-${ms % 2}`, until: start + ms }
      await store.acceptTurn(request(accepted, 'hello', { lease }))
    }
    const interrupted = async (ms: number) =>
      (await store.interruptAbandoned(start + ms, 'lease_expired')).map(({ turnId }) => turnId).sort()
    assert.deepEqual(await interrupted(0), [])
    assert.deepEqual(await interrupted(2), ['turn_1', 'turn_3', 'turn_5'])
    assert.deepEqual(await interrupted(2), [])
    assert.equal((await store.getTurn(mine(ref('sess_2', 'turn_2')), start))?.status, 'running')
    assert.deepEqual(await interrupted(3), ['turn_2', 'turn_4'])
  },

  'leaves a turn alone whose lease was renewed, and renews those of one instance only': async (store) => {
    await startedTurn(store, turn)
    const other = ref('sess_2', 'turn_2')
    await startedTurn(store, ref('sess_2', 'turn_0'))
    await completeTurn(store, ref('sess_2', 'turn_0'), 'done')
    await store.acceptTurn(request(other, 'hello', { lease: { instance: 'instance-2', until: leaseEnd } }))
    await store.renewLeases({ instance: 'instance-1', until: leaseEnd + 30_000 })
    assert.deepEqual(await store.interruptAbandoned(leaseEnd, 'lease_expired'), [other])
    assert.equal((await store.getTurn(mine(turn), leaseEnd))?.status, 'running')
  },

  'renews every live turn of an instance, up to the last millisecond': async (store) => {
    const other = ref('sess_2', 'turn_2')
    await startedTurn(store, turn)
    await startedTurn(store, other)
    const until = leaseEnd + 30_000
    await store.renewLeases({ instance: 'instance-1', until })
    assert.deepEqual(await store.interruptAbandoned(until - 1, 'lease_expired'), [])
    await store.renewLeases({ instance: 'instance-1', until: until + 1 })
    assert.deepEqual(await store.interruptAbandoned(until, 'lease_expired'), [])
    assert.equal((await store.interruptAbandoned(until + 1, 'lease_expired')).length, 2)
  },

  'leaves turns alone that have ended, whatever their lease says': async (store) => {
    const interrupted = ref('sess_2', 'turn_2')
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'done')
    await startedTurn(store, interrupted)
    assert.deepEqual(await store.interruptAbandoned(leaseEnd, 'lease_expired'), [interrupted])
    const views = [turn, interrupted].flatMap((turn) => Object.values(viewsOf(store, turn)))
    const before = await Promise.all(views.map((look) => look()))
    await store.renewLeases({ instance: 'instance-1', until: leaseEnd + 30_000 })
    assert.deepEqual(await store.interruptAbandoned(leaseEnd + 30_000, 'lease_expired'), [])
    assert.deepEqual(await Promise.all(views.map((look) => look())), before)
    assert.deepEqual(await store.writeTurns([{ ref: turn, events: numbered(4, delta('late')) }]), ['refused'])
  },
}
