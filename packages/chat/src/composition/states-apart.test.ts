import { type ChatContext, ChatError, type ChatInterface, type JsonValue } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { ask, chatOf, createTurn } from './composition.fixture.js'
import { route, withFallback } from './index.js'

/** One that counts in its state how often it was asked, and says it; or is broken. */
function counting(name: string): ChatInterface & { isBroken: boolean } {
  const chat = {
    ...chatOf(async function* (_message, { state }: ChatContext) {
      if (chat.isBroken) throw new ChatError('upstream_failed', name)
      const { by, count } = (state ?? { by: name, count: 0 }) as { by: string; count: number }
      yield `${name} sees ${state === null ? 'nothing' : `${by} ${count}`}`
      yield { type: 'state', state: { by: name, count: count + 1 } }
    }),
    name,
    isBroken: false,
  }
  return chat
}

/** A session that keeps its state, as the session manager does. */
function sessionOf(state: JsonValue = null) {
  const session = {
    state,
    async say(chat: ChatInterface, choice: string | null = null): Promise<unknown> {
      const told = { state: session.state, session: { id: 's', metadata: {}, chat: choice } }
      const [text, chunk] = await ask(chat, createTurn(told).context)
      if (typeof chunk === 'object' && chunk.type === 'state')
        session.state = JSON.parse(JSON.stringify(chunk.state)) as JsonValue
      return text
    },
  }
  return session
}

describe('the states of a fallback', () => {
  it('are kept apart: none sees what another one made', async () => {
    const [a, b] = [counting('a'), counting('b')]
    const chat = withFallback(a, b)
    const session = sessionOf()
    expect(await session.say(chat)).toBe('a sees nothing')
    a.isBroken = true
    expect(await session.say(chat)).toBe('b sees nothing')
    expect(await session.say(chat)).toBe('b sees b 1')
    a.isBroken = false
    expect(await session.say(chat)).toBe('a sees a 1')
    expect(session.state).toEqual({
      'colloquy.fallback': { a: { by: 'a', count: 2 }, b: { by: 'b', count: 2 } },
    })
  })

  it('stay with their names when the order changes', async () => {
    const [a, b] = [counting('a'), counting('b')]
    const session = sessionOf()
    await session.say(withFallback(a, b))
    expect(await session.say(withFallback(b, a))).toBe('b sees nothing')
    expect(await session.say(withFallback(a, b))).toBe('a sees a 1')
  })

  it('are kept apart also of those that have the same name', async () => {
    const [one, two] = [counting('a'), counting('a')]
    const chat = withFallback(one, two)
    const session = sessionOf()
    await session.say(chat)
    one.isBroken = true
    expect(await session.say(chat)).toBe('a sees nothing')
  })
})

describe('the states of a route', () => {
  it('are kept apart, also under names that every object has', async () => {
    const chats = Object.fromEntries(
      ['shop', 'toString', '__proto__', 'constructor'].map((name) => [name, counting(name)]),
    )
    const chat = route(chats)
    const session = sessionOf()
    for (const name of Object.keys(chats)) expect(await session.say(chat, name)).toBe(`${name} sees nothing`)
    for (const name of Object.keys(chats))
      expect(await session.say(chat, name)).toBe(`${name} sees ${name} 1`)
  })

  it('are kept when their name is there no more, and found when it is back', async () => {
    const [shop, help] = [counting('shop'), counting('help')]
    const session = sessionOf()
    await session.say(route({ shop, help }), 'help')
    expect(await session.say(route({ shop }))).toBe('shop sees nothing')
    expect(await session.say(route({ shop, help }), 'help')).toBe('help sees help 1')
  })
})

describe('a state that was made before it was composed', () => {
  const old = { by: 'old', count: 7 }

  it('belongs to the first of a fallback, and is kept when another one answers', async () => {
    const [a, b] = [counting('a'), counting('b')]
    const chat = withFallback(a, b)
    const session = sessionOf(old)
    a.isBroken = true
    expect(await session.say(chat)).toBe('b sees nothing')
    a.isBroken = false
    expect(await session.say(chat)).toBe('a sees old 7')
  })

  it('belongs to the default of a route', async () => {
    const chats = { shop: counting('shop'), help: counting('help') }
    const session = sessionOf(old)
    expect(await session.say(route(chats, { default: 'help' }), 'shop')).toBe('shop sees nothing')
    expect(await session.say(route(chats, { default: 'help' }))).toBe('help sees old 7')
  })

  it.each<[string, JsonValue]>([
    ['text', 'old'],
    ['a number', 0],
    ['false', false],
    ['a list', [1]],
    ['an empty object', {}],
    ['an object with such a field and others', { 'colloquy.fallback': {}, more: 1 }],
    ['an object with such a field that holds none', { 'colloquy.fallback': 'a' }],
    ['an object with such a field that holds a list', { 'colloquy.fallback': [] }],
  ])('may be %s', async (_what, state) => {
    const given: JsonValue[] = []
    const chat = chatOf(async function* (_message, context) {
      given.push(context.state)
    })
    await ask(withFallback(chat), createTurn({ state }).context)
    expect(given).toEqual([state])
  })
})

describe('compositions around others', () => {
  it('keep the states of each apart', async () => {
    const [a, b, c] = [counting('a'), counting('b'), counting('c')]
    const chat = route({ pair: withFallback(a, b), single: c })
    const session = sessionOf()
    await session.say(chat)
    await session.say(chat, 'single')
    a.isBroken = true
    expect(await session.say(chat)).toBe('b sees nothing')
    a.isBroken = false
    expect(await session.say(chat)).toBe('a sees a 1')
    expect(await session.say(chat, 'single')).toBe('c sees c 1')
    expect(session.state).toEqual({
      'colloquy.route': {
        pair: { 'colloquy.fallback': { a: { by: 'a', count: 2 }, b: { by: 'b', count: 1 } } },
        single: { by: 'c', count: 2 },
      },
    })
  })

  it('may be added to those that are there: no state is lost', async () => {
    const [a, b] = [counting('a'), counting('b')]
    const pair = withFallback(a, b)
    const session = sessionOf()
    a.isBroken = true
    await session.say(pair)
    a.isBroken = false
    await session.say(pair)
    const chat = route({ pair, other: counting('other') })
    expect(await session.say(chat)).toBe('a sees a 1')
    a.isBroken = true
    expect(await session.say(chat)).toBe('b sees b 1')
  })
})

describe('a state chunk', () => {
  it('changes nothing of what the turn was given', async () => {
    const state = Object.freeze({ 'colloquy.route': Object.freeze({ a: 1 }) })
    const chat = route({
      a: chatOf(async function* () {
        yield { type: 'state', state: 2 }
        yield { type: 'state', state: null }
      }),
      b: counting('b'),
    })
    expect(await ask(chat, createTurn({ state }).context)).toEqual([
      { type: 'state', state: { 'colloquy.route': { a: 2 } } },
      { type: 'state', state: { 'colloquy.route': { a: null } } },
    ])
  })
})
