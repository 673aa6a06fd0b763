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
    const readEvents = store.readEvents.bind(store)
    store.readEvents = async (...args) => {
      const events = await readEvents(...args)
      isAsked.open()
      await mayAnswer.opened
      return events
    }
    let isClosed = false
    const getTurn = store.getTurn.bind(store)
    store.getTurn = async (...args) => {
      expect(isClosed).toBe(false)
      return getTurn(...args)
    }
    const reading = collect(turn.events({ after: 3 }))
    await isAsked.opened
    await manager.close()
    isClosed = true
    mayAnswer.open()
    await expect(reading).rejects.toMatchObject({ code: 'shutting_down' })
  })

  it('is not called by who asks only then how a turn ended', async () => {
    const store = createMemoryStore()
    const { manager } = testManager(echo, { store })
    const request = { message: 'hello', key: { key: 'k', fingerprint: 'f' } }
    await (await manager.startTurn(request)).ended
    const again = await manager.startTurn(request)
    await manager.close()
    let asked = 0
    store.getTurn = async () => {
      asked += 1
      return undefined
    }
    await expect(again.ended).rejects.toMatchObject({ code: 'shutting_down' })
    expect(asked).toBe(0)
  })
})
