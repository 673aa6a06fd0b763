import {
  type ModelAnswer,
  type ModelRequestMessage,
  type ModelServer,
  startModelServer,
} from '@colloquy/model-server'
import type { HistoryMessage } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withFallback, withRetry, withTimeout } from '../composition/index.js'
import { chunksOf, contextOf, failureOf, modelOf } from './ask.fixture.js'
import { fromModel, type ModelOptions } from './index.js'

let server: ModelServer

beforeEach(async () => {
  server = await startModelServer({ text: 'ok', usage: null })
})

afterEach(() => server.stop())

const user = (content: string): HistoryMessage => ({ role: 'user', content })
const assistant = (content: string, functionsCalled?: HistoryMessage['functionsCalled']): HistoryMessage => ({
  role: 'assistant',
  content,
  ...(functionsCalled === undefined ? {} : { functionsCalled }),
})

/** What the model is sent for a message after this history, and what is said about the history. */
async function send(history: readonly HistoryMessage[], options: ModelOptions = {}) {
  const chunks = await chunksOf(fromModel(modelOf(server), options), 'Now', { history })
  const trimmed = chunks.flatMap((chunk) =>
    chunk.type === 'data' && chunk.name === 'history.trimmed' ? [chunk.data] : [],
  )
  return { messages: server.requests.at(-1)?.body.messages ?? [], trimmed, first: chunks[0] }
}

const contents = (messages: readonly ModelRequestMessage[]) => messages.map(({ content }) => content)

describe('the history that a model is given', () => {
  it('is the earlier messages, and then the message', async () => {
    const { messages, trimmed } = await send([
      user('Hi'),
      assistant('Hello!'),
      user('Yes?'),
      assistant('No.'),
    ])
    expect(messages).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello!' },
      { role: 'user', content: 'Yes?' },
      { role: 'assistant', content: 'No.' },
      { role: 'user', content: 'Now' },
    ])
    expect(trimmed).toEqual([])
  })

  it('has the calls of earlier turns with their results, before the text of their answer', async () => {
    const calls = [
      { callId: 'a', name: 'find', arguments: { what: 'lamp' }, result: { found: [1] } },
      { callId: 'b', name: 'say', arguments: {}, result: 'said' },
      { callId: 'c', name: 'order', arguments: {}, error: 'Sold out.' },
      { callId: 'd', name: 'wait', arguments: {} },
    ]
    const { messages } = await send([user('Order'), assistant('Sorry.', calls)])
    const call = (id: string, name: string, text: string) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    })
    const result = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content })
    expect(messages).toEqual([
      { role: 'user', content: 'Order' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          call('a', 'find', '{"what":"lamp"}'),
          call('b', 'say', '{}'),
          call('c', 'order', '{}'),
          call('d', 'wait', '{}'),
        ],
      },
      result('a', '{"found":[1]}'),
      result('b', 'said'),
      result('c', 'Sold out.'),
      result('d', 'The function never returned.'),
      { role: 'assistant', content: 'Sorry.' },
      { role: 'user', content: 'Now' },
    ])
  })

  it('has ids that are unique and short, names and arguments as providers take them', async () => {
    const call = (callId: string, name = 'f', given: string | readonly number[] = 'x') => ({
      callId,
      name,
      arguments: given,
      result: null,
    })
    const { messages } = await send([
      user('1'),
      assistant('', [call('same'), call('same')]),
      user('2'),
      assistant('', [call('same'), call('with space'), call('x'.repeat(80))]),
      user('3'),
      assistant('', [call('', 'Search “products” now'), call('call_1', '')]),
    ])
    const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls)
    const ids = calls.map(({ id }) => id)
    expect(new Set(ids).size).toBe(7)
    for (const id of ids) expect(id).toMatch(/^[\w-]{1,40}$/)
    expect(messages.flatMap(({ tool_call_id: id }) => id ?? [])).toEqual(ids)
    expect(calls.map(({ function: { name } }) => name)).toEqual([
      'f',
      'f',
      'f',
      'f',
      'f',
      'Search__products__now',
      'function',
    ])
    expect(calls[0]?.function.arguments).toBe('{"value":"x"}')
  })

  it('has no messages without text, and no two texts of one side after each other', async () => {
    const { messages } = await send([
      user('1'),
      assistant(''),
      user('2'),
      assistant(' \n'),
      user(''),
      user('3'),
      assistant('a'),
      assistant('b'),
      user('4'),
    ])
    expect(messages).toEqual([
      { role: 'user', content: '1\n\n2\n\n3' },
      { role: 'assistant', content: 'a\n\nb' },
      { role: 'user', content: '4\n\nNow' },
    ])
  })

  it('may hold frozen data, and any characters', async () => {
    const result = Object.freeze({ list: Object.freeze([Object.freeze({ a: 'é🙂\u0000' })]) })
    const { messages } = await send(
      Object.freeze([user('日本 🙂'), assistant('', [{ callId: 'a', name: 'f', arguments: {}, result }])]),
    )
    expect(contents(messages)).toEqual(['日本 🙂', null, JSON.stringify(result), 'Now'])
  })
})

describe('a history that is too long', () => {
  it('is cut to the newest messages, and that is told first', async () => {
    const history = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? user(`u${n}`) : assistant(`a${n}`)))
    const { messages, trimmed, first } = await send(history, { historyMessages: 4, system: 'System' })
    expect(contents(messages)).toEqual(['System', 'u6', 'a7', 'u8', 'a9', 'Now'])
    expect(trimmed).toEqual([{ dropped_messages: 6, kept_messages: 4, kept_tokens: 20 }])
    expect(first).toMatchObject({ type: 'data', name: 'history.trimmed' })
  })

  it('holds 100 messages by default', async () => {
    const history = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? user(`u${n}`) : assistant(`a${n}`)))
    const { messages, trimmed } = await send(history)
    expect(contents(messages).slice(0, 2)).toEqual(['u100', 'a101'])
    expect(trimmed).toMatchObject([{ dropped_messages: 100, kept_messages: 100 }])
  })

  it('holds some 32,000 tokens by default', async () => {
    const long = 'word '.repeat(8_000) // 10,000 tokens
    const { messages } = await send([
      user('1'),
      assistant(long),
      user('2'),
      assistant(long),
      user('3'),
      assistant(long),
      user('4'),
      assistant(long),
    ])
    expect(contents(messages).filter((content) => content === long)).toHaveLength(3)
    expect(messages[0]?.content).toBe('2')
  })

  it('begins with a message of the user', async () => {
    const history = [user('1'), assistant('2'), user('3'), assistant('4')]
    const { messages, trimmed } = await send(history, { historyMessages: 3 })
    expect(contents(messages)).toEqual(['3', '4', 'Now'])
    expect(trimmed).toMatchObject([{ dropped_messages: 2, kept_messages: 2 }])
    expect(contents((await send([assistant('Welcome!'), user('1'), assistant('2')])).messages)).toEqual([
      '1',
      '2',
      'Now',
    ])
  })

  it('is counted by the tokens that texts, calls and results take', async () => {
    const calls = [{ callId: 'a', name: 'f', arguments: {}, result: 'x'.repeat(4_000) }]
    const history = [user('1'), assistant('2', calls), user('3'), assistant('4')]
    const { messages, trimmed } = await send(history, { historyTokens: 1_000 })
    expect(contents(messages)).toEqual(['3', '4', 'Now'])
    expect(trimmed).toEqual([{ dropped_messages: 2, kept_messages: 2, kept_tokens: 10 }])
    const { messages: all } = await send(history, { historyTokens: 1_100 })
    expect(all).toHaveLength(7)
  })

  it('never comes with a call without its result, however short it is cut', async () => {
    const turn = (n: number): HistoryMessage[] => [
      user(`question ${n}`),
      assistant(`answer ${n}`, [
        { callId: `a${n}`, name: 'f', arguments: { n }, result: 'x'.repeat(n * 10) },
        { callId: `b${n}`, name: 'f', arguments: { n }, error: 'no' },
      ]),
    ]
    const history = [1, 2, 3, 4].flatMap(turn)
    for (let historyTokens = 0; historyTokens <= 200; historyTokens += 5) {
      const { messages } = await send(history, { historyTokens })
      const called = messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id))
      const returned = messages.flatMap(({ tool_call_id: id }) => id ?? [])
      expect(returned).toEqual(called)
      expect(messages[0]?.role).toBe('user')
      expect(messages.at(-1)?.content).toBe('Now')
    }
  })

  it('ends before a message that is too long alone, and never cuts the message to answer', async () => {
    const long = 'x'.repeat(100_000)
    const history = [user('1'), assistant(long), user('2'), assistant('3')]
    expect(contents((await send(history, { historyTokens: 100 })).messages)).toEqual(['2', '3', 'Now'])
    const { messages } = await send([user('1'), assistant(long)], { historyTokens: 0 })
    expect(contents(messages)).toEqual(['Now'])
    await chunksOf(fromModel(modelOf(server), { historyTokens: 1 }), long)
    expect(server.requests.at(-1)?.body.messages).toEqual([{ role: 'user', content: long }])
  })

  it('is counted in bytes, since other scripts take more tokens for a character', async () => {
    const history = (text: string) => [user('1'), assistant(text)]
    const latin = await send(history('a'.repeat(400)), { historyTokens: 150 })
    const japanese = await send(history('日'.repeat(400)), { historyTokens: 150 })
    expect([latin.trimmed.length, japanese.trimmed.length]).toEqual([0, 1])
  })

  it('is counted by a counter of the caller', async () => {
    const words = (text: string) => text.split(' ').length
    const history = [user('a b c d'), assistant('e f'), user('g'), assistant('h')]
    const { messages, trimmed } = await send(history, { countTokens: words, historyTokens: 16 })
    expect(contents(messages)).toEqual(['g', 'h', 'Now'])
    expect(trimmed).toEqual([{ dropped_messages: 2, kept_messages: 2, kept_tokens: 10 }])
  })

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
    'fails the answer where the counter of the caller counts %d, before anything is asked',
    async (count) => {
      const chat = fromModel(modelOf(server), { countTokens: () => count })
      const { chunks, error } = await failureOf(chat, 'Now', { history: [user('1')] })
      expect(error).toEqual(
        new RangeError(`The countTokens of fromModel() returned ${count}. Expected: a number, at least 0.`),
      )
      expect([chunks, server.requests]).toEqual([[], []])
    },
  )
})

describe('a history that is trimmed', () => {
  const history = [user('1'), assistant('2'), user('3'), assistant('4')]
  const trimmed = { type: 'data', name: 'history.trimmed', data: expect.anything() }
  const trimming = (server: ModelServer) => fromModel(modelOf(server), { historyMessages: 2 })
  let second: ModelServer

  beforeEach(async () => {
    second = await startModelServer({ text: 'from the second', usage: null })
  })

  afterEach(() => second.stop())

  it('is told of before the first piece, together with it', async () => {
    server.answer({ text: ['one', 'two'], usage: null, byHand: true })
    const reply = trimming(server).reply('Now', contextOf({ history }))[Symbol.asyncIterator]()
    const first = reply.next()
    let isFirst = false
    void first.then(() => {
      isFirst = true
    })
    const request = await server.request(0)
    await new Promise(setImmediate)
    expect(isFirst).toBe(false)
    request.letGo()
    expect((await first).value).toEqual(trimmed)
    expect((await reply.next()).value).toEqual({ type: 'text', text: 'one' })
    request.letGo(2)
    expect((await reply.next()).value).toEqual({ type: 'text', text: 'two' })
    await reply.return?.()
  })

  it.each<ModelAnswer>([{ failure: 'overloaded' }, { breaks: 'error' }, 'reset'])(
    'gives way to a second model where the first one fails: %j',
    async (answer) => {
      server.answer(answer)
      const chat = withFallback(trimming(server), trimming(second))
      await chat.start?.()
      const chunks = await chunksOf(chat, 'Now', { history })
      await chat.stop?.()
      expect(chunks).toEqual([
        trimmed,
        { type: 'text', text: 'from the second' },
        { type: 'finish', reason: 'stop' },
      ])
      expect([server.requests.length, second.requests.length]).toEqual([1, 1])
    },
  )

  it('is tried again where the first request fails', async () => {
    server.answer([{ failure: 'server_error' }, { text: 'fine', usage: null }])
    const chunks = await chunksOf(withRetry(trimming(server), { delayMs: 0 }), 'Now', { history })
    expect(chunks).toEqual([trimmed, { type: 'text', text: 'fine' }, { type: 'finish', reason: 'stop' }])
    expect(server.requests).toHaveLength(2)
  })

  it('takes too long to its first chunk where the provider says nothing', async () => {
    server.answer('silence')
    const clock = createManualClock()
    const chat = withTimeout(trimming(server), { firstChunkMs: 1_000, clock })
    const failing = failureOf(chat, 'Now', { history })
    const request = await server.request(0)
    await clock.advance(1_000)
    const { chunks, error } = await failing
    expect([chunks, error]).toMatchObject([
      [],
      { code: 'timeout', message: expect.stringContaining('no chunk within 1000 ms') },
    ])
    expect(await request.closed).toMatchObject({ isWhole: false })
  })
})
