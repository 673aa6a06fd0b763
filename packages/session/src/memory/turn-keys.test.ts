import { describe, expect, it } from 'vitest'
import {
  completeTurn,
  mine,
  newSession,
  ref,
  request,
  roomy,
  start,
  startedTurn,
} from '../testing/store-fixture.js'
import { createMemoryStore } from './index.js'

describe('the keys of a store in memory', () => {
  it('are collected when they have run out, others having a turn in between', async () => {
    const store = createMemoryStore()
    await store.createSession({ ...newSession('sess_1'), ttlMs: 1e9 }, roomy)
    for (let n = 0; n < 500; n += 1) {
      const turn = ref('sess_1', `turn_${n}`)
      const key = { key: `key-${n}`, fingerprint: 'f', until: start + 1_000 }
      await store.acceptTurn({ ...request(turn, 'hello'), key })
      await completeTurn(store, turn, 'answer', { at: start + 1 })
    }
    let ticks = 0
    let isCollecting = true
    const collecting = store.collectExpired(start + 1_000, 10).finally(() => (isCollecting = false))
    for (; isCollecting; ticks += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(await collecting).toBe(0)
    expect(ticks).toBeGreaterThan(5)
    expect(await store.countSessions(start + 1_000)).toBe(1)
    await startedTurn(store, ref('sess_1', 'turn_last'))
    expect((await store.getSession(mine('sess_1'), start + 1_000))?.activeTurnId).toBe('turn_last')
  })
})
