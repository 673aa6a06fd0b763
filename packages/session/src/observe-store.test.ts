import { describe, expect, it } from 'vitest'
import { systemClock } from './clock.js'
import { createMemoryStore } from './memory/index.js'
import { observeStore } from './observe-store.js'
import { noObserver, type StoreCallReport } from './session-observer.js'
import { createManualClock, testSessionStore } from './testing/index.js'

testSessionStore(
  { describe, it },
  'a store that is observed',
  () => observeStore(createMemoryStore(), noObserver, systemClock),
  { carries: false }, // a session manager carries no sessions
)

describe('a store that is observed', () => {
  it('has only those of the methods that a store may leave out which it had', () => {
    const { open, health, close } = observeStore(createMemoryStore(), noObserver, systemClock)
    expect({ open, health, close }).toEqual({ open: undefined, health: undefined, close: undefined })
  })

  it('tells of every call how long it took and whether it failed, with the failure for its caller', async () => {
    const clock = createManualClock()
    const calls: StoreCallReport[] = []
    const busy = new Error('busy')
    const store = Object.assign(createMemoryStore(), {
      open: () => clock.advance(30),
      health: () => ({ disk: { status: 'healthy' as const } }),
      countSessions: () => clock.advance(7).then(() => Promise.reject(busy)),
      close: () => clock.advance(2),
    })
    const observed = observeStore(store, { ...noObserver, storeCalled: (call) => calls.push(call) }, clock)
    await observed.open?.()
    expect(await observed.health?.()).toEqual({ disk: { status: 'healthy' } })
    await expect(observed.countSessions(0)).rejects.toBe(busy)
    await observed.close?.()
    expect(calls).toEqual([
      { call: 'open', durationMs: 30, failed: false },
      { call: 'health', durationMs: 0, failed: false },
      { call: 'countSessions', durationMs: 7, failed: true },
      { call: 'close', durationMs: 2, failed: false },
    ])
  })
})
