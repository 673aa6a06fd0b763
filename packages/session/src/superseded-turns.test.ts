import { describe, expect, it } from 'vitest'
import { gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

describe('a turn that is superseded', () => {
  it('is stopped also when the store has accepted it, and has not said so yet', async () => {
    const { opened, open } = gate()
    const store = createMemoryStore()
    const acceptTurn = store.acceptTurn.bind(store)
    // Answers of a store may overtake each other, as on a network.
    store.acceptTurn = async (request) => {
      const outcome = await acceptTurn(request)
      if (request.message.content === 'first') await opened
      return outcome
    }
    const { manager } = testManager(
      async function* (message, { signal }) {
        yield `${message}…`
        if (message === 'first') await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
      { store },
    )
    const { sessionId } = await manager.sessions.create()
    const first = manager.startTurn({ sessionId, message: 'first' })
    const next = await manager.startTurn({ sessionId, message: 'rather this', onBusy: 'interrupt' })
    open()
    expect(await (await first).ended).toMatchObject({ type: 'turn.cancelled', reason: 'superseded' })
    expect(await next.ended).toMatchObject({ type: 'turn.completed', content: 'rather this…' })
  })
})
