import { describe, expect, it } from 'vitest'
import { echo, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

describe('how many sessions there are', () => {
  it('is not told before the store can be asked, nor when it has been closed', async () => {
    const { manager } = testManager(echo, { store: createMemoryStore() })
    const sessionCount = async () => (await manager.status()).sessionCount
    expect(await sessionCount()).toBeNull()
    await manager.start()
    expect(await sessionCount()).toBe(0)
    await manager.sessions.create()
    expect(await sessionCount()).toBe(1)
    await manager.close()
    expect(await sessionCount()).toBeNull()
  })
})
