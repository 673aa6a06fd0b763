import { describe, expect, it, vi } from 'vitest'
import { createSessionManager } from './create-session-manager.js'
import { chatOf, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import type { Turn } from './session-manager.js'
import { createManualClock } from './testing/index.js'

/** A turn that has said a word and waits, here and in another manager over the same store. */
async function heldTurn() {
  const { opened, open } = gate()
  const [store, clock] = [createMemoryStore(), createManualClock()]
  const { manager } = testManager(
    async function* () {
      yield 'one'
      await opened
      yield 'two'
    },
    { store, clock },
  )
  const there = createSessionManager({ store, clock, chat: chatOf(async function* () {}) })
  await there.start()
  const turn = await manager.startTurn({ message: 'hi' })
  for await (const event of turn.events()) if (event.type === 'text.delta') break
  return { manager, there, turn, clock, open }
}

const readerOf = (turn: Pick<Turn, 'eventBatches'>, after = 0) =>
  turn.eventBatches({ after })[Symbol.asyncIterator]()

const over = { done: true, value: undefined }

describe('a reader of batches', () => {
  it('answers in the order in which it was asked, also when it is asked before it has answered', async () => {
    const { turn, open } = await heldTurn()
    const reader = readerOf(turn, 2)
    const asked = [reader.next(), reader.next(), reader.next(), reader.next()]
    open()
    const answers = (await Promise.all(asked)).map((answer) =>
      answer.done === true ? [] : answer.value.map(({ seq }) => seq),
    )
    expect(answers.flat()).toEqual([3, 4])
    expect(answers.at(-1)).toEqual([])
  })

  it('ends at once when it is left, although it waits for an event', async () => {
    const { turn } = await heldTurn()
    const reader = readerOf(turn, 2)
    const waiting = reader.next()
    expect(await reader.return?.()).toEqual(over)
    expect([await waiting, await reader.next()]).toEqual([over, over])
  })

  it('does so as well when the turn is run by another process, and leaves no timer behind', async () => {
    const { there, turn, clock } = await heldTurn()
    const ref = { sessionId: turn.sessionId, turnId: turn.turnId }
    const before = clock.timers
    const reader = there.eventBatches(ref, { after: 2 })[Symbol.asyncIterator]()
    const waiting = reader.next()
    while (clock.timers === before) await new Promise((resolve) => setImmediate(resolve))
    await reader.return?.()
    expect([await waiting, await reader.next()]).toEqual([over, over])
    await clock.advance(0)
    expect(clock.timers).toBe(before)
  })

  it('of a turn that was over before it read anything asks the store for nothing', async () => {
    const store = createMemoryStore()
    const { manager } = testManager(
      async function* () {
        yield 'one'
      },
      { store },
    )
    const turn = await manager.startTurn({ message: 'hi' })
    const readEvents = vi.spyOn(store, 'readEvents')
    const reader = readerOf(turn, 1)
    await turn.ended
    expect(await reader.next()).toMatchObject({ value: [{ text: 'one' }, { type: 'turn.completed' }] })
    expect(await reader.next()).toEqual(over)
    expect(readEvents).not.toHaveBeenCalled()
    await expect(readerOf(turn, 4).next()).rejects.toMatchObject({ code: 'invalid_cursor' })
    await manager.sessions.delete(turn.sessionId)
    await expect(readerOf(turn).next()).rejects.toMatchObject({ code: 'turn_not_found' })
  })
})
