import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ChatContext } from './chat-interface.js'
import { createSessionManager } from './create-session-manager.js'
import { chatOf } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import { createManualClock } from './testing/index.js'

async function* reply(_message: string, { signal }: ChatContext) {
  yield 'well'
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

/** Two managers over one store, and a turn that the first one runs. */
async function runningTurn() {
  const [store, clock, chat] = [createMemoryStore(), createManualClock(), chatOf(reply)]
  const [here, there] = [
    createSessionManager({ store, clock, chat }),
    createSessionManager({ store, clock, chat }),
  ]
  const turn = await here.startTurn({ message: 'hello' })
  for await (const event of turn.events()) if (event.type === 'text.delta') break
  return { store, clock, here, there, turn }
}

describe('a turn that another process runs', () => {
  it('can not be cancelled, and nobody is told that it has ended', async () => {
    const { here, there, turn } = await runningTurn()
    await expect(there.cancelTurn(turn)).rejects.toMatchObject({
      code: 'turn_not_cancellable',
      message: 'The turn runs in another process, and only that one can cancel it.',
    })
    await here.cancelTurn(turn)
    await turn.ended
    await expect(there.cancelTurn(turn)).rejects.toMatchObject({
      code: 'turn_not_cancellable',
      message: 'The turn has already ended.',
    })
  })

  it('is waited for with one listener, which goes with the wait', async () => {
    const { clock, there, turn } = await runningTurn()
    const controller = new AbortController()
    const reader = there.eventBatches(turn, { signal: controller.signal, after: 2 })[Symbol.asyncIterator]()
    const next = reader.next()
    await clock.advance(2_600)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    controller.abort()
    expect(await next).toMatchObject({ done: true })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('is not waited for by a reader who left while the store was asked', async () => {
    const { store, clock, there, turn } = await runningTurn()
    const controller = new AbortController()
    const { getTurn } = store
    const reader = there.eventBatches(turn, { signal: controller.signal, after: 2 })[Symbol.asyncIterator]()
    const next = reader.next()
    await clock.advance(0)
    store.getTurn = async (...args) => {
      controller.abort()
      return getTurn.apply(store, args)
    }
    const timers = clock.timers
    await clock.advance(250)
    expect(await next).toMatchObject({ done: true })
    expect(clock.timers).toBeLessThan(timers)
  })
})
