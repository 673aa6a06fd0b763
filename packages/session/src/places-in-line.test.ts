import { describe, expect, it } from 'vitest'
import { gate, testManager } from './manager.fixture.js'
import type { SessionManager, Turn } from './session-manager.js'

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
const endless = () => {
  const { opened } = gate()
  return testManager(async function* () {
    yield 'well'
    await opened
  })
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
})
