import type { ChatContext, ChatInterface, Chunk } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { defineChat } from './index.js'

const context: ChatContext = {
  history: [{ role: 'user', content: 'before' }],
  session: { id: 'sess_1', metadata: {}, chat: null },
  turnId: 'turn_1',
  signal: new AbortController().signal,
  logger: { debug() {}, info() {}, warn() {}, error() {}, child: () => context.logger },
  state: null,
}

/** What a chat answers, chunk by chunk. */
function ask(chat: ChatInterface, message = 'hi'): Promise<(Chunk | string)[]> {
  return collect(chat.reply(message, context))
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** A function as plain JavaScript has it, whose answers no type checks. */
function untyped(answer: unknown): () => string {
  return () => answer as string
}

const text = (text: string): Chunk => ({ type: 'text', text })

describe('the forms of a function', () => {
  it.each<[string, ChatInterface, (Chunk | string)[]]>([
    ['a string', defineChat((message) => `You said: ${message}`), ['You said: hi']],
    ['an empty string', defineChat(() => ''), ['']],
    ['a promise of a string', defineChat(async (message) => message), ['hi']],
    ['a chunk', defineChat(text), [text('hi')]],
    ['a promise of a chunk', defineChat(async (message) => text(message)), [text('hi')]],
    ['an array', defineChat((message) => ['a', text(message)]), ['a', text('hi')]],
    ['an empty array', defineChat(() => []), []],
    ['a promise of an array', defineChat(async (message) => ['a', text(message)]), ['a', text('hi')]],
    [
      'a generator',
      defineChat(function* (message) {
        yield 'a'
        yield text(message)
      }),
      ['a', text('hi')],
    ],
    [
      'an async generator',
      defineChat(async function* (message) {
        yield 'a'
        yield text(message)
      }),
      ['a', text('hi')],
    ],
    ['a stream', defineChat(() => ReadableStream.from(['a', 'b'])), ['a', 'b']],
    ['a promise of a stream', defineChat(async () => ReadableStream.from(['a', 'b'])), ['a', 'b']],
  ])('takes %s as the answer', async (_form, chat, answer) => {
    expect(await ask(chat)).toEqual(answer)
  })

  it('hands over the message and the context as they are', async () => {
    const given: unknown[] = []
    const chat = defineChat((...all) => {
      given.push(...all)
      return ''
    })
    await ask(chat, 'hello')
    expect(given).toEqual(['hello', context])
    expect(given[1]).toBe(context)
  })
})

describe('what is no answer', () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['number', 42],
    ['boolean', true],
    ['function', async function* secret() {}],
    [
      'class Bot',
      class Bot {
        readonly key = 'secret'
      },
    ],
    ['object with keys content, role', { content: 'secret', role: 'assistant' }],
    ['object without keys', {}],
    ['object without keys', Object.create(null)],
    ['Uint8Array', new TextEncoder().encode('secret')],
    ['Buffer', Buffer.from('secret')],
    ['Response', new Response('secret')],
    ['object with keys a, b, c, d, e, f, g, h, …', { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1 }],
  ])('fails the reply, naming the shape and never the content: %s', async (shape, answer) => {
    const expected = expect.objectContaining({
      name: 'TypeError',
      message: expect.stringMatching(/^(?!.*secret).* Expected: a string, a chunk like .*$/),
    })
    const now = ask(defineChat(untyped(answer), { name: 'bot' }))
    await expect(now).rejects.toEqual(expected)
    await expect(now).rejects.toThrow(`The chat "bot" returned ${shape}. `)

    const later = ask(defineChat(untyped(Promise.resolve(answer)), { name: 'bot' }))
    await expect(later).rejects.toEqual(expected)
    await expect(later).rejects.toThrow(`The chat "bot" returned a promise of ${shape}. `)
  })

  it('passes on what the function throws, now or later, as it is', async () => {
    const error = new Error('no model')
    const now = defineChat(() => {
      throw error
    })
    await expect(ask(now)).rejects.toBe(error)
    await expect(ask(defineChat(() => Promise.reject(error)))).rejects.toBe(error)
  })
})

describe('the life of a reply', () => {
  it('asks nothing before somebody reads, and only once', async () => {
    let asked = 0
    const chat = defineChat(async (message) => {
      asked += 1
      return message
    })
    const reply = chat.reply('hi', context)
    await Promise.resolve()
    expect(asked).toBe(0)
    expect(await collect(reply)).toEqual(['hi'])
    expect(await collect(reply)).toEqual([])
    expect(asked).toBe(1)
  })

  it('hands out the iterator of an async iterable itself', () => {
    const generator = (async function* () {
      yield 'a'
    })()
    const chat = defineChat(() => generator)
    expect(chat.reply('hi', context)[Symbol.asyncIterator]()).toBe(generator)
  })

  it('takes one piece at a time, as its reader asks', async () => {
    const made: number[] = []
    function* count() {
      for (const number of [1, 2, 3]) {
        made.push(number)
        yield String(number)
      }
    }
    for (const chat of [defineChat(count), defineChat(async () => count())]) {
      made.length = 0
      const reader = chat.reply('hi', context)[Symbol.asyncIterator]()
      await reader.next()
      await reader.next()
      expect(made).toEqual([1, 2])
      await reader.return?.()
    }
  })

  it('runs the finally of every kind of generator when its reader leaves early', async () => {
    const ended: string[] = []
    function* sync(name: string) {
      try {
        yield 'a'
        yield 'b'
      } finally {
        ended.push(name)
      }
    }
    async function* async(name: string) {
      yield* sync(name)
    }
    const chats = [
      defineChat(() => sync('sync')),
      defineChat(() => async('async')),
      defineChat(async () => sync('later sync')),
      defineChat(async () => async('later async')),
    ]
    for (const chat of chats) {
      for await (const chunk of chat.reply('hi', context)) {
        expect(chunk).toBe('a')
        break
      }
    }
    expect(ended).toEqual(['sync', 'async', 'later sync', 'later async'])
  })

  it('lets nothing go unhandled when its reader leaves before the first chunk', async () => {
    const chat = defineChat(() => Promise.reject(new Error('too late')))
    const reader = chat.reply('hi', context)[Symbol.asyncIterator]()
    await reader.return?.()
    // An unhandled rejection would fail this run in the next task.
    await new Promise((resolve) => setImmediate(resolve))
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })
})

describe('an object with reply', () => {
  class Shop {
    readonly #open: string[] = []
    readonly functions = [{ name: 'buy', description: 'Buys.', parameters: { type: 'object' } }]
    async start() {
      this.#open.push('started')
    }
    stop() {
      this.#open.push('stopped')
    }
    health() {
      return { shop: { status: 'healthy' as const, detail: this.#open.join() } }
    }
    async reply(message: string) {
      return `${message}: ${this.#open.join()}`
    }
  }

  it('keeps its methods on the object, with what is private to it', async () => {
    const { name, functions, start, stop, health, reply } = defineChat(new Shop())
    expect(name).toBe('Shop')
    expect(functions?.map((definition) => definition.name)).toEqual(['buy'])
    await start?.()
    await stop?.()
    expect(await health?.()).toEqual({ shop: { status: 'healthy', detail: 'started,stopped' } })
    expect(await collect(reply('hi', context))).toEqual(['hi: started,stopped'])
  })

  it('leaves out the methods that the object does not have', () => {
    expect(defineChat({ reply: () => '' })).not.toHaveProperty('start')
    expect(defineChat({ reply: () => '' })).not.toHaveProperty('stop')
    expect(defineChat({ reply: () => '' })).not.toHaveProperty('health')
    expect(defineChat({ reply: () => '' }).functions).toEqual([])
  })

  it('tells the functions that the object has now, also when it learns them at start', async () => {
    const bot = {
      functions: [] as { name: string; description: string; parameters: object & {} }[],
      start() {
        this.functions.push({ name: 'search', description: 'Searches.', parameters: {} })
      },
      reply: () => '',
    }
    const chat = defineChat(bot as Parameters<typeof defineChat>[0])
    await chat.start?.()
    expect(chat.functions?.map(({ name }) => name)).toEqual(['search'])
  })

  it('may be what defineChat made', async () => {
    const chat = defineChat(defineChat((message) => message, { name: 'twice' }))
    expect(chat.name).toBe('twice')
    expect(await ask(chat)).toEqual(['hi'])
  })
})

describe('the name', () => {
  const anonymous = (
    () => (message: string) =>
      message
  )()
  const Anonymous = (() =>
    class {
      reply = () => ''
    })()

  it.each<[string, ChatInterface, string]>([
    [
      'is the one in the options',
      defineChat(
        function echo() {
          return ''
        },
        { name: 'parrot' },
      ),
      'parrot',
    ],
    [
      'is the function’s',
      defineChat(function echo() {
        return ''
      }),
      'echo',
    ],
    ['is chat for a function without one', defineChat(anonymous), 'chat'],
    [
      'is chat for an anonymous default export',
      defineChat(Object.defineProperty(() => '', 'name', { value: 'default' })),
      'chat',
    ],
    ['is the one of the object', defineChat({ name: 'parrot', reply: () => '' }), 'parrot'],
    [
      'is the class’s',
      defineChat(
        new (class Parrot {
          reply = () => ''
        })(),
      ),
      'Parrot',
    ],
    ['is chat for a plain object', defineChat({ reply: () => '' }), 'chat'],
    [
      'is chat for an object without a prototype',
      defineChat(Object.assign(Object.create(null), { reply: () => '' })),
      'chat',
    ],
    ['is chat for an instance of a class without one', defineChat(new Anonymous()), 'chat'],
  ])('%s', (_rule, chat, name) => {
    expect(chat.name).toBe(name)
  })
})

describe('what is no chat', () => {
  it.each([
    ['undefined', undefined],
    ['string', 'hello'],
    ['object with keys name', { name: 'silent' }],
    ['object with keys reply', { reply: 'hello' }],
  ])('is refused when it is defined: %s', (shape, value) => {
    expect(() => defineChat(value as unknown as () => string)).toThrow(
      new TypeError(
        `defineChat() was given: ${shape}. Expected: a function (message, context) that answers, or an object ` +
          'with such a function as its method reply.',
      ),
    )
  })

  it('is a class, since only an instance of it can answer', () => {
    class Bot {
      reply = () => ''
    }
    expect(() => defineChat(Bot as unknown as () => string)).toThrow(
      new TypeError('defineChat() was given the class Bot. Give it an instance: defineChat(new Bot())'),
    )
  })
})
