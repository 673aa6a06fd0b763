import { describe, expect, it } from 'vitest'
import type { ChatContext } from './chat-interface.js'
import { leaseMs } from './limits.js'
import { gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

const limits = { firstChunkTimeoutMs: 1e9, chunkTimeoutMs: 1e9, turnTimeoutMs: 1e9 }

/** An answer that says one thing, or nothing at all, until it is told to stop. */
async function* reply(message: string, { signal }: ChatContext) {
  if (message !== 'say nothing') yield 'well'
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

describe('a turn whose lease has run out, because the store was slow', () => {
  it('is let go by the process that runs it, and its readers see how it ended', async () => {
    const { opened, open } = gate()
    const store = createMemoryStore()
    const renewLeases = store.renewLeases.bind(store)
    const { manager, clock } = testManager(reply, { store, limits })
    const turn = await manager.startTurn({ message: 'hello' })
    store.renewLeases = async (lease) => {
      await renewLeases(lease)
      await opened
    }
    await clock.advance(2 * leaseMs)
    open()
    expect(await turn.ended).toMatchObject({
      type: 'turn.interrupted',
      reason: 'lease_expired',
      content: 'well',
    })
    expect((await manager.status()).turns).toEqual({ running: 0, queued: 0 })
    const next = await manager.startTurn({ sessionId: turn.sessionId, message: 'once more' })
    expect((await manager.turn(next)).status).toBe('running')
  })

  it('is let go also when its acceptance is told only then', async () => {
    const [told, renewed] = [gate(), gate()]
    const store = createMemoryStore()
    const { manager, clock } = testManager(reply, { store, limits })
    await manager.start()
    const acceptTurn = store.acceptTurn.bind(store)
    store.acceptTurn = async (request) => {
      const outcome = await acceptTurn(request)
      await told.opened
      return outcome
    }
    const renewLeases = store.renewLeases.bind(store)
    store.renewLeases = async (lease) => {
      await renewLeases(lease)
      await renewed.opened
    }
    const accepting = manager.startTurn({ message: 'say nothing' })
    await clock.advance(2 * leaseMs)
    renewed.open()
    await clock.advance(0)
    told.open()
    const turn = await accepting
    expect(await turn.ended).toMatchObject({ type: 'turn.interrupted', reason: 'lease_expired', content: '' })
    expect((await manager.status()).turns).toEqual({ running: 0, queued: 0 })
  })
})
