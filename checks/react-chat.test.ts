import { createClient } from '@colloquy/client'
import { type Chat, type ChatEnd, type CreateChatOptions, createChat } from '@colloquy/client/react'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type SteeredServer, startSteeredServer } from './steered-server.ts'

let server: SteeredServer
beforeEach(async () => {
  server = await startSteeredServer()
  return () => server.close()
})

/** A chat with the server, by a client that does not wait long before it tries again. */
function chatOf(options: CreateChatOptions = {}): Chat {
  const wait = (_: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, 5)
      signal.addEventListener('abort', () => resolve())
    })
  return createChat(createClient({ baseUrl: server.url, maxReconnects: 400, wait }), options)
}

/** A storage as a page has one. */
function storageOf(entries: Readonly<Record<string, string>> = {}) {
  const kept = new Map(Object.entries(entries))
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
}

/** What is shown, one line a message. */
function shown(chat: Chat): string[] {
  return chat.getState().messages.map(({ role, content, status }) => `${role} ${status}: ${content}`)
}

/** Looks at a chat, as a component does, until the test ends. */
function watch(chat: Chat): void {
  onTestFinished(chat.subscribe(() => undefined))
}

const until = (read: () => unknown) => expect.poll(read, { interval: 5, timeout: 10_000 })

describe('a message', () => {
  it('is shown at once, and answered piece by piece', async () => {
    const chat = chatOf()
    expect(chat.getState()).toEqual({ messages: [], status: 'idle', error: undefined, sessionId: undefined })
    const sent = chat.send('steer me')
    expect(shown(chat)).toEqual(['user sending: steer me'])
    expect(chat.getState().status).toBe('submitted')
    server.steer('steer me', 'It ')
    await until(() => shown(chat)).toEqual(['user complete: steer me', 'assistant streaming: It '])
    expect(chat.getState().status).toBe('streaming')
    server.steer('steer me', 'comes.', 'end')
    await sent
    expect(shown(chat)).toEqual(['user complete: steer me', 'assistant complete: It comes.'])
    expect(chat.getState()).toMatchObject({ status: 'idle', sessionId: expect.stringMatching(/^sess_/) })
  })

  it('keeps its id, and is the same object while nothing changes in it', async () => {
    const chat = chatOf()
    const sent = chat.send('steer me')
    const [sending] = chat.getState().messages
    server.steer('steer me', 'One ')
    await until(() => chat.getState().messages.length).toBe(2)
    const [user, answer] = chat.getState().messages
    expect(user?.id).toBe(sending?.id)
    server.steer('steer me', 'two', 'end')
    await sent
    const [userAfter, answerAfter] = chat.getState().messages
    expect(userAfter).toBe(user)
    expect(answerAfter?.id).toBe(answer?.id)
    expect(answerAfter).not.toBe(answer)
    expect(new Set([user?.turnId, answer?.turnId, answerAfter?.turnId]).size).toBe(1)
  })

  it('goes on in the session that the first one made, also when both are sent at once', async () => {
    const chat = chatOf({ on_busy: 'queue', metadata: { page: 'shop' } })
    await Promise.all([chat.send('one'), chat.send('two')])
    expect(shown(chat)).toEqual([
      'user complete: one',
      'assistant complete: You said: one',
      'user complete: two',
      'assistant complete: You said: two',
    ])
    const { data } = await createClient({ baseUrl: server.url }).sessions.list()
    expect(data).toMatchObject([{ session_id: chat.getState().sessionId, metadata: { page: 'shop' } }])
  })

  it('shows the functions that are called, and what they return', async () => {
    const chat = chatOf()
    const sent = chat.send('steer calls')
    const calls = () => chat.getState().messages[1]?.functionsCalled
    const call = { callId: 'c1', name: 'look_up', arguments: { id: 7 } }
    server.steer('steer calls', { type: 'functionCall', ...call })
    await until(calls).toEqual([{ call_id: 'c1', name: 'look_up', arguments: { id: 7 } }])
    expect(chat.getState().status).toBe('streaming')
    server.steer('steer calls', { type: 'functionResult', callId: 'c1', name: 'look_up', result: 'chair' })
    const done = [{ call_id: 'c1', name: 'look_up', arguments: { id: 7 }, result: 'chair' }]
    await until(calls).toEqual(done)
    server.steer('steer calls', 'A chair.', 'end')
    await sent
    expect(chat.getState().messages[1]).toMatchObject({ content: 'A chair.', functionsCalled: done })
  })
})

describe('what happens while an answer comes', () => {
  it('is that a message waits, with on_busy queue, and is answered behind its own question', async () => {
    const chat = chatOf()
    const first = chat.send('steer one')
    server.steer('steer one', 'First ')
    await until(() => chat.getState().status).toBe('streaming')
    const second = chat.send({ message: 'two', on_busy: 'queue' })
    await until(() => shown(chat)).toEqual([
      'user complete: steer one',
      'assistant streaming: First ',
      'user queued: two',
    ])
    server.steer('steer one', 'answer.', 'end')
    await Promise.all([first, second])
    expect(shown(chat)).toEqual([
      'user complete: steer one',
      'assistant complete: First answer.',
      'user complete: two',
      'assistant complete: You said: two',
    ])
  })

  it('is that a message takes over, with on_busy interrupt', async () => {
    const chat = chatOf({ on_busy: 'interrupt' })
    const first = chat.send('steer one')
    server.steer('steer one', 'Too late')
    await until(() => chat.getState().status).toBe('streaming')
    await Promise.all([first, chat.send('two')])
    expect(shown(chat)).toEqual([
      'user complete: steer one',
      'assistant partial: Too late',
      'user complete: two',
      'assistant complete: You said: two',
    ])
    expect(chat.getState()).toMatchObject({ status: 'idle', error: undefined })
  })

  it('is that a message fails, where the server refuses it, and can be sent again afterwards', async () => {
    const chat = chatOf({ on_busy: 'reject' })
    const first = chat.send('steer one')
    server.steer('steer one', 'First')
    await until(() => chat.getState().status).toBe('streaming')
    await chat.send('two')
    expect(shown(chat).at(-1)).toBe('user failed: two')
    expect(chat.getState()).toMatchObject({ status: 'streaming', error: { code: 'turn_in_progress' } })
    server.steer('steer one', 'end')
    await first
    expect(chat.getState().status).toBe('error')
    await chat.retry()
    expect(shown(chat).slice(-2)).toEqual(['user complete: two', 'assistant complete: You said: two'])
    expect(chat.getState()).toMatchObject({ status: 'idle', error: undefined })
  })
})

describe('stopping', () => {
  it('keeps the text so far, and is no error', async () => {
    const ends: ChatEnd[] = []
    const chat = chatOf({ onFinish: (end) => ends.push(end) })
    const sent = chat.send('steer long')
    server.steer('steer long', 'As far as ')
    await until(() => chat.getState().status).toBe('streaming')
    await chat.stop()
    await sent
    expect(shown(chat)).toEqual(['user complete: steer long', 'assistant partial: As far as '])
    expect(chat.getState()).toMatchObject({ status: 'idle', error: undefined })
    expect(ends).toMatchObject([
      {
        message: { content: 'As far as ' },
        event: { type: 'turn.cancelled', data: { reason: 'client_request' } },
      },
    ])
  })

  it('before anything has come leaves no answer', async () => {
    const chat = chatOf()
    const sent = chat.send('steer long')
    await chat.stop()
    await sent
    expect(shown(chat)).toEqual(['user complete: steer long'])
  })

  it('stops what waits as well, and nothing of it is begun', async () => {
    const chat = chatOf({ on_busy: 'queue' })
    const sent = [chat.send('steer long')]
    server.steer('steer long', 'As far as ')
    await until(() => chat.getState().status).toBe('streaming')
    sent.push(chat.send('two'))
    await until(() => shown(chat).at(-1)).toBe('user queued: two')
    await chat.stop()
    await Promise.all(sent)
    expect(chat.getState().status).toBe('idle')
    expect(server.asked).toEqual(['steer long'])
  })

  it('does nothing when nothing runs', async () => {
    const chat = chatOf()
    await chat.stop()
    await chat.send('one')
    await chat.stop()
    expect(chat.getState()).toMatchObject({ status: 'idle', error: undefined })
  })
})

describe('a chat that is made anew, as after a reload', () => {
  it('reads the messages of the session that was kept', async () => {
    const storage = storageOf()
    await chatOf({ storage }).send('one')
    const chat = chatOf({ storage })
    expect(chat.getState()).toMatchObject({ messages: [], status: 'loading' })
    watch(chat)
    await until(() => chat.getState().status).toBe('idle')
    expect(shown(chat)).toEqual(['user complete: one', 'assistant complete: You said: one'])
    await chat.send('two')
    expect(shown(chat)).toHaveLength(4)
    expect([...storage.kept]).toEqual([['colloquy:', chat.getState().sessionId]])
  })

  it('reads a running turn on, from its first word to its last, each once', async () => {
    const storage = storageOf()
    const before = chatOf({ storage })
    const end = before.subscribe(() => undefined)
    void before.send('steer long')
    server.steer('steer long', 'One, ', { type: 'functionCall', callId: 'c1', name: 'count', arguments: {} })
    await until(() => before.getState().messages[1]?.functionsCalled.length).toBe(1)
    end()
    const chat = chatOf({ storage })
    watch(chat)
    await until(() => shown(chat)).toEqual(['user complete: steer long', 'assistant streaming: One, '])
    expect(chat.getState().status).toBe('streaming')
    server.steer(
      'steer long',
      { type: 'functionResult', callId: 'c1', name: 'count', result: 2 },
      'two.',
      'end',
    )
    await until(() => chat.getState().status).toBe('idle')
    expect(shown(chat)).toEqual(['user complete: steer long', 'assistant complete: One, two.'])
    expect(chat.getState().messages[1]?.functionsCalled).toMatchObject([{ call_id: 'c1', result: 2 }])
    expect(server.asked).toEqual(['steer long'])
  })

  it('reads on what waits behind the running turn, and stops all of it', async () => {
    const storage = storageOf()
    const before = chatOf({ storage, on_busy: 'queue' })
    const sent = [before.send('steer one'), before.send('steer two')]
    await until(() => shown(before).at(-1)).toBe('user queued: steer two')
    const chat = chatOf({ storage })
    watch(chat)
    await until(() => shown(chat).at(-1)).toBe('user queued: steer two')
    server.steer('steer one', 'First', 'end')
    server.steer('steer two', 'Second')
    await until(() => shown(chat)).toEqual([
      'user complete: steer one',
      'assistant complete: First',
      'user complete: steer two',
      'assistant streaming: Second',
    ])
    await chat.stop()
    await until(() => chat.getState().status).toBe('idle')
    await Promise.all(sent)
    expect(shown(chat).at(-1)).toBe('assistant partial: Second')
    expect(shown(before)).toEqual(shown(chat))
  })

  it('lets a message that is sent meanwhile wait for the messages before it', async () => {
    const storage = storageOf()
    await chatOf({ storage }).send('one')
    const chat = chatOf({ storage })
    await chat.send('two')
    expect(shown(chat)).toEqual([
      'user complete: one',
      'assistant complete: You said: one',
      'user complete: two',
      'assistant complete: You said: two',
    ])
  })

  it('reads no more messages than it is told to', async () => {
    const storage = storageOf()
    const before = chatOf({ storage })
    for (const message of ['one', 'two', 'three']) await before.send(message)
    const read = async (history: number) => {
      const chat = chatOf({ storage, history })
      watch(chat)
      await until(() => chat.getState().status).toBe('idle')
      return chat.getState().messages.map(({ content }) => content)
    }
    expect(await read(3)).toEqual(['You said: two', 'three', 'You said: three'])
  })
})

describe('a session that is gone', () => {
  it('gives way to a new one when the chat is made anew, and only onSessionLost tells', async () => {
    const storage = storageOf()
    const before = chatOf({ storage })
    await before.send('one')
    server.pass(3_600_000)
    const lost: string[] = []
    const chat = chatOf({ storage, onSessionLost: (id) => lost.push(id) })
    watch(chat)
    await until(() => chat.getState().status).toBe('idle')
    expect(lost).toEqual([before.getState().sessionId])
    expect(chat.getState()).toMatchObject({ messages: [], error: undefined, sessionId: undefined })
    expect(storage.kept.size).toBe(0)
    await chat.send('two')
    expect(storage.kept.get('colloquy:')).toBe(chat.getState().sessionId)
  })

  it('gives way to a new one when something is said in it, and what was said before stays', async () => {
    const lost: string[] = []
    const chat = chatOf({ onSessionLost: (id) => lost.push(id), on_busy: 'queue' })
    await chat.send('one')
    const { sessionId } = chat.getState()
    server.pass(3_600_000)
    await Promise.all([chat.send('two'), chat.send('three')])
    expect(lost).toEqual([sessionId])
    expect(shown(chat)).toEqual([
      'user complete: one',
      'assistant complete: You said: one',
      'user complete: two',
      'assistant complete: You said: two',
      'user complete: three',
      'assistant complete: You said: three',
    ])
    expect(chat.getState().error).toBeUndefined()
    expect(chat.getState().sessionId).not.toBe(sessionId)
  })

  it('is an error where the page has chosen it', async () => {
    const lost: string[] = []
    const storage = storageOf()
    const chat = chatOf({ sessionId: 'sess_gone', storage, onSessionLost: (id) => lost.push(id) })
    watch(chat)
    await until(() => chat.getState()).toMatchObject({
      status: 'error',
      error: { code: 'session_not_found' },
    })
    await chat.send('one')
    expect(shown(chat)).toEqual(['user failed: one'])
    expect(chat.getState()).toMatchObject({ sessionId: 'sess_gone', error: { code: 'session_not_found' } })
    chat.reset()
    expect(chat.getState()).toMatchObject({ messages: [], status: 'idle', error: undefined })
    await chat.send('one')
    expect(shown(chat)).toEqual(['user complete: one', 'assistant complete: You said: one'])
    expect([lost, [...storage.kept]]).toEqual([[], []])
  })
})

describe('a server that is gone and comes back', () => {
  it('loses nothing of an answer', async () => {
    const chat = chatOf()
    const sent = chat.send('steer long')
    server.steer('steer long', 'Before, ')
    await until(() => chat.getState().status).toBe('streaming')
    await server.hide()
    server.steer('steer long', 'meanwhile, ')
    await server.show()
    server.steer('steer long', 'after.', 'end')
    await sent
    expect(shown(chat)).toEqual([
      'user complete: steer long',
      'assistant complete: Before, meanwhile, after.',
    ])
  })

  it('gets a message that failed by retry, once', async () => {
    const chat = chatOf()
    await chat.send('one')
    await server.hide()
    await chat.send('two')
    await chat.send('three')
    expect(shown(chat).slice(-2)).toEqual(['user failed: two', 'user failed: three'])
    expect(chat.getState()).toMatchObject({ status: 'error', error: { code: 'network_error' } })
    await server.show()
    await chat.retry(chat.getState().messages.at(-2)?.id)
    expect(shown(chat).slice(-3)).toEqual([
      'user failed: three',
      'user complete: two',
      'assistant complete: You said: two',
    ])
    await chat.retry()
    expect(server.asked).toEqual(['one', 'two', 'three'])
    await chat.retry()
    expect(server.asked).toHaveLength(3)
    expect(chat.getState()).toMatchObject({ status: 'idle', error: undefined })
  })

  it('is asked for the messages again by retry, or by the next message', async () => {
    const storage = storageOf()
    await chatOf({ storage }).send('one')
    await server.hide()
    const errors: Error[] = []
    const [first, second] = [0, 1].map(() => chatOf({ storage, onError: (error) => errors.push(error) }))
    for (const chat of [first, second]) {
      if (!chat) throw new Error('no chat')
      watch(chat)
      await until(() => chat.getState().status).toBe('error')
    }
    expect(errors).toMatchObject([{ code: 'network_error' }, { code: 'network_error' }])
    await server.show()
    await first?.retry()
    expect(first?.getState()).toMatchObject({ messages: [{}, {}], status: 'idle', error: undefined })
    await second?.send('two')
    expect(second?.getState()).toMatchObject({ messages: [{}, {}, {}, {}], status: 'idle', error: undefined })
  })

  it('reads an answer on by retry, when it was given up', async () => {
    const client = createClient({ baseUrl: server.url, maxReconnects: 0 })
    const chat = createChat(client)
    const sent = chat.send('steer long')
    server.steer('steer long', 'Before, ')
    await until(() => chat.getState().status).toBe('streaming')
    await server.hide()
    await sent
    expect(shown(chat)).toEqual(['user complete: steer long', 'assistant partial: Before, '])
    expect(chat.getState()).toMatchObject({ status: 'error', error: { code: 'network_error' } })
    await server.show()
    server.steer('steer long', 'after.', 'end')
    await chat.retry()
    expect(shown(chat)).toEqual(['user complete: steer long', 'assistant complete: Before, after.'])
    expect(server.asked).toEqual(['steer long'])
  })
})

describe('a turn that fails', () => {
  it('is an error, keeps its text, and is said again by retry, as a new turn', async () => {
    const errors: Error[] = []
    const chat = chatOf({ onError: (error) => errors.push(error) })
    const sent = chat.send('steer wrong')
    server.steer('steer wrong', 'As far as ', new Error('secret'))
    await sent
    expect(shown(chat)).toEqual(['user complete: steer wrong', 'assistant partial: As far as '])
    expect(chat.getState()).toMatchObject({
      status: 'error',
      error: { name: 'TurnError', code: 'chat_failed' },
    })
    expect(errors).toEqual([chat.getState().error])
    server.steer('steer wrong', 'Better.', 'end')
    await chat.retry()
    expect(shown(chat).slice(2)).toEqual(['user complete: steer wrong', 'assistant complete: Better.'])
    expect(chat.getState()).toMatchObject({ status: 'idle', error: undefined })
  })
})

describe('nobody who looks', () => {
  it('leaves the stream, the turn goes on, and who looks again reads on', async () => {
    const chat = chatOf()
    const types: string[] = []
    const leave = chat.subscribe(() => undefined)
    const sent = chat.send('steer long')
    server.steer('steer long', 'Before, ')
    await until(() => chat.getState().status).toBe('streaming')
    leave()
    await sent
    expect(shown(chat)).toEqual(['user complete: steer long', 'assistant streaming: Before, '])
    server.steer('steer long', 'after.', 'end')
    const { sessionId = '' } = chat.getState()
    const session = createClient({ baseUrl: server.url }).session(sessionId)
    await until(async () => (await session.get()).active_turn_id).toBeNull()
    onTestFinished(chat.subscribe(() => types.push(chat.getState().status)))
    await until(() => shown(chat)).toEqual([
      'user complete: steer long',
      'assistant complete: Before, after.',
    ])
    expect(types.at(-1)).toBe('idle')
  })

  it('for no longer than a moment changes nothing', async () => {
    const chat = chatOf()
    const leave = chat.subscribe(() => undefined)
    const sent = chat.send('steer long')
    server.steer('steer long', 'Before, ')
    await until(() => chat.getState().status).toBe('streaming')
    leave()
    watch(chat)
    server.steer('steer long', 'after.', 'end')
    await sent
    expect(shown(chat).at(-1)).toBe('assistant complete: Before, after.')
  })
})

describe('a reset', () => {
  it('begins anew, and lets the turn go on at the server', async () => {
    const storage = storageOf()
    const chat = chatOf({ storage, initialMessages: [{ role: 'assistant', content: 'Welcome!' }] })
    const sent = chat.send('steer long')
    server.steer('steer long', 'Before, ')
    await until(() => chat.getState().status).toBe('streaming')
    const { sessionId = '' } = chat.getState()
    chat.reset()
    await sent
    expect(shown(chat)).toEqual(['assistant complete: Welcome!'])
    expect(chat.getState()).toMatchObject({ status: 'idle', sessionId: undefined })
    expect(storage.kept.size).toBe(0)
    const { active_turn_id } = await createClient({ baseUrl: server.url }).sessions.get(sessionId)
    expect(active_turn_id).not.toBeNull()
    await chat.send('two')
    expect(shown(chat)).toHaveLength(3)
    expect(chat.getState().sessionId).not.toBe(sessionId)
  })

  it('while the session is made keeps nothing of it', async () => {
    const storage = storageOf()
    const chat = chatOf({ storage })
    const sent = chat.send('one')
    chat.reset()
    await sent
    expect(chat.getState()).toMatchObject({ messages: [], status: 'idle', sessionId: undefined })
    expect(storage.kept.size).toBe(0)
  })
})

describe('the end of a turn', () => {
  it('is told with the answer and what it cost, and each event before it', async () => {
    const seen: string[] = []
    const chat = chatOf({
      onEvent: ({ type, data }) => seen.push('name' in data ? `${type} ${data.name}` : type),
      onFinish: ({ message, event }) => seen.push(`${message?.content} by ${event.type}`),
    })
    server.steer('steer data', { type: 'data', name: 'chart', data: [1] }, 'Look.', 'end')
    await chat.send('steer data')
    expect(seen).toEqual([
      'turn.started',
      'data chart',
      'text.delta',
      'turn.completed',
      'Look. by turn.completed',
    ])
  })
})
