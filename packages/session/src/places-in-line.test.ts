import { describe, expect, it } from 'vitest'
import { gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import type { SessionManager, SessionManagerOptions, Turn } from './session-manager.js'

/** The places that a turn was told, as the store has them. */
async function placesOf(manager: SessionManager, turn: Turn): Promise<number[]> {
  const { lastSeq } = await manager.turn(turn)
  const places: number[] = []
  let seen = 0
  for await (const event of turn.events()) {
    if (event.type === 'turn.queued') places.push(event.position)
    seen += 1
    if (seen === lastSeq) break
  }
  return places
}

/** Lets everything run that can without the clock. */
async function quiet(): Promise<void> {
  for (let round = 0; round < 10; round += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** An answer that waits for its end whatever it is told. */
const endless = (options: Partial<SessionManagerOptions> = {}) => {
  const { opened } = gate()
  return testManager(async function* () {
    yield 'well'
    await opened
  }, options)
}

describe('the place in line that a turn is told', () => {
  it('moves back when a message that interrupts is put before it', async () => {
    const { manager } = endless()
    const { sessionId } = await manager.startTurn({ message: 'first' })
    const patient = await manager.startTurn({ sessionId, message: 'patient', onBusy: 'queue' })
    await manager.startTurn({ sessionId, message: 'hasty', onBusy: 'interrupt' })
    await quiet()
    expect(await placesOf(manager, patient)).toEqual([1, 2])
  })

  it('moves up when the turn before it begins, whichever of them the store was asked about first', async () => {
    const { manager } = testManager(async function* (_message, { signal }) {
      yield 'well'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const { sessionId } = await manager.startTurn({ message: 'first' })
    const patient = await manager.startTurn({ sessionId, message: 'patient', onBusy: 'queue' })
    const hasty = await manager.startTurn({ sessionId, message: 'hasty', onBusy: 'interrupt' })
    await quiet()
    expect((await manager.turn(hasty)).status).toBe('running')
    expect((await placesOf(manager, patient)).at(-1)).toBe(1)
  })

  it('becomes worse at most once a second, however many messages are put before it', async () => {
    const { manager, clock } = testManager(async function* (_message, { signal }) {
      yield 'well'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const { sessionId } = await manager.startTurn({ message: 'first' })
    const patient = await manager.startTurn({ sessionId, message: 'patient', onBusy: 'queue' })
    const interrupt = async () => {
      await manager.startTurn({ sessionId, message: 'hasty', onBusy: 'interrupt' })
      await quiet()
    }
    for (let n = 0; n < 12; n += 1) await interrupt()
    expect(await placesOf(manager, patient)).toEqual([1, 2, 1])
    await clock.advance(999)
    await interrupt()
    expect(await placesOf(manager, patient)).toEqual([1, 2, 1])
    await clock.advance(1)
    await interrupt()
    expect(await placesOf(manager, patient)).toEqual([1, 2, 1, 2, 1])
  })

  it.each([
    ['shared', createMemoryStore()],
    ['of this process alone', Object.assign(createMemoryStore(), { isExclusive: true })],
  ])(
    'is told as worse later where it still is, and as better at once, by a store %s',
    async (_what, store) => {
      const { manager, clock } = endless({ store })
      const { sessionId } = await manager.startTurn({ message: 'first' })
      const patient = await manager.startTurn({ sessionId, message: 'patient', onBusy: 'queue' })
      const interrupt = () => manager.startTurn({ sessionId, message: 'hasty', onBusy: 'interrupt' })
      const hasty = await interrupt()
      await quiet()
      await manager.cancelTurn(hasty)
      await quiet()
      expect(await placesOf(manager, patient)).toEqual([1, 2, 1])
      await clock.advance(500)
      const hastier = await interrupt()
      await clock.advance(499)
      expect(await placesOf(manager, patient)).toEqual([1, 2, 1])
      await clock.advance(1)
      expect(await placesOf(manager, patient)).toEqual([1, 2, 1, 2])
      await manager.cancelTurn(hastier)
      await quiet()
      expect(await placesOf(manager, patient)).toEqual([1, 2, 1, 2, 1])
    },
  )
})
