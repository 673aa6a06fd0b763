import { expect, it } from 'vitest'
import { echo, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

it('a manager that is closed while very many sessions are collected leaves the rest of them for the next start', async () => {
  const store = createMemoryStore()
  const begun = Promise.withResolvers<void>()
  let rounds = 0
  store.collectExpired = async (_now, limit) => {
    rounds += 1
    begun.resolve()
    return rounds < 100 ? limit : 0 // as many as may be collected in one go, again and again
  }
  const { manager, clock } = testManager(echo, { store, limits: { sweepIntervalMs: 1_000 } })
  await manager.start()
  const sweeping = clock.advance(1_000)
  await begun.promise
  await manager.close()
  expect(rounds).toBeLessThan(10)
  await sweeping
  expect(rounds).toBeLessThan(10)
  expect(clock.timers).toBe(0)
})
