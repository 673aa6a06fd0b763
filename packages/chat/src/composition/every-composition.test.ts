import type { ChatContext, ChatInterface, Chunk, FunctionDefinition } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import {
  ask,
  chatOf,
  collect,
  createTurn,
  deaf,
  failingWith,
  listenersOf,
  open,
  patient,
  saying,
  settle,
  settling,
} from './composition.fixture.js'
import { route, withConcurrency, withFallback, withRetry, withTimeout } from './index.js'

type Compose = (chat: ChatInterface) => ChatInterface

const compositions: Readonly<Record<string, Compose>> = {
  withTimeout: (chat) => withTimeout(chat, { firstChunkMs: 60_000, chunkMs: 60_000, totalMs: 60_000 }),
  withRetry: (chat) => withRetry(chat),
  withFallback: (chat) => withFallback(chat, saying('fallback')),
  withConcurrency: (chat) => withConcurrency(chat, { max: 1, queue: 100 }),
  route: (chat) => route({ bot: chat }, { name: 'bot' }),
}
const all: Compose = (chat) =>
  Object.values(compositions).reduce((composed, compose) => compose(composed), chat)

const search: FunctionDefinition = {
  name: 'search',
  description: 'Searches.',
  parameters: { type: 'object' },
}

const chunks: readonly (Chunk | string)[] = [
  'a',
  '',
  { type: 'text', text: 'b\ud83e' },
  '\ude91',
  { type: 'functionCall', callId: 'c', name: 'f', arguments: { a: [1] } },
  { type: 'functionResult', callId: 'c', name: 'f', result: null },
  { type: 'functionResult', callId: 'd', name: 'f', error: 'none' },
  { type: 'data', name: 'n', data: [] },
  { type: 'usage', inputTokens: 1, outputTokens: 2 },
  { type: 'finish', reason: 'length' },
]

describe.each([...Object.entries(compositions), ['all of them', all] as const])('%s', (_name, compose) => {
  it('keeps the name, and the functions as they are when they are asked for', () => {
    const functions: FunctionDefinition[] = []
    const chat = compose({ ...saying('a'), name: 'bot', functions })
    expect(chat.name).toBe('bot')
    expect(chat.functions).toEqual([])
    functions.push(search)
    expect(chat.functions).toEqual([search])
    expect(compose(saying('a')).functions).toEqual([])
  })

  it('starts, stops and asks for the health what it is made of, as a method of that', async () => {
    class Bot implements ChatInterface {
      readonly name = 'bot'
      readonly #calls: string[] = []
      start = undefined as never
      get calls() {
        return this.#calls.join()
      }
      stop() {
        this.#calls.push('stop')
      }
      health() {
        return { calls: { status: 'degraded' as const, detail: this.#calls.join() } }
      }
      async *reply() {
        yield this.#calls.join()
      }
    }
    const bot = new Bot()
    bot.start = (() => bot.stop()) as never // so it is seen that it was called
    const chat = compose(bot)
    await chat.start?.()
    expect(await ask(chat)).toEqual(['stop'])
    const report = Object.entries((await chat.health?.()) ?? {}).filter(([name]) => name.endsWith('calls'))
    expect(report.map(([, health]) => health)).toEqual([{ status: 'degraded', detail: 'stop' }])
    await chat.stop?.()
    expect(bot.calls).toBe('stop,stop')
  })

  it('passes every chunk on as it is', async () => {
    const given = await ask(compose(saying(...chunks)))
    expect(given).toHaveLength(chunks.length)
    for (const [i, chunk] of given.entries()) expect(chunk).toBe(chunks[i])
  })

  it('passes on what is no chunk, for the session manager to refuse', async () => {
    const wrong = [
      null,
      undefined,
      7,
      { type: 'state' },
      { type: 'state', state: () => 1 },
    ] as unknown as Chunk[]
    expect(await ask(compose(saying(...wrong)))).toEqual(wrong)
  })

  it('hands over the message, and the context but for its signal and its state', async () => {
    let given: readonly [string, ChatContext] | undefined
    const chat = compose(
      chatOf(async function* (...all) {
        given = all
      }),
    )
    const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }
    const { context } = createTurn({ trace, session: { id: 's', metadata: { a: 'b' }, chat: null } })
    await ask(chat, context, 'hello')
    expect(given?.[0]).toBe('hello')
    expect({ ...given?.[1], signal: null }).toEqual({ ...context, signal: null })
  })

  it('takes one chunk at a time, as its reader asks, also of very many', async () => {
    let made = 0
    const chat = compose(
      chatOf(async function* () {
        for (; made < 5_000; ) {
          made += 1
          yield String(made)
        }
      }),
    )
    const { context } = createTurn()
    const reader = open(chat, context)
    await settle()
    expect(made).toBe(0)
    await reader.next()
    await settle()
    expect(made).toBe(1)
    expect(await collect({ [Symbol.asyncIterator]: () => reader })).toHaveLength(4_999)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('asks only once, however often its reply is begun to be read', async () => {
    let asked = 0
    const chat = compose(
      chatOf(async function* () {
        asked += 1
        yield 'a'
      }),
    )
    const reply = chat.reply('hi', createTurn().context)
    expect([await collect(reply), await collect(reply), asked]).toEqual([['a'], [], 1])
  })

  it('throws what the reply throws, in the middle and after it', async () => {
    const error = new TypeError('no model')
    const chat = compose(
      chatOf(async function* () {
        yield 'a'
        throw error
      }),
    )
    const reader = open(chat, createTurn().context)
    expect(await reader.next()).toEqual({ done: false, value: 'a' })
    await expect(reader.next()).rejects.toBe(error)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  describe('leaves no listener on the signal of the turn', () => {
    const { signal } = createTurn().context
    it.each<[string, ChatInterface, (reader: AsyncIterator<unknown>) => Promise<unknown>]>([
      ['when the reply has ended', saying('a'), (reader) => reader.next().then(() => reader.next())],
      [
        'when it has failed',
        failingWith(new TypeError('x'), new TypeError('x')),
        async (reader) => {
          await reader.next().catch(() => {})
          await reader.return?.()
        },
      ],
      [
        'when its reader has left in the middle',
        patient(),
        async (reader) => {
          await reader.next()
          await reader.return?.()
        },
      ],
      ['when its reader has left before it began', patient(), async (reader) => reader.return?.()],
      ['when nobody reads it', patient(), async () => {}],
    ])('%s', async (_when, chat, read) => {
      await read(open(compose(chat), createTurn({ signal }).context))
      expect(listenersOf(signal)).toBe(0)
    })
  })

  it('ends soon when the turn is stopped while a chunk is waited for', async () => {
    const chat = patient()
    const { context, stop } = createTurn()
    const reader = open(compose(chat), context)
    await reader.next()
    const next = settling(reader.next())
    await settle()
    expect([next.outcome(), chat.running()]).toEqual(['pending', 1])
    stop()
    await reader.return?.()
    expect([next.outcome(), chat.running()]).toEqual([new Error('the turn was stopped'), 0])
    expect(listenersOf(context.signal)).toBe(0)
  })

  it('ends soon when the turn is stopped while nobody reads', async () => {
    const chat = patient()
    const { context, stop } = createTurn()
    const reader = open(compose(chat), context)
    await reader.next()
    stop()
    await settle()
    expect(chat.running()).toBe(0)
    await reader.return?.()
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('asks nobody when the turn was stopped before', async () => {
    const chat = failingWith()
    const { context, stop } = createTurn()
    stop()
    await expect(open(compose(chat), context).next()).rejects.toThrow('the turn was stopped')
    expect([chat.asked(), listenersOf(context.signal)]).toEqual([0, 0])
  })

  it('asks nobody when its reader leaves before it reads', async () => {
    const chat = failingWith()
    const reader = open(compose(chat), createTurn().context)
    await reader.return?.()
    expect(await reader.next()).toEqual({ done: true, value: undefined })
    expect(chat.asked()).toBe(0)
  })

  it('ends when its reader leaves while it waits for a chunk, without the turn being stopped', async () => {
    const chat = patient()
    const reader = open(compose(chat), createTurn().context)
    await reader.next()
    const next = settling(reader.next())
    await reader.return?.()
    expect(chat.running()).toBe(0)
    expect(next.outcome()).toMatchObject({ name: 'AbortError' })
  })

  it('lets go by return() of an iterator that listens to nothing else', async () => {
    const { promise, resolve } = Promise.withResolvers<IteratorResult<string>>()
    let returned = 0
    const chat = chatOf(() => ({
      [Symbol.asyncIterator]: () => ({
        next: () => promise,
        return: async () => {
          returned += 1
          resolve({ done: true, value: undefined })
          return { done: true, value: undefined }
        },
      }),
    }))
    const { context, stop } = createTurn()
    const reader = open(compose(chat), context)
    const next = reader.next()
    await settle()
    stop()
    expect(await next).toEqual({ done: true, value: undefined })
    await reader.return?.()
    expect(returned).toBe(1)
  })

  it('ends with an iterator whose return() answers while its next() never does', async () => {
    const chat = chatOf(() => ({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: async () => ({ done: true as const, value: undefined }),
      }),
    }))
    const { context, stop } = createTurn()
    const reader = open(compose(chat), context)
    const next = reader.next()
    await settle()
    stop()
    expect(await next).toEqual({ done: true, value: undefined })
  })

  it('asks an iterator for nothing more once it was told to end', async () => {
    const ended = Promise.withResolvers<IteratorResult<string>>()
    let asked = 0
    const chat = chatOf(() => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          asked += 1
          return { done: false as const, value: 'a' }
        },
        return: () => ended.promise,
      }),
    }))
    const { context, stop } = createTurn()
    const reader = open(compose(chat), context)
    await reader.next()
    stop()
    const next = settling(reader.next())
    await settle()
    expect([asked, next.outcome()]).toEqual([1, 'pending'])
    ended.resolve({ done: true, value: undefined })
    await settle()
    expect([asked, next.outcome()]).toEqual([1, { done: true, value: undefined }])
  })

  it('reads an iterator that has no return(), and lets it stand when its reader leaves', async () => {
    let count = 0
    const chat = chatOf(() => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          count += 1
          return { done: false as const, value: String(count) }
        },
      }),
    }))
    const composed = compose(chat)
    for await (const part of composed.reply('hi', createTurn().context)) if (part === '3') break
    await settle()
    expect(count).toBe(3)
    expect(await open(composed, createTurn().context).next()).toEqual({ done: false, value: '4' })
  })

  it('gives up a reply that yields on and on when it is to end', async () => {
    let made = 0
    const chat = chatOf(async function* () {
      for (;;) {
        try {
          yield 'a'
        } finally {
          made += 1
          // oxlint-disable-next-line no-unsafe-finally -- it is what is tried: it does not mean to end
          continue
        }
      }
    })
    const reader = open(compose(chat), createTurn().context)
    await reader.next()
    await reader.return?.()
    expect(made).toBe(100)
  })

  it('lets nothing go unhandled that the reply throws when its reader has left', async () => {
    const { chat, open: letGo } = deaf()
    const throwing = chatOf(async function* (...all) {
      yield* chat.reply(...all)
      throw new Error('too late')
    })
    const { context, stop } = createTurn()
    const reader = open(compose(throwing), context)
    const next = settling(reader.next())
    await settle()
    stop()
    const left = settling(reader.return?.())
    await settle()
    expect(left.outcome()).toBe('pending') // it has not ended: whether to wait for it is for its reader to say
    letGo()
    await settle() // an unhandled rejection would fail this run
    expect([left.outcome(), next.outcome()]).not.toContain('pending')
  })

  it('runs many replies at once, without mixing them', async () => {
    const composed = compose(
      chatOf(async function* (message) {
        for (const n of [1, 2, 3]) yield `${message} ${n}`
      }),
    )
    const messages = Array.from({ length: 20 }, (_, i) => `message ${i}`)
    const answers = await Promise.all(messages.map((message) => ask(composed, createTurn().context, message)))
    expect(answers).toEqual(messages.map((message) => [1, 2, 3].map((n) => `${message} ${n}`)))
  })
})

describe('a chat interface whose reply() returns no async iterable', () => {
  it.each(['withTimeout', 'withRetry', 'withConcurrency', 'route'])(
    'fails %s, by its name and its shape',
    async (caller) => {
      const composed = compositions[caller]?.(chatOf((() => ({ content: 'secret' })) as never)) ?? saying()
      await expect(ask(composed)).rejects.toThrow(
        new TypeError(
          'The chat "bot" returned object with keys content from reply(). Expected: an async iterable. ' +
            'defineChat() makes one of any answer.',
        ),
      )
    },
  )
})

describe('what is no chat interface', () => {
  const given: Readonly<Record<string, (chat: never) => ChatInterface>> = {
    withTimeout: (chat) => withTimeout(chat, { totalMs: 1 }),
    withRetry: (chat) => withRetry(chat),
    withFallback: (chat) => withFallback(chat),
    withConcurrency: (chat) => withConcurrency(chat, { max: 1 }),
    route: (chat) => route({ chat }),
  }
  class Bot {
    readonly name = 'bot'
  }

  it.each(Object.keys(given))('is refused by %s, with what to do', (caller) => {
    const give = (value: unknown) => () => given[caller]?.(value as never)
    const refusal = (message: string) => new TypeError(`${caller}() was given${message}`)
    expect(give(() => 'hi')).toThrow(refusal(' a function. Give it defineChat() of it.'))
    expect(give(Bot)).toThrow(refusal(' a class. Give it an instance of it: new Bot().'))
    const expected = '. Expected: a chat interface, with a name and a method reply, as defineChat() makes it.'
    expect(give('secret')).toThrow(refusal(`: string${expected}`))
    expect(give(null)).toThrow(refusal(`: null${expected}`))
    expect(give({ reply: () => '' })).toThrow(refusal(`: object with keys reply${expected}`))
  })
})

describe('the name', () => {
  it('may be another one', () => {
    const [chat, name] = [saying('a'), 'other']
    const composed = [
      withTimeout(chat, { totalMs: 1_000, name }),
      withRetry(chat, { name }),
      withFallback(chat, { name }),
      withConcurrency(chat, { max: 1, name }),
      route({ chat }, { name }),
    ]
    expect(composed.map((composition) => composition.name)).toEqual(Array(5).fill(name))
    expect(route({ chat }).name).toBe('route')
  })
})

describe('methods that a chat interface does not have', () => {
  it('are not made up by those that wrap one', () => {
    const [chat, clock] = [saying('a'), createManualClock()]
    for (const wrapped of [
      withTimeout(chat, { totalMs: 1_000, clock }),
      withRetry(chat),
      withConcurrency(chat, { max: 1 }),
    ])
      expect(Object.keys(wrapped)).toEqual(['name', 'functions', 'reply'])
  })
})

describe('a choice of chats', () => {
  it('is passed on by those that wrap it', () => {
    const chat = route({ shop: saying('a'), help: saying('b') })
    const wrapped = [
      withTimeout(chat, { totalMs: 1_000 }),
      withRetry(chat),
      withConcurrency(chat, { max: 1 }),
    ]
    for (const { chats } of [...wrapped, withFallback(chat, saying('c'))]) expect(chats).toEqual(chat.chats)
  })
})

describe('options that are none', () => {
  const chat = saying('a')
  const compositions: Readonly<Record<string, (options: never) => unknown>> = {
    withTimeout: (options) => withTimeout(chat, options),
    withRetry: (options) => withRetry(chat, options),
    withConcurrency: (options) => withConcurrency(chat, options),
    route: (options) => route({ chat }, options),
  }
  const thrownBy = (make: () => unknown): unknown => {
    try {
      make()
    } catch (error) {
      return error
    }
    return undefined
  }

  describe.each(Object.entries(compositions))('of %s', (name, make) => {
    it.each([5, true, 'fast', null, [], () => {}])('are refused: %j', (options) => {
      const error = thrownBy(() => make(options as never))
      expect(error).toBeInstanceOf(TypeError)
      expect((error as Error).message).toMatch(
        new RegExp(
          `^${name}\\(\\) was given as its options: .+\\. Expected: an object with options out of .+name.+\\.$`,
        ),
      )
    })

    it('are refused where there is no such option, without what may be said in it', () => {
      const unknown = `${name}(): there is no option`
      for (const [options, told] of [
        [{ timeoutMs: 5 }, `${unknown} timeoutMs. There are: `],
        [{ toString: 5 }, `${unknown} toString. There are: `],
        [{ 'my diary': 5 }, `${unknown} of such a name. There are: `],
      ] as const)
        expect(thrownBy(() => make(options as never))).toMatchObject({
          name: 'TypeError',
          message: expect.stringContaining(told),
        })
    })

    it.each([
      ['name', 5, 'number', 'a text'],
      ['clock', Date, 'function', 'a clock'],
      ['clock', { now: Date.now }, 'object with keys now', 'a clock'],
    ])('are refused where one is something else: %s', (option, value, shape, wanted) => {
      expect(thrownBy(() => make({ [option]: value } as never))).toEqual(
        new TypeError(`${name}(): ${option} is ${shape}. Expected: ${wanted}.`),
      )
    })
  })

  it.each<[string, () => unknown, string]>([
    [
      'no time',
      () => withTimeout(chat, {}),
      'withTimeout() was given no time. Expected: one or more of firstChunkMs, chunkMs, totalMs, in milliseconds.',
    ],
    [
      'no options, where there has to be a time',
      () => withTimeout(chat, undefined as never),
      'withTimeout() was given no time. Expected: one or more of firstChunkMs, chunkMs, totalMs, in milliseconds.',
    ],
    [
      'times that are left out',
      () => withTimeout(chat, { totalMs: undefined } as never),
      'withTimeout() was given no time. Expected: one or more of firstChunkMs, chunkMs, totalMs, in milliseconds.',
    ],
    [
      'a time that is a text',
      () => withTimeout(chat, { totalMs: '5' as never }),
      'withTimeout(): totalMs is string. Expected: a number.',
    ],
    [
      'no options, where there has to be a bound',
      () => withConcurrency(chat, undefined as never),
      'withConcurrency() was given no max. Expected: a whole number of at least 1.',
    ],
    [
      'no bound',
      () => withConcurrency(chat, { queue: 1 } as never),
      'withConcurrency() was given no max. Expected: a whole number of at least 1.',
    ],
    [
      'what decides nothing',
      () => withRetry(chat, { isRetryable: true as never }),
      'withRetry(): isRetryable is boolean. Expected: a function.',
    ],
    [
      'no number by chance',
      () => withRetry(chat, { random: 0.5 as never }),
      'withRetry(): random is number. Expected: a function.',
    ],
    [
      'what decides nothing about the next one',
      () => withFallback(chat, { isFallback: true as never }),
      'withFallback(): isFallback is boolean. Expected: a function.',
    ],
    [
      'what writes no lines',
      () => withFallback(chat, { logger: Boolean as never }),
      'withFallback(): logger is function. Expected: a logger.',
    ],
    [
      'a default that is no name',
      () => route({ chat }, { default: 5 as never }),
      'route(): default is number. Expected: a text.',
    ],
  ])('are refused: %s', (_what, make, message) => {
    expect(thrownBy(make)).toEqual(new TypeError(message))
  })

  it('may be left out as undefined', () => {
    const nothing = { name: undefined, clock: undefined } as never
    expect(withRetry(chat, nothing).name).toBe('bot')
    expect(withFallback(chat, nothing).name).toBe('bot')
    expect(route({ chat }, nothing).name).toBe('route')
  })
})
