import { type ChatContext, ChatError, type ChatInterface } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { ask, chatOf, createTurn, patient, saying, settle, settling } from './composition.fixture.js'
import { type RouteOptions, route, withFallback } from './index.js'

/** A turn of a session that chose this, and has these metadata. */
const turnOf = (chat: string | null, metadata: Record<string, string> = {}) =>
  createTurn({ session: { id: 's', metadata, chat } })

const three = { shop: saying('shop'), help: saying('help'), fun: saying('fun') }

describe('who answers', () => {
  it.each<[string, RouteOptions<keyof typeof three>, string | null, Record<string, string>, string]>([
    ['whom the session chose', {}, 'help', {}, 'help'],
    ['the first, where it chose none', {}, null, {}, 'shop'],
    ['the default, where it chose none', { default: 'fun' }, null, {}, 'fun'],
    ['whom the session chose, whatever the default', { default: 'fun' }, 'shop', {}, 'shop'],
    ['whom the metadata name', { by: { metadata: 'kind' } }, 'shop', { kind: 'fun' }, 'fun'],
    [
      'the default, where the metadata name none',
      { by: { metadata: 'kind' }, default: 'help' },
      'shop',
      {},
      'help',
    ],
    [
      'the default, where the metadata name nothing',
      { by: { metadata: 'kind' } },
      'fun',
      { kind: '' },
      'shop',
    ],
    ['the default, where the key is that of any object', { by: { metadata: 'toString' } }, 'fun', {}, 'shop'],
    ['whom a function names', { by: ({ session }) => session.metadata['a'] }, 'shop', { a: 'fun' }, 'fun'],
    ['the default, where a function names none', { by: () => undefined }, 'fun', {}, 'shop'],
    ['the default, where a function says null', { by: () => null, default: 'fun' }, 'help', {}, 'fun'],
  ])('is %s', async (_rule, options, chat, metadata, answer) => {
    expect(await ask(route(three, options), turnOf(chat, metadata).context)).toEqual([answer])
  })

  it('is the default in a context that does not know of any choice', async () => {
    const { context } = createTurn({ session: { id: 's', metadata: {} } as ChatContext['session'] })
    expect(await ask(route(three), context)).toEqual(['shop'])
  })

  it('is decided anew for each turn', async () => {
    let name = 'help'
    const chat = route(three, { by: () => name })
    expect(await ask(chat)).toEqual(['help'])
    name = 'fun'
    expect(await ask(chat)).toEqual(['fun'])
  })

  it('is nobody else when the one fails', async () => {
    const error = new Error('no model')
    const broken = chatOf(() => {
      throw error
    })
    await expect(ask(route({ broken, ...three }))).rejects.toBe(error)
  })

  it.each(['sales', 'toString', '__proto__', 'Shop', ' shop'])(
    'is nobody where there is no such name: %j',
    async (name) => {
      await expect(ask(route(three), turnOf(name).context)).rejects.toEqual(
        new ChatError('not_ready', `There is no chat "${name}". There are: shop, help, fun.`),
      )
      await expect(ask(route(three, { by: () => name }))).rejects.toMatchObject({ code: 'not_ready' })
    },
  )

  it('is nobody where the name is none, which neither fills the log nor breaks its line', async () => {
    const name = `a\nb"${'🪑'.repeat(1_000)}`
    const error = await ask(route(three, { by: () => name })).catch((error: unknown) => error)
    const [, shown = ''] =
      /^There is no chat (.*)\. There are: shop, help, fun\.$/.exec((error as Error).message) ?? []
    expect(shown).toMatch(/^"a\\nb\\"🪑+.…"$/u)
    expect(shown.length).toBeLessThan(80)
  })

  it('is nobody where a function says what is no name, or throws', async () => {
    await expect(ask(route(three, { by: (async () => 'shop') as never }))).rejects.toEqual(
      new TypeError('The function by of route() returned: Promise. Expected: the name of a chat.'),
    )
    const error = new Error('no customer')
    const by = () => {
      throw error
    }
    await expect(ask(route(three, { by }))).rejects.toBe(error)
  })
})

describe('what it says of itself', () => {
  const functions = (...names: string[]) => names.map((name) => ({ name, description: '', parameters: {} }))

  it('is the choice that sessions have, the default first, and all functions, as they are now', () => {
    const [mine, yours] = [functions('buy', 'find'), functions('find', 'ask')]
    const shop = { ...saying('shop'), functions: mine }
    const help = { ...saying('help'), functions: yours }
    const chat = route({ shop, help, fun: saying('fun') }, { default: 'help' })
    expect(chat.chats).toEqual([
      { name: 'help', functions: yours },
      { name: 'shop', functions: mine },
      { name: 'fun', functions: [] },
    ])
    expect(chat.functions?.map(({ name }) => name)).toEqual(['find', 'ask', 'buy'])
    mine.push(...functions('pay'))
    expect(chat.functions?.map(({ name }) => name)).toEqual(['find', 'ask', 'buy', 'pay'])
  })
})

describe('the names', () => {
  const pairs = [
    ['shop', saying('shop')],
    ['10', saying('ten')],
    ['__proto__', saying('proto')],
    ['2', saying('two')],
  ] as const

  it.each([
    ['pairs', pairs],
    ['a Map', new Map<string, ChatInterface>(pairs)],
    ['whatever yields pairs', new Map<string, ChatInterface>(pairs).entries()],
  ])('of %s keep their order, also those that are numbers, and may be any', async (_what, chats) => {
    const chat = route(chats)
    expect(chat.chats.map(({ name }) => name)).toEqual(['shop', '10', '__proto__', '2'])
    expect(await ask(chat)).toEqual(['shop'])
    expect(await ask(chat, turnOf('__proto__').context)).toEqual(['proto'])
    expect(await ask(chat, turnOf('2').context)).toEqual(['two'])
    expect(Object.keys((await chat.health?.()) ?? {}).toSorted()).toEqual(['10', '2', '__proto__', 'shop'])
  })

  it('of pairs have a default, too, which is checked by the compiler', async () => {
    const chats = [
      ['a', saying('a')],
      ['b', saying('b')],
    ] as const
    expect(await ask(route(chats, { default: 'b' }))).toEqual(['b'])
    // @ts-expect-error there is no such chat
    expect(() => route(chats, { default: 'c' })).toThrow(TypeError)
    // @ts-expect-error there is no such chat
    expect(() => route({ a: saying('a') }, { default: 'c' })).toThrow(TypeError)
  })

  it('of an object that are numbers come first: so the default is said', async () => {
    const chats = { shop: saying('shop'), 10: saying('ten') }
    expect(await ask(route(chats))).toEqual(['ten'])
    expect(await ask(route(chats, { default: 'shop' }))).toEqual(['shop'])
  })

  it('keep the states of each apart, whatever they are', async () => {
    const counting = chatOf(async function* (_message, { state }) {
      yield { type: 'state', state: ((state as number | null) ?? 0) + 1 }
    })
    const chat = route([['__proto__', counting]])
    const [first] = await ask(chat)
    if (typeof first !== 'object' || first.type !== 'state') throw new Error('There is no state')
    const state = JSON.parse(JSON.stringify(first.state)) as typeof first.state
    const [second] = await ask(chat, createTurn({ state }).context)
    expect(JSON.stringify(second)).toContain('{"__proto__":2}')
  })
})

describe('a route within another one', () => {
  it('has names of its own: what the session chose is one of the outer one', async () => {
    const inner = route({ fast: saying('fast'), good: saying('good') })
    const chat = route({ shop: inner, help: saying('help') })
    expect(chat.chats.map(({ name }) => name)).toEqual(['shop', 'help'])
    expect(await ask(chat, turnOf('shop').context)).toEqual(['fast'])
    const byMetadata = route({ fast: saying('fast'), good: saying('good') }, { by: { metadata: 'quality' } })
    const turn = turnOf('shop', { quality: 'good' })
    expect(await ask(route({ shop: byMetadata }), turn.context)).toEqual(['good'])
  })
})

/** Chats that note what is done with them. */
function noting() {
  const notes: string[] = []
  const chat = (name: string, rest: Partial<ChatInterface> = {}): ChatInterface => ({
    ...saying(name),
    start: () => void notes.push(`start ${name}`),
    stop: () => void notes.push(`stop ${name}`),
    ...rest,
  })
  return { notes, chat }
}

describe('the start', () => {
  it('starts all, and what has several names once', async () => {
    const { notes, chat } = noting()
    const a = chat('a')
    const all = route({ a, again: a, b: chat('b'), c: saying('c') })
    await all.start?.()
    expect(notes).toEqual(['start a', 'start b'])
    await all.stop?.()
    expect(notes).toEqual(['start a', 'start b', 'stop a', 'stop b'])
  })

  it('fails when one fails, says which, and stops those that have started, also later', async () => {
    const { notes, chat } = noting()
    const late = Promise.withResolvers<void>()
    const cause = new Error('no key')
    const fail = () => Promise.reject(cause)
    const all = route({
      a: chat('a'),
      b: chat('b', { start: fail }),
      c: chat('c', { start: () => late.promise }),
      d: chat('d', { start: () => fail() }),
    })
    const started = settling(Promise.resolve(all.start?.()))
    await settle()
    expect([started.outcome(), notes]).toEqual(['pending', ['start a']])
    late.resolve()
    await settle()
    expect(started.outcome()).toEqual(
      new ChatError('not_ready', 'These chats could not be started: b, d.', {
        cause: new AggregateError(
          ['b', 'd'].map((name) => new Error(`The chat "${name}" could not be started.`, { cause })),
          'Several chats could not be started.',
        ),
      }),
    )
    expect(notes).toEqual(['start a', 'stop a', 'stop c'])
  })

  it('may be called again after that', async () => {
    const { notes, chat } = noting()
    let isBroken = true
    const start = () => {
      if (isBroken) throw new Error('no key')
      notes.push('start b')
    }
    const stop = () => {
      throw new Error('stuck')
    }
    const all = route({ a: chat('a', { stop }), b: chat('b', { start }) })
    await expect(Promise.resolve(all.start?.())).rejects.toEqual(
      new ChatError('not_ready', 'These chats could not be started: b.', { cause: new Error('no key') }),
    )
    isBroken = false
    await all.start?.()
    expect(notes).toEqual(['start a', 'start a', 'start b'])
  })
})

describe('the stop', () => {
  it('stops all, also when one throws, and says which', async () => {
    const { notes, chat } = noting()
    const cause = new Error('stuck')
    const all = route({
      a: chat('a', { stop: () => Promise.reject(cause) }),
      b: chat('b', {
        stop: () => {
          throw new Error('stuck too')
        },
      }),
      c: chat('c'),
    })
    await all.start?.()
    await expect(Promise.resolve(all.stop?.())).rejects.toEqual(
      new Error('These chats could not be stopped: a, b.', { cause }),
    )
    expect(notes.at(-1)).toBe('stop c')
  })
})

describe('the health', () => {
  it('tells the components of all, with their names in front', async () => {
    const clock = createManualClock()
    const hung = { ...saying('hung'), health: () => new Promise<never>(() => {}) }
    const shop: ChatInterface = {
      ...saying('shop'),
      health: () => ({ model: { status: 'unhealthy', detail: 'gone' }, __proto: { status: 'healthy' } }),
    }
    const health = settling(Promise.resolve(route({ shop, hung, fun: saying('fun') }, { clock }).health?.()))
    await clock.advance(1_000)
    expect(health.outcome()).toEqual({
      'shop.model': { status: 'unhealthy', detail: 'gone' },
      'shop.__proto': { status: 'healthy' },
      hung: { status: 'unhealthy', detail: 'no answer within 1000 ms' },
      fun: { status: 'healthy' },
    })
    expect(clock.timers).toBe(0)
  })

  it('is prefixed again by what is around it', async () => {
    const chat = route({ all: withFallback(saying('a'), { name: 'pair' }) })
    expect(await chat.health?.()).toEqual({ 'all.bot': { status: 'healthy' } })
  })
})

describe('a turn', () => {
  it('that is stopped ends the one that answers it, and no other', async () => {
    const [a, b] = [patient('a'), patient('b')]
    const chat = route({ a, b })
    const [first, second] = [turnOf('a'), turnOf('b')]
    const answers = [first, second].map(({ context }) => settling(ask(chat, context)))
    await settle()
    first.stop()
    await settle()
    expect([a.running(), b.running()]).toEqual([0, 1])
    expect(answers.map(({ outcome }) => outcome())).toEqual([new Error('the turn was stopped'), 'pending'])
    second.stop()
    await settle()
  })
})

describe('arguments that are none', () => {
  it.each<[string, () => unknown, string]>([
    ['no chats', () => route({}), 'route() was given no chats. Give it one by its name: { shop: chat }.'],
    [
      'a chat that has no name here',
      () => route(saying('a') as never),
      'route() was given: object with keys name, reply. Expected: chat interfaces by their names, such as { shop: chat }.',
    ],
    [
      'a list without names',
      () => route([saying('a')] as never),
      'route() was given in its list: object with keys name, reply. Expected: pairs of a name and a chat interface, ' +
        "such as ['shop', chat].",
    ],
    [
      'a name that is none',
      () => route([[7, saying('a')]] as never),
      "route() was given in its list: array. Expected: pairs of a name and a chat interface, such as ['shop', chat].",
    ],
    [
      'a pair of half',
      () => route([['shop']] as never),
      'route() was given: undefined. Expected: a chat interface, with a name and a method reply, as defineChat() makes it.',
    ],
    [
      'a name that is there twice',
      () =>
        route([
          ['shop', saying('a')],
          ['shop', saying('b')],
        ]),
      'route() was given two chats named "shop". Give each a name of its own.',
    ],
    [
      'an empty list',
      () => route([]),
      'route() was given no chats. Give it one by its name: { shop: chat }.',
    ],
    [
      'a text',
      () => route('shop' as never),
      'route() was given: string. Expected: chat interfaces by their names, such as { shop: chat }.',
    ],
    [
      'a default that is none of them',
      () => route(three, { default: 'sales' as never }),
      'route(): the default is none of the chats, which are: shop, help, fun.',
    ],
    [
      'what decides nothing',
      () => route(three, { by: 'metadata' as never }),
      "route(): by is string. Expected: a function of the context, or { metadata: 'key' }.",
    ],
  ])('are refused: %s', (_what, make, message) => {
    expect(make).toThrow(new TypeError(message))
  })

  it('do not include a chat whose name here is reply', async () => {
    expect(await ask(route({ reply: saying('a') }))).toEqual(['a'])
  })
})
