import { describe, expect, it } from 'vitest'
import type { ChatContext } from './chat-interface.js'
import { gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

/** A manager whose chat interface notes what it is asked, and answers the first message until it is told to stop. */
function noting() {
  const asked: string[] = []
  async function* answer(message: string, { signal }: ChatContext) {
    yield `${message}…`
    if (message === 'first') await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }
  const store = createMemoryStore()
  const reply = (message: string, context: ChatContext) => {
    asked.push(message)
    return answer(message, context)
  }
  return { ...testManager(reply, { store }), asked, store }
}

describe('the chat interface is not asked', () => {
  it('for the turns that wait in a session that is deleted', async () => {
    const { manager, asked, store } = noting()
    // A slow store: the line is asked about just when the turn before has ended, and nobody knows of that yet.
    const hasEnded = gate()
    const startTurn = store.startTurn.bind(store)
    store.startTurn = async (ref, start) => {
      await hasEnded.opened
      return startTurn(ref, start)
    }
    const writeTurns = store.writeTurns.bind(store)
    store.writeTurns = async (writes) => {
      const outcomes = await writeTurns(writes)
      if (writes.some(({ end }) => end !== undefined)) hasEnded.open()
      await new Promise((resolve) => setImmediate(resolve))
      return outcomes
    }
    const { sessionId } = await manager.startTurn({ message: 'first' })
    const second = await manager.startTurn({ sessionId, message: 'second', onBusy: 'queue' })
    const third = await manager.startTurn({ sessionId, message: 'third', onBusy: 'queue' })
    await manager.sessions.delete(sessionId)
    for (const { ended } of [second, third]) {
      expect(await ended).toMatchObject({ type: 'turn.cancelled', reason: 'session_deleted', content: '' })
    }
    expect(asked).toEqual(['first'])
  })

  it('for a turn that is cancelled while the store lets it run', async () => {
    const { manager, asked, store } = noting()
    const [isStarting, mayStart] = [gate(), gate()]
    const { sessionId, ...first } = await manager.startTurn({ message: 'first' })
    const startTurn = store.startTurn.bind(store)
    store.startTurn = async (ref, start) => {
      const outcome = await startTurn(ref, start)
      if (outcome.outcome === 'started') {
        isStarting.open()
        await mayStart.opened
      }
      return outcome
    }
    const second = await manager.startTurn({ sessionId, message: 'second', onBusy: 'queue' })
    await manager.cancelTurn({ sessionId, turnId: first.turnId })
    await isStarting.opened
    await manager.cancelTurn(second)
    mayStart.open()
    expect(await second.ended).toMatchObject({ type: 'turn.cancelled', content: '' })
    expect(asked).toEqual(['first'])
  })
})
