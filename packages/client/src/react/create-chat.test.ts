import { createClient, TurnError } from '@colloquy/client'
import { createElement } from 'react'
import { expect, onTestFinished, test } from 'vitest'
import { sendJson, startServer, streamHeaders } from '../../test/start-server.js'
import { type CreateChatOptions, createChat, useChat } from './index.js'

const session = {
  session_id: 'sess_1',
  created_at: '2026-01-01T00:00:00.000Z',
  last_active_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2026-01-01T00:30:00.000Z',
  active_turn_id: null,
  ttl_seconds: 1_800,
  message_count: 0,
  metadata: {},
  chat: null,
}

type Event = readonly [type: string, data: object]

/** Events as a stream carries them. */
function framesOf(events: readonly Event[]): string {
  const frames = events.map(
    ([type, data], index) => `id: ${index + 1}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`,
  )
  return frames.join('')
}

/** A chat with a server that makes a session, and answers every message with these events. */
async function chatOf(events: readonly Event[], options?: CreateChatOptions) {
  const server = await startServer((response, { url }) => {
    if (url.endsWith('/chat')) response.writeHead(200, streamHeaders).end(framesOf(events))
    else sendJson(response, session, url.endsWith('/sessions') ? 201 : 200)
  })
  const client = createClient({ baseUrl: server.url })
  return { server, client, chat: createChat(client, options) }
}

const started = ['turn.started', { session_id: 'sess_1', turn_id: 'turn_1' }] as const
const cancelled = ['turn.cancelled', { reason: 'client_request', content: '' }] as const

test('the texts of an answer that come together are shown together', async () => {
  const texts = Array.from({ length: 2_000 }, (_, index) => ['text.delta', { text: `${index} ` }] as const)
  const content = texts.map(([, { text }]) => text).join('')
  const { chat } = await chatOf([started, ...texts, ['turn.interrupted', { reason: 'restart', content }]])
  let shown = 0
  onTestFinished(
    chat.subscribe(() => {
      shown += 1
    }),
  )
  await chat.send('Count')
  expect(chat.getState().messages[1]).toMatchObject({ content, status: 'partial' })
  expect(shown).toBeLessThan(100)
})

test('a turn that the server interrupted is an error of the class that the client has', async () => {
  const { chat } = await chatOf([started, ['turn.interrupted', { reason: 'restart', content: '' }]])
  await chat.send('Hello')
  const { error, status } = chat.getState()
  expect(error).toBeInstanceOf(TurnError)
  expect({ error, status }).toMatchObject({
    status: 'error',
    error: { code: 'turn_interrupted', detail: 'Interrupted: restart.' },
  })
})

test('a message is sent again with the key that it had', async () => {
  const keys: unknown[] = []
  const server = await startServer((response, { url, headers }) => {
    if (!url.endsWith('/chat')) sendJson(response, session, 201)
    else if (keys.push(headers['idempotency-key']) < 3) response.destroy()
    else
      response
        .writeHead(200, streamHeaders)
        .end(`id: 1\nevent: turn.cancelled\ndata: {"reason":"x","content":""}\n\n`)
  })
  const chat = createChat(createClient({ baseUrl: server.url, maxRetries: 0 }))
  await chat.send('Hello')
  await chat.retry()
  expect(chat.getState().messages).toMatchObject([{ status: 'failed', content: 'Hello' }])
  await chat.retry()
  expect(chat.getState()).toMatchObject({ messages: [{ status: 'complete' }], error: undefined })
  expect(keys).toHaveLength(3)
  expect(new Set(keys).size).toBe(1)
})

test('the first message makes the session as the options say', async () => {
  const options = { chat: 'shop', metadata: { page: 'home' }, ttl_seconds: 60, on_busy: 'queue' } as const
  const { chat, server } = await chatOf([cancelled], options)
  await chat.send({ message: 'Hello', metadata: { test: 'yes' } })
  expect(server.received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { chat: 'shop', metadata: { page: 'home' }, ttl_seconds: 60 },
    { on_busy: 'queue', message: 'Hello', metadata: { test: 'yes' }, session_id: 'sess_1', stream: true },
  ])
})

test('a storage that throws keeps nothing, and does no harm', async () => {
  const refuse = () => {
    throw new Error('The storage is full')
  }
  const storage = { getItem: refuse, setItem: refuse, removeItem: refuse }
  const { chat } = await chatOf([cancelled], { storage })
  await chat.send('Hello')
  chat.reset()
  expect(chat.getState()).toMatchObject({ status: 'idle', error: undefined })
})

test('a session is kept under the name that is given, or that of the chat', async () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  for (const options of [
    {},
    { chat: 'shop' },
    { chat: 'shop', storageKey: 'mine' },
    { sessionId: 'sess_1' },
  ]) {
    const { chat } = await chatOf([cancelled], { ...options, storage })
    await chat.send('Hello')
  }
  expect([...kept.keys()]).toEqual(['colloquy:', 'colloquy:shop', 'mine'])
})

test('initial messages come first, are never sent, and give way to those that the session has', async () => {
  const { chat, server } = await chatOf([cancelled], {
    initialMessages: [
      { role: 'assistant', content: 'Welcome!' },
      { id: 'msg_1', role: 'user', content: 'Said before' },
    ],
  })
  const { messages } = chat.getState()
  expect(messages).toMatchObject([
    { content: 'Welcome!', status: 'complete', functionsCalled: [] },
    { id: 'msg_1', content: 'Said before' },
  ])
  await chat.send('Hello')
  expect(chat.getState().messages).toHaveLength(3)
  expect(chat.getState().messages[0]).toBe(messages[0])
  expect(JSON.stringify(server.received)).not.toContain('Welcome')
})

test('a chat that nobody looks at and in which nothing is said asks the server nothing', async () => {
  const { chat, server } = await chatOf([], { sessionId: 'sess_1' })
  expect(chat.getState().status).toBe('loading')
  expect(server.received).toEqual([])
})

test('a server renders a chat with a relative address, without a window, and asks nothing', async () => {
  const { renderToString } = await import('react-dom/server')
  const Page = () => {
    const { status, messages } = useChat({
      baseUrl: '/',
      initialMessages: [{ role: 'assistant', content: 'Hi' }],
    })
    return createElement('p', null, `${status}: ${messages[0]?.content}`)
  }
  expect(renderToString(createElement(Page))).toBe('<p>idle: Hi</p>')
})

test('an answer that the server has forgotten stays as far as it came, and its message is said anew by retry', async () => {
  const asked: string[] = []
  let sessions = 0
  const server = await startServer((response, { method, url, body }) => {
    asked.push(`${method} ${url.replace('/api/v1/', '')}`)
    const { session_id: id } = (body ? JSON.parse(body) : {}) as { readonly session_id?: string }
    if (url.endsWith('/sessions'))
      sendJson(response, { ...session, session_id: `sess_${(sessions += 1)}` }, 201)
    else if (id === 'sess_2') response.writeHead(200, streamHeaders).end(framesOf([started, cancelled]))
    else if (url.endsWith('/chat') && asked.length === 2) {
      response
        .writeHead(200, streamHeaders)
        .write(framesOf([started, ['text.delta', { text: 'As far as ' }]]))
      setImmediate(() => response.destroy())
    } else sendJson(response, { code: 'session_not_found', detail: 'Gone.', request_id: 'req_1' }, 404)
  })
  const lost: string[] = []
  const client = createClient({ baseUrl: server.url, wait: async () => undefined })
  const chat = createChat(client, { onSessionLost: (id) => lost.push(id) })
  await chat.send('Hello')
  expect(chat.getState()).toMatchObject({
    messages: [{ status: 'complete' }, { content: 'As far as ', status: 'partial' }],
    status: 'error',
    error: { code: 'session_not_found', lastEventId: 2 },
  })
  await chat.retry()
  expect(chat.getState()).toMatchObject({ status: 'idle', error: undefined, sessionId: 'sess_2' })
  expect(chat.getState().messages.slice(2)).toMatchObject([{ content: 'Hello', status: 'complete' }])
  expect(lost).toEqual(['sess_1'])
  expect(asked).toEqual([
    'POST sessions',
    'POST chat',
    'GET sessions/sess_1/turns/turn_1/events',
    'POST chat',
    'POST sessions',
    'POST chat',
  ])
})
