import { chatResponse, session, status } from '@colloquy/contract'
import type { ChatInterface, FunctionDefinition } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { startServer } from '../server.fixture.js'

const lookup: FunctionDefinition = { name: 'lookup', description: 'Looks.', parameters: { type: 'object' } }

/** What answers with the name of the chat that its session chose. */
const several: ChatInterface = {
  name: 'several',
  chats: [
    { name: 'shop', functions: [lookup] },
    { name: 'help', functions: [] },
  ],
  async *reply(_message, context) {
    yield String(context.session.chat)
  },
}

const startSeveral = () => startServer(several.reply, { manager: { chat: several } })

describe('a server with several chats', () => {
  it('tells which there are, and what they can do', async () => {
    const server = await startSeveral()
    const told = status.parse(await (await fetch(`${server.url}/api/v1/status`)).json())
    expect(told.chats).toEqual([
      { name: 'shop', available_functions: [{ name: 'lookup', description: 'Looks.' }] },
      { name: 'help', available_functions: [] },
    ])
  })

  it('lets a session choose when it is created', async () => {
    const server = await startSeveral()
    const made = await server.post('/api/v1/sessions', { chat: 'help' })
    const { session_id, chat } = session.parse(await made.json())
    expect(chat).toBe('help')
    const answer = await server.post('/api/v1/chat', { message: 'hi', session_id })
    expect(chatResponse.parse(await answer.json()).content).toBe('help')
  })

  it('lets a message choose that creates its session, and gives it the first one otherwise', async () => {
    const server = await startSeveral()
    for (const [body, expected] of [
      [{ message: 'hi', chat: 'help' }, 'help'],
      [{ message: 'hi' }, 'shop'],
    ] as const) {
      const { content, session_id } = chatResponse.parse(
        await (await server.post('/api/v1/chat', body)).json(),
      )
      expect(content).toBe(expected)
      const kept = await (await fetch(`${server.url}/api/v1/sessions/${session_id}`)).json()
      expect(session.parse(kept).chat).toBe(expected)
    }
  })

  it('refuses what is not there, and a choice that comes too late, and says where', async () => {
    const server = await startSeveral()
    const unknown = { in: 'body', path: '/chat', message: 'is none of the chats here: shop, help' }
    for (const [path, body] of [
      ['/api/v1/sessions', { chat: 'kitchen' }],
      ['/api/v1/chat', { message: 'hi', chat: 'kitchen' }],
    ] as const) {
      expect(await problemOf(await server.post(path, body), 'validation_failed')).toMatchObject({
        errors: [unknown],
      })
    }
    const { sessionId } = await server.manager.sessions.create()
    const late = await server.post('/api/v1/chat', { message: 'hi', session_id: sessionId, chat: 'help' })
    expect(await problemOf(late, 'validation_failed')).toMatchObject({
      errors: [{ in: 'body', path: '/chat', message: 'is chosen when the session is made' }],
    })
  })
})
