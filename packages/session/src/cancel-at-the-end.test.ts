import { expect, it } from 'vitest'
import { briefs, echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import type { SessionStore } from './session-store.js'

/** A store that takes its time to save the end of a turn. */
function slowAtTheEnd() {
  const store: SessionStore = createMemoryStore()
  const write = store.writeTurns.bind(store)
  const begun = gate()
  const saved = gate()
  store.writeTurns = async (writes) => {
    if (writes.some(({ end }) => end !== undefined)) {
      begun.open()
      await saved.opened
    }
    return write(writes)
  }
  return { store, begun: begun.opened, save: saved.open }
}

it('a turn that has ended by itself can not be cancelled while its end is saved', async () => {
  const { store, begun, save } = slowAtTheEnd()
  const { manager } = testManager(echo, { store })
  const turn = await manager.startTurn({ message: 'Hi' })
  await begun
  const cancelled = manager.cancelTurn(turn).then(
    () => 'cancelled',
    async ({ code }: { code: string }) => [code, (await manager.turn(turn)).status],
  )
  await new Promise(setImmediate) // it has asked the turn by now
  save()
  expect(await cancelled).toEqual(['turn_not_cancellable', 'completed'])
  expect(await briefs(turn)).toEqual(['1 turn.started', '2 text.delta You said: Hi', '3 turn.completed'])
})

it.each([
  ['fails', 42, 0],
  ['takes too long', 'Well', 60_000],
])('a turn whose chat interface %s can not be cancelled while that lets go', async (_, chunk, wait) => {
  const { opened: letGo, open } = gate()
  const { manager, clock } = testManager(async function* () {
    try {
      yield chunk as string
      await new Promise(() => {})
    } finally {
      await letGo
    }
  })
  const turn = await manager.startTurn({ message: 'Hi' })
  await clock.advance(wait)
  const cancelled = manager.cancelTurn(turn).catch(({ code }: { code: string }) => code)
  await new Promise(setImmediate) // it has asked the turn by now
  open()
  await clock.advance(5_000)
  expect(await cancelled).toBe('turn_not_cancellable')
  expect(await turn.ended).toMatchObject({ type: 'turn.failed' })
})
