import { once } from 'node:events'
import { type ChatInterface, createSessionManager, type TurnEvent } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { fromColloquy, fromHttp } from './index.js'
import { startRemote } from './remote-server.fixture.js'
import { answerWith, beginStream, frame, startService, streamOf } from './running-service.fixture.js'

vi.setConfig({ testTimeout: 30_000 }) // servers start in processes of their own

/** A session manager over a chat interface, until the test is over. */
function managerOf(chat: ChatInterface) {
  const manager = createSessionManager({ store: createMemoryStore(), chat })
  onTestFinished(() => manager.close())
  /** Says something, and reads all that is answered. */
  async function say(message: string, sessionId?: string) {
    const turn = await manager.startTurn({ message, ...(sessionId === undefined ? {} : { sessionId }) })
    const events: TurnEvent[] = []
    for await (const event of turn.events()) events.push(event)
    return { sessionId: turn.sessionId, events, end: events.at(-1) }
  }
  return { manager, say }
}

describe('a service behind a session manager', () => {
  it('is given the state and the history of the turns before', async () => {
    const service = await startService((request) => {
      const { state } = JSON.parse(request.body) as { readonly state: number | null }
      streamOf(frame('text.delta', { text: 'Hi' }), frame('done', { state: (state ?? 0) + 1 }))(request)
    })
    const { say } = managerOf(fromHttp({ url: service.url }))
    const { sessionId } = await say('One')
    expect((await say('Two', sessionId)).end).toMatchObject({ type: 'turn.completed', content: 'Hi' })
    expect(JSON.parse(service.requests[1]?.body ?? '')).toMatchObject({
      session: { id: sessionId },
      message: 'Two',
      state: 1,
      history: [
        { role: 'user', content: 'One' },
        { role: 'assistant', content: 'Hi' },
      ],
    })
  })

  it.each([
    [503, 'overloaded'],
    [504, 'chat_timeout'],
    [404, 'upstream_failed'],
    [500, 'upstream_failed'],
  ])('that answers %i fails the turn with %s', async (status, code) => {
    const { url } = await startService(answerWith('text/plain', '', status))
    expect((await managerOf(fromHttp({ url })).say('Hello')).end).toMatchObject({ type: 'turn.failed', code })
  })

  it('sees its connection closed when the turn is cancelled, with the text so far kept', async () => {
    const service = await startService((request) => {
      beginStream(request)
      request.res.write(frame('text.delta', { text: 'So far' }))
    })
    const { manager } = managerOf(fromHttp({ url: service.url }))
    const turn = await manager.startTurn({ message: 'Hello' })
    const { req } = await service.next()
    const events: TurnEvent[] = []
    for await (const event of turn.events()) {
      events.push(event)
      if (event.type === 'text.delta') await manager.cancelTurn(turn)
    }
    expect(events).toMatchObject([
      { type: 'turn.started' },
      { type: 'text.delta' },
      { type: 'turn.cancelled', content: 'So far' },
    ])
    if (!req.socket.destroyed) await once(req.socket, 'close')
  })
})

describe('another Colloquy server behind a session manager', () => {
  it('keeps one session for each one here, and tells the health of both', async () => {
    const remote = await startRemote()
    const { manager, say } = managerOf(fromColloquy({ baseUrl: remote.url }))
    const { sessionId } = await say('One')
    await say('Two')
    expect((await say('history', sessionId)).end).toMatchObject({ content: 'One|One ' })
    const { data } = await remote.client.sessions.list()
    expect(data.map((session) => session.message_count)).toEqual([4, 2]) // the most recently active first
    expect(await manager.health()).toMatchObject({ components: { server: { status: 'healthy' } } })
  })
})
