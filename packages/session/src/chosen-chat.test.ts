import { describe, expect, it } from 'vitest'
import type { ChatInterface, FunctionDefinition } from './chat-interface.js'
import { testManager } from './manager.fixture.js'

const none: readonly FunctionDefinition[] = []

/** What answers with the name of the chat that its session chose. */
const several: ChatInterface = {
  name: 'several',
  chats: [
    { name: 'shop', functions: none },
    { name: 'help', functions: none },
  ],
  async *reply(_message, { session }) {
    yield String(session.chat)
  },
}

const answered = (chat: string | null) => ({ type: 'turn.completed', content: String(chat) })

describe('a session that may choose between chats', () => {
  it('has the one that it chose, for good', async () => {
    const { manager } = testManager(several)
    const { sessionId, chat } = await manager.sessions.create({ chat: 'help' })
    expect(chat).toBe('help')
    expect(await manager.sessions.get(sessionId)).toMatchObject({ chat: 'help' })
    const turn = await manager.startTurn({ sessionId, message: 'who are you?' })
    expect(await turn.ended).toMatchObject(answered('help'))
  })

  it('has the first one when it chooses none, by its name', async () => {
    const { manager } = testManager(several)
    expect(await manager.sessions.create()).toMatchObject({ chat: 'shop' })
    expect(await (await manager.startTurn({ message: 'hi' })).ended).toMatchObject(answered('shop'))
  })

  it('may choose with its first message', async () => {
    const { manager } = testManager(several)
    const turn = await manager.startTurn({ message: 'hi', chat: 'help' })
    expect(await turn.ended).toMatchObject(answered('help'))
    expect(await manager.sessions.get(turn.sessionId)).toMatchObject({ chat: 'help' })
  })

  it('can not choose what is not there, and is told what is', async () => {
    const { manager } = testManager(several)
    const refused = {
      code: 'invalid_input',
      faults: [{ path: '/chat', message: 'is none of the chats here: shop, help' }],
    }
    await expect(manager.sessions.create({ chat: 'kitchen' })).rejects.toMatchObject(refused)
    await expect(manager.startTurn({ message: 'hi', chat: 'Shop' })).rejects.toMatchObject(refused)
    expect((await manager.sessions.list()).data).toEqual([])
  })

  it('can not choose anew', async () => {
    const { manager } = testManager(several)
    const { sessionId } = await manager.sessions.create()
    for (const chat of ['help', 'shop', 'kitchen']) {
      await expect(manager.startTurn({ sessionId, message: 'hi', chat })).rejects.toMatchObject({
        code: 'invalid_input',
        faults: [{ path: '/chat', message: 'is chosen when the session is made' }],
      })
    }
  })
})

describe('a session where there is one chat', () => {
  it('has none of a name, and can choose none', async () => {
    const { manager } = testManager({
      name: 'one',
      async *reply(_message, { session }) {
        yield String(session.chat)
      },
    })
    const session = await manager.sessions.create()
    expect(session.chat).toBeNull()
    const turn = await manager.startTurn({ sessionId: session.sessionId, message: 'hi' })
    expect(await turn.ended).toMatchObject(answered(null))
    await expect(manager.sessions.create({ chat: 'shop' })).rejects.toMatchObject({
      faults: [{ path: '/chat', message: 'there is no choice of chats here' }],
    })
  })
})
