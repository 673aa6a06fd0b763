import { describe, expect, it } from 'vitest'
import type { ChatContext } from './chat-interface.js'
import { createSessionManager } from './create-session-manager.js'
import { chatOf, collect, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import type { SessionStore } from './session-store.js'
import { createManualClock } from './testing/index.js'

async function* reply(_message: string, { signal }: ChatContext) {
  yield 'well'
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

/** A reader, in another manager over the same store, of a turn that runs; and how it leaves. */
async function reader() {
  const [store, clock, chat] = [createMemoryStore(), createManualClock(), chatOf(reply)]
  const [here, there] = [
    createSessionManager({ store, clock, chat }),
    createSessionManager({ store, clock, chat }),
  ]
  const turn = await here.startTurn({ message: 'hello' })
  for await (const event of turn.events()) if (event.type === 'text.delta') break
  const controller = new AbortController()
  const read = () => collect(there.events(turn, { signal: controller.signal }))
  return { store, read, leave: () => controller.abort() }
}

describe('a reader whose signal is aborted', () => {
  it('before it begins gets nothing, whatever it asked for', async () => {
    const { manager } = testManager(reply)
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
