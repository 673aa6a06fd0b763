import { describe, expect, it } from 'vitest'
import { collect, sayOneWord, testManager, turnElsewhere } from './manager.fixture.js'
import type { SessionStore } from './session-store.js'

/** A reader, in another manager over the same store, of a turn that runs; and how it leaves. */
async function reader() {
  const { store, there, turn } = await turnElsewhere()
  const controller = new AbortController()
  const read = () => collect(there.events(turn, { signal: controller.signal }))
  return { store, read, leave: () => controller.abort() }
}

describe('a reader whose signal is aborted', () => {
  it('before it begins gets nothing, whatever it asked for', async () => {
    const { manager } = testManager(sayOneWord)
    const turn = await manager.startTurn({ message: 'hello' })
    const signal = AbortSignal.abort()
    expect(await collect(manager.events({ sessionId: 'sess_0', turnId: 'turn_0' }, { signal }))).toEqual([])
    expect(await collect(turn.events({ signal }))).toEqual([])
    expect(await collect(turn.events({ signal, after: 99 }))).toEqual([])
  })

  it.each(['getTurn', 'readEvents'] as const)(
    'while the store is asked to %s gets no more, and no error of that call',
    async (call) => {
      for (const fails of [true, false]) {
        const { store, read, leave } = await reader()
        const asked: SessionStore[typeof call] = store[call]
        Object.assign(store, {
          async [call](...args: never[]) {
            leave()
            if (fails) throw new Error('disk on fire')
            return Reflect.apply(asked, store, args) as unknown
          },
        })
        expect(await read()).toEqual([])
      }
    },
  )

  it('gets the error of a call that failed before', async () => {
    const { store, read, leave } = await reader()
    store.readEvents = () => Promise.reject(new Error('disk on fire'))
    await expect(read()).rejects.toMatchObject({ code: 'store_unavailable' })
    leave()
  })
})
