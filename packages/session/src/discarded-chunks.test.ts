import { describe, expect, it } from 'vitest'
import type { ChatContext, Chunk } from './chat-interface.js'
import { gate, testManager } from './manager.fixture.js'

type Reply = (message: string, context: ChatContext) => AsyncIterable<Chunk | string>

/** A manager that counts what is thrown away, and a turn of which a reader has seen the first chunk. */
async function startTurn(reply: Reply) {
  const { promise: warned, resolve: warn } = Promise.withResolvers<void>()
  let discarded = 0
  let warnings = 0
  const { promise: late, resolve: tellLate } = Promise.withResolvers<void>()
  const log = {
    debug() {},
    info() {},
    error() {},
    warn: () => {
      warnings += 1
      warn()
    },
  }
  const { manager, clock } = testManager(reply, {
    observer: {
      chunksDiscarded(count) {
        discarded += count
        tellLate()
      },
    },
    logger: { ...log, child: () => ({ ...log, child: () => log as never }) },
  })
  const turn = await manager.startTurn({ message: 'hi' })
  const events = turn.events()[Symbol.asyncIterator]()
  await events.next()
  await events.next()
  return { manager, clock, turn, warned, late, discarded: () => discarded, warnings: () => warnings }
}

describe('what a chat interface yields after its turn was stopped', () => {
  it('is counted also when the turn has ended without it', async () => {
    const { opened, open } = gate()
    const { manager, clock, turn, late, discarded } = await startTurn(async function* () {
      yield 'before'
      await opened // whatever the signal says
      yield 'late'
    })
    await manager.cancelTurn(turn)
    await clock.advance(5_000)
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled', content: 'before' })
    expect(discarded()).toBe(0)
    open()
    await late
    expect(discarded()).toBe(1)
  })

  it('is counted, all of it, when it yields more on its way to its end, which it reaches', async () => {
    const { promise: freed, resolve: free } = Promise.withResolvers<string>()
    const { manager, turn, discarded } = await startTurn(async function* (_message, { signal }) {
      try {
        yield 'before'
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        yield 'late'
      } finally {
        yield 'later'
        yield { type: 'usage', inputTokens: 1, outputTokens: 1 }
        free('freed')
      }
    })
    await manager.cancelTurn(turn)
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled', content: 'before' })
    expect(await freed).toBe('freed')
    expect(discarded()).toBe(3)
  })

  it('is asked for no longer when it goes on and on', async () => {
    let yielded = 0
    const goOn = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      yielded += 1
      return { done: false, value: 'and on' }
    }
    const endless = { [Symbol.asyncIterator]: () => ({ next: goOn, return: goOn }) }
    const { manager, turn, warned, discarded } = await startTurn(() => endless)
    await manager.cancelTurn(turn)
    await warned // the time to stop has not run out: the clock stands still
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled' })
    const { content } = (await turn.ended) as { content: string }
    expect(discarded()).toBe(yielded - content.length / 'and on'.length)
    expect(discarded()).toBeLessThan(200)
  })

  it('is told of once, also where the time to stop is over with the last chunk that it may still yield', async () => {
    const { opened, open } = gate()
    const stuck = gate()
    let left = 0
    const goOn = async () => {
      left += 1
      if (left === 100) {
        stuck.open()
        await opened
      }
      return { done: false, value: 'late' }
    }
    let said = 0
    const next = (): Promise<{ done: boolean; value: string }> => {
      if (left > 0) return goOn()
      said += 1
      return said === 1 ? Promise.resolve({ done: false, value: 'before' }) : new Promise(() => {})
    }
    const endless = { [Symbol.asyncIterator]: () => ({ next, return: goOn }) }
    const { manager, clock, turn, warnings, discarded } = await startTurn(() => endless)
    await manager.cancelTurn(turn)
    await stuck.opened
    await clock.advance(5_000)
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled' })
    open()
    await new Promise((resolve) => setImmediate(resolve))
    expect(discarded()).toBe(100)
    expect(warnings()).toBe(1)
  })

  it('is asked for no longer when the time to stop is over', async () => {
    const { opened, open } = gate()
    let yielded = 0
    const { manager, clock, turn, late, discarded } = await startTurn(async function* () {
      yield 'before'
      try {
        await opened
        yielded += 1
        yield 'late'
      } finally {
        yielded += 1
        yield 'later'
        yielded += 1
        yield 'too late'
      }
    })
    await manager.cancelTurn(turn)
    await clock.advance(5_000)
    await turn.ended
    open()
    await late
    await new Promise((resolve) => setImmediate(resolve))
    expect([discarded(), yielded]).toEqual([2, 2])
  })
})
