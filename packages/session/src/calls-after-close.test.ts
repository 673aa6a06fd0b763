import { describe, expect, it } from 'vitest'
import { collect, echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

describe('a closed store', () => {
  it('is not called by a reader who was waiting for it when it was closed', async () => {
    const store = createMemoryStore()
    const { manager } = testManager(echo, { store })
    const turn = await manager.startTurn({ message: 'hello' })
    await turn.ended
    const [isAsked, mayAnswer] = [gate(), gate()]
    const getTurn = store.getTurn.bind(store)
    let asked = 0
    store.getTurn = async (...args) => {
      const record = await getTurn(...args)
      asked += 1
      if (asked === 1) return record
      isAsked.open()
      await mayAnswer.opened
      return record
    }
    let isClosed = false
    const readEvents = store.readEvents.bind(store)
    store.readEvents = async (...args) => {
      expect(isClosed).toBe(false)
      return readEvents(...args)
    }
    const reading = collect(turn.events())
    await isAsked.opened
    await manager.close()
    isClosed = true
    mayAnswer.open()
    await expect(reading).rejects.toMatchObject({ code: 'shutting_down' })
  })
})
