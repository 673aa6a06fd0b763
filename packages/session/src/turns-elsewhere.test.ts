import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { turnElsewhere } from './manager.fixture.js'

describe('a turn that another process runs', () => {
  it('can not be cancelled, and nobody is told that it has ended', async () => {
    const { here, there, turn } = await turnElsewhere()
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
    const { clock, there, turn } = await turnElsewhere()
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
    const { store, clock, there, turn } = await turnElsewhere()
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
