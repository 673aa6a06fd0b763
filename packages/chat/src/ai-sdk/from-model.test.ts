import { createOpenAI } from '@ai-sdk/openai'
import type { ChatInterface } from '@colloquy/session'
import { jsonSchema, type ToolSet, tool } from 'ai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { chunksOf, contextOf, modelOf, secretKey, textOf } from './ask.fixture.js'
import { fromModel } from './index.js'
import { manage } from './run-turn.fixture.js'
import { modelServers } from './start-server.fixture.js'

const start = modelServers()

const add = tool({
  description: 'Adds two numbers.',
  inputSchema: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => ({ sum: a + b }),
})

function cycle(): object {
  const object: { self?: object } = {}
  object.self = object
  return object
}

function nested(levels: number): object {
  let object = {}
  for (let n = 0; n < levels; n += 1) object = { object }
  return object
}

describe('a chat interface of a model', () => {
  it('answers with the text of the model as it comes, its usage and why it ended', async () => {
    const server = await start({ text: ['Hel', 'lo ', '🙂'], usage: { inputTokens: 7, outputTokens: 3 } })
    expect(await chunksOf(fromModel(modelOf(server)))).toEqual([
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo ' },
      { type: 'text', text: '🙂' },
      { type: 'usage', inputTokens: 7, outputTokens: 3 },
      { type: 'finish', reason: 'stop' },
    ])
  })

  it('hands out each piece before the next one is sent', async () => {
    const server = await start({ text: ['one', 'two'], byHand: true })
    const reply = fromModel(modelOf(server)).reply('x', contextOf())[Symbol.asyncIterator]()
    const first = reply.next()
    const request = await server.request(0)
    request.letGo()
    expect((await first).value).toEqual({ type: 'text', text: 'one' })
    request.letGo(2)
    expect((await reply.next()).value).toEqual({ type: 'text', text: 'two' })
    await reply.return?.()
  })

  it('keeps characters whole whose bytes come apart', async () => {
    const server = await start({ text: 'naïve 日本 🙂', bytesAtOnce: 1 })
    expect(textOf(await chunksOf(fromModel(modelOf(server))))).toBe('naïve 日本 🙂')
  })

  it('answers with thousands of pieces in their order', async () => {
    const text = Array.from({ length: 5_000 }, (_, n) => `${n} `)
    expect(textOf(await chunksOf(fromModel(modelOf(await start({ text })))))).toBe(text.join(''))
  })

  it('says nothing of usage where the provider counts nothing', async () => {
    const server = await start({ text: 'x', usage: null })
    expect(await chunksOf(fromModel(modelOf(server)))).toEqual([
      { type: 'text', text: 'x' },
      { type: 'finish', reason: 'stop' },
    ])
  })

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['something_new', 'other'],
  ])('tells why the model ended: %s is %s', async (finishReason, reason) => {
    const chunks = await chunksOf(fromModel(modelOf(await start({ text: 'x', finishReason }))))
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason })
  })

  it('hands out reasoning in its pieces, as data', async () => {
    const server = await start({ reasoning: ['Let me ', 'think'], text: 'Done', usage: null })
    expect(await chunksOf(fromModel(modelOf(server)))).toEqual([
      { type: 'data', name: 'reasoning', data: { text: 'Let me ' } },
      { type: 'data', name: 'reasoning', data: { text: 'think' } },
      { type: 'text', text: 'Done' },
      { type: 'finish', reason: 'stop' },
    ])
  })

  it('works with the chat models of the OpenAI provider as well', async () => {
    const server = await start([
      { text: 'Adding. ', calls: [{ id: 'c1', name: 'add', arguments: ['{"a":1', ',"b":2}'] }] },
      { text: 'It is 3.' },
    ])
    const openai = createOpenAI({ apiKey: secretKey, baseURL: server.baseUrl })
    const chunks = await chunksOf(fromModel(openai.chat('gpt-test'), { tools: { add }, system: 'Be brief.' }))
    expect(textOf(chunks)).toBe('Adding. It is 3.')
    expect(chunks).toContainEqual({ type: 'functionResult', callId: 'c1', name: 'add', result: { sum: 3 } })
    expect(chunks.filter(({ type }) => type === 'usage')).toHaveLength(2)
  })
})

describe('what the model is sent', () => {
  it('is the system prompt, the message, and the settings', async () => {
    const server = await start({ text: 'x' })
    const chat = fromModel(modelOf(server), {
      system: 'Be brief.',
      temperature: 0.25,
      maxOutputTokens: 77,
      providerOptions: { test: { reasoningEffort: 'low' } },
    })
    await chunksOf(chat, 'How are you?')
    expect(server.requests[0]?.body).toMatchObject({
      model: 'test-model',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'How are you?' },
      ],
      temperature: 0.25,
      max_tokens: 77,
      reasoning_effort: 'low',
    })
  })

  it('has a system prompt that is made for the turn, or none', async () => {
    const server = await start({ text: 'x' })
    const chat = fromModel(modelOf(server), {
      system: async ({ session }) =>
        session.metadata['language'] === undefined ? '' : `Speak ${session.metadata['language']}.`,
    })
    await chunksOf(chat, 'a', { session: { id: 's', metadata: { language: 'Dutch' }, chat: null } })
    await chunksOf(chat, 'b')
    expect(server.requests.map(({ body }) => body.messages)).toEqual([
      [
        { role: 'system', content: 'Speak Dutch.' },
        { role: 'user', content: 'a' },
      ],
      [{ role: 'user', content: 'b' }],
    ])
  })

  it('goes on with the trace that the message is a part of', async () => {
    const server = await start({ text: 'x' })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await chunksOf(fromModel(modelOf(server)), 'x', { trace: { traceparent, tracestate: 'a=b' } })
    expect(server.requests[0]?.headers).toMatchObject({ traceparent, tracestate: 'a=b' })
  })
})

describe('functions of a model', () => {
  const chatResults = async (chat: ChatInterface) =>
    (await chunksOf(chat)).filter(({ type }) => type === 'functionResult')

  it('are called, and the model is told what came of it', async () => {
    const server = await start([
      {
        text: 'Adding. ',
        calls: [{ id: 'c1', name: 'add', arguments: { a: 1, b: 2 } }],
        usage: { inputTokens: 10, outputTokens: 1 },
      },
      { text: 'It is 3.', usage: { inputTokens: 20, outputTokens: 2 } },
    ])
    expect(await chunksOf(fromModel(modelOf(server), { tools: { add } }))).toEqual([
      { type: 'text', text: 'Adding. ' },
      { type: 'functionCall', callId: 'c1', name: 'add', arguments: { a: 1, b: 2 } },
      { type: 'functionResult', callId: 'c1', name: 'add', result: { sum: 3 } },
      { type: 'usage', inputTokens: 10, outputTokens: 1 },
      { type: 'text', text: 'It is 3.' },
      { type: 'usage', inputTokens: 20, outputTokens: 2 },
      { type: 'finish', reason: 'stop' },
    ])
    expect(server.requests[1]?.body.messages?.slice(1)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'c1', function: { name: 'add' } }] },
      { role: 'tool', tool_call_id: 'c1', content: '{"sum":3}' },
    ])
  })

  it('are shown with their descriptions and schemas once it has started', async () => {
    const plain = tool({
      inputSchema: jsonSchema<object>({ type: 'object', properties: {} }),
      execute: () => null,
    })
    const chat = fromModel(modelOf(await start()), { tools: { add, plain } })
    expect(chat.functions).toEqual([])
    await chat.start?.()
    expect(chat.functions).toEqual([
      {
        name: 'add',
        description: 'Adds two numbers.',
        parameters: expect.objectContaining({
          type: 'object',
          properties: { a: { type: 'number' }, b: { type: 'number' } },
          required: ['a', 'b'],
        }),
      },
      { name: 'plain', description: '', parameters: { type: 'object', properties: {} } },
    ])
  })

  it('are shown as they are given where they are made for each turn', async () => {
    const functions = [{ name: 'add', description: '', parameters: {} }]
    const chat = fromModel(modelOf(await start()), { tools: () => ({ add }), functions })
    await chat.start?.()
    expect(chat.functions).toBe(functions)
  })

  it('may be made for each turn, and know it', async () => {
    const server = await start([{ calls: [{ id: 'c', name: 'who' }] }, { text: 'ok' }])
    const who = (session: string) => tool({ inputSchema: z.object({}), execute: () => session })
    const chat = fromModel(modelOf(server), {
      tools: async ({ context }) => ({ who: who(context.session.id) }),
    })
    expect(await chatResults(chat)).toEqual([expect.objectContaining({ result: 'ses_1' })])
  })

  it('may return anything that JSON can carry; nothing is null, and what can not be carried is an error', async () => {
    const returns = (value: unknown) =>
      tool({
        inputSchema: z.object({}),
        execute: () => value,
        toModelOutput: () => ({ type: 'text', value: 'what the model sees' }),
      })
    const tools = { nothing: returns(undefined), text: returns('x'), big: returns(1n) }
    const server = await start([
      {
        calls: [
          { id: '1', name: 'nothing' },
          { id: '2', name: 'text' },
          { id: '3', name: 'big' },
        ],
        usage: null,
      },
      { text: 'Done', usage: null },
    ])
    const chunks = await chunksOf(fromModel(modelOf(server), { tools }))
    expect(chunks.filter(({ type }) => type === 'functionResult')).toEqual([
      { type: 'functionResult', callId: '1', name: 'nothing', result: null },
      { type: 'functionResult', callId: '2', name: 'text', result: 'x' },
      {
        type: 'functionResult',
        callId: '3',
        name: 'big',
        error: "The function big returned what JSON can't carry: a BigInt.",
      },
    ])
  })

  it.each([
    ['a BigInt', () => ({ n: 5n })],
    ['an object that holds itself', cycle],
    ['objects that are nested too deep', () => nested(100_000)],
    ['objects that are nested too deep', () => nested(129)],
    ['a function', () => () => 'x'],
    ['a symbol', () => Symbol('x')],
    ['an object whose toJSON fails', () => ({ toJSON: () => expect.fail(secretKey) })],
  ])(
    'that return %s have failed, for the model as for clients, and the model goes on',
    async (what, make) => {
      const server = await start([{ calls: [{ id: 'c1', name: 'odd' }], usage: null }, { text: 'I see.' }])
      const odd = tool({ inputSchema: z.object({}), execute: async (): Promise<unknown> => make() })
      const { manager, say } = manage(fromModel(modelOf(server), { tools: { odd } }))
      const error = `The function odd returned what JSON can't carry: ${what}.`
      const events = await say('x')
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'function.returned', callId: 'c1', name: 'odd', error }),
      )
      expect(events.at(-1)).toMatchObject({ type: 'turn.completed', content: 'I see.' })
      expect(server.requests[1]?.body.messages?.at(-1)).toMatchObject({
        role: 'tool',
        content: expect.stringContaining(error),
      })
      await manager.close()
    },
  )

  it('that hand out their result in steps have failed with one that JSON can not carry', async () => {
    const server = await start([{ calls: [{ id: 'c1', name: 'odd' }] }, { text: 'I see.' }])
    const odd = tool({
      inputSchema: z.object({}),
      async *execute() {
        yield { n: 1 }
        yield { n: 2n }
      },
    })
    expect(await chatResults(fromModel(modelOf(server), { tools: { odd } }))).toEqual([
      expect.objectContaining({ error: expect.stringContaining("what JSON can't carry: a BigInt.") }),
    ])
  })

  it('may return a date, which is its text', async () => {
    const server = await start([{ calls: [{ id: 'c1', name: 'now' }] }, { text: 'ok' }])
    const now = tool({ inputSchema: z.object({}), execute: () => ({ at: new Date(0) }) })
    const at = '1970-01-01T00:00:00.000Z'
    expect(await chatResults(fromModel(modelOf(server), { tools: { now } }))).toEqual([
      { type: 'functionResult', callId: 'c1', name: 'now', result: { at } },
    ])
    expect(server.requests[1]?.body.messages?.at(-1)).toMatchObject({ content: JSON.stringify({ at }) })
  })

  it('may return what is nested as deep as a chunk may be', async () => {
    const server = await start([{ calls: [{ id: 'c1', name: 'deep' }] }, { text: 'ok' }])
    const deep = tool({ inputSchema: z.object({}), execute: () => nested(127) })
    const { manager, say } = manage(fromModel(modelOf(server), { tools: { deep } }))
    expect((await say('x')).at(-1)).toMatchObject({ type: 'turn.completed', content: 'ok' })
    await manager.close()
  })

  it('may be of a class', async () => {
    class Counter {
      readonly #n = 3
      readonly inputSchema = z.object({})
      execute() {
        return { n: this.#n }
      }
    }
    const server = await start([{ calls: [{ id: 'c1', name: 'counter' }] }, { text: 'ok' }])
    const tools = { counter: new Counter() } as unknown as ToolSet
    expect(await chatResults(fromModel(modelOf(server), { tools }))).toEqual([
      expect.objectContaining({ result: { n: 3 } }),
    ])
  })

  it('stop being called after as many steps as are allowed', async () => {
    const calls = [{ name: 'add', arguments: { a: 1, b: 1 } }]
    const server = await start({ text: 'Again. ', calls })
    const chunks = await chunksOf(fromModel(modelOf(server), { tools: { add }, maxSteps: 3 }))
    expect(server.requests).toHaveLength(3)
    expect(textOf(chunks)).toBe('Again. Again. Again. ')
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'other' })
  })

  it('are called eight times in a turn by default', async () => {
    const server = await start({ calls: [{ name: 'add', arguments: { a: 1, b: 1 } }] })
    await chunksOf(fromModel(modelOf(server), { tools: { add } }))
    expect(server.requests).toHaveLength(8)
  })

  it('have calls with ids of their own, also from a provider that counts from nought in every step', async () => {
    const calls = [{ id: 'call_0', name: 'add', arguments: { a: 1, b: 1 } }]
    const server = await start([{ calls }, { calls }, { text: 'Done' }])
    const chunks = await chunksOf(fromModel(modelOf(server), { tools: { add } }))
    const ids = (type: string) =>
      chunks.flatMap((chunk) => (chunk.type === type && 'callId' in chunk ? [chunk.callId] : []))
    expect(ids('functionCall')).toEqual(['call_0', 'call_0-2'])
    expect(ids('functionResult')).toEqual(['call_0', 'call_0-2'])
  })

  it('tell with an error what they threw, and the model goes on', async () => {
    const fails = tool({
      inputSchema: z.object({}),
      execute: (): string => {
        throw new Error('There is no such order.')
      },
    })
    const server = await start([{ calls: [{ id: 'c1', name: 'fails' }] }, { text: 'Sorry.' }])
    const chunks = await chunksOf(fromModel(modelOf(server), { tools: { fails } }))
    expect(chunks).toContainEqual({
      type: 'functionResult',
      callId: 'c1',
      name: 'fails',
      error: 'There is no such order.',
    })
    expect(textOf(chunks)).toBe('Sorry.')
    expect(JSON.stringify(server.requests[1]?.body.messages)).toContain('There is no such order.')
  })

  it('that throw at length are cut', async () => {
    const fails = tool({
      inputSchema: z.object({}),
      execute: (): string => {
        throw new Error('x'.repeat(5_000))
      },
    })
    const server = await start([{ calls: [{ id: 'c1', name: 'fails' }] }, { text: 'Sorry.' }])
    const chunks = await chunksOf(fromModel(modelOf(server), { tools: { fails } }))
    expect(chunks).toContainEqual(
      expect.objectContaining({ type: 'functionResult', error: `${'x'.repeat(1_000)}…` }),
    )
  })

  it.each([
    [
      'that do not exist',
      { id: 'c1', name: 'subtract', arguments: { a: 1 } },
      'There is no function subtract.',
    ],
    [
      'with arguments that do not fit',
      { id: 'c1', name: 'add', arguments: { a: 'one' } },
      'The arguments of the function add do not fit: look at a.',
    ],
    [
      'with arguments that are no JSON',
      { id: 'c1', name: 'add', arguments: '{"a": 1,' },
      'The arguments of the function add are no JSON.',
    ],
  ])('%s come back to the model as errors', async (_, call, error) => {
    const server = await start([{ calls: [call] }, { text: 'I see.' }])
    const chunks = await chunksOf(fromModel(modelOf(server), { tools: { add } }))
    expect(chunks.filter(({ type }) => type === 'functionCall' || type === 'functionResult')).toEqual([
      expect.objectContaining({ type: 'functionCall', callId: 'c1', name: call.name }),
      { type: 'functionResult', callId: 'c1', name: call.name, error },
    ])
    expect(textOf(chunks)).toBe('I see.')
    expect(server.requests).toHaveLength(2)
  })

  it('that nobody here runs are called and never return', async () => {
    const elsewhere: ToolSet[string] = { inputSchema: z.object({}), outputSchema: z.string() }
    const server = await start([{ calls: [{ id: 'c1', name: 'elsewhere' }], usage: null }])
    expect(await chunksOf(fromModel(modelOf(server), { tools: { elsewhere } }))).toEqual([
      { type: 'functionCall', callId: 'c1', name: 'elsewhere', arguments: {} },
      { type: 'finish', reason: 'other' },
    ])
  })
})

describe('making one', () => {
  it('names it after its model, or as it is told to', async () => {
    const server = await start()
    expect(fromModel(modelOf(server, 'gpt-x')).name).toBe('gpt-x')
    expect(fromModel('openai/gpt-x').name).toBe('openai/gpt-x')
    expect(fromModel(modelOf(server), { name: 'Bot' }).name).toBe('Bot')
  })

  it.each([
    { maxSteps: 0 },
    { maxSteps: 1.5 },
    { historyMessages: -1 },
    { historyTokens: Number.NaN },
    { maxRetries: -1 },
    { maxOutputTokens: 0 },
  ])('refuses numbers that can not be meant: %o', async (options) => {
    const [name] = Object.keys(options)
    expect(() => fromModel('openai/gpt-x', options)).toThrow(RangeError)
    expect(() => fromModel('openai/gpt-x', options)).toThrow(`${name}`)
  })

  it('starts with the copy of the SDK that the caller has', async () => {
    const chat = fromModel(modelOf(await start({ text: 'hi' })), { cwd: process.cwd() })
    await chat.start?.()
    expect(textOf(await chunksOf(chat))).toBe('hi')
  })
})
