import {
  ChatError,
  type ChatInterface,
  createSessionManager,
  type SessionManagerOptions,
  type SessionStore,
  type Turn,
} from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { createManualClock, type ManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  chatOf,
  collect,
  deaf,
  failingWith,
  patient,
  recordLog,
  saying,
  settle,
} from './composition.fixture.js'
import { route, withConcurrency, withFallback, withRetry, withTimeout } from './index.js'

/** A manager over the memory store, with the clock that the chat has too. */
function managerOf(
  makeChat: (clock: ManualClock) => ChatInterface,
  { store = createMemoryStore(), ...options }: Partial<SessionManagerOptions> & { store?: SessionStore } = {},
) {
  const clock = createManualClock()
  const { logger, lines } = recordLog()
  const manager = createSessionManager({ store, clock, logger, chat: makeChat(clock), ...options })
  const close = async () => {
    const closed = manager.close()
    await clock.advance(0) // the grace
    await closed
  }
  onTestFinished(close)
  return { manager, clock, lines, close }
}

/** A chat within all compositions, the innermost first. */
const nest =
  (chat: ChatInterface) =>
  (clock: ManualClock): ChatInterface => {
    const limited = withConcurrency(chat, { max: 1, queue: 1, clock })
    const timed = withTimeout(limited, { firstChunkMs: 1_000, chunkMs: 2_000, totalMs: 10_000, clock })
    const retried = withRetry(timed, { clock, random: () => 1 })
    const fallback = withFallback(retried, { ...saying('the fallback'), name: 'fallback' }, { clock })
    return route({ main: fallback, other: saying('the other') }, { clock })
  }

/** Waits until a turn has said this much. */
async function untilSaid(turn: Turn, text: string): Promise<void> {
  let said = ''
  for await (const event of turn.events()) {
    if (event.type === 'text.delta') said += event.text
    if (said === text) return
  }
  throw new Error(`The turn ended without saying ${text}, but ${said}`)
}

describe('a turn of a chat within all compositions', () => {
  it('is answered', async () => {
    const { manager } = managerOf(nest(saying('a', 'b')))
    const turn = await manager.startTurn({ message: 'hi' })
    expect(await turn.ended).toMatchObject({ type: 'turn.completed', content: 'ab' })
  })

  it('that is cancelled ends the chat, keeps what was said, and leaves room for the next one', async () => {
    const chat = patient()
    const { manager } = managerOf(nest(chat))
    for (let n = 0; n < 3; n += 1) {
      const turn = await manager.startTurn({ message: 'hi' })
      await untilSaid(turn, 'well')
      await manager.cancelTurn({ sessionId: turn.sessionId, turnId: turn.turnId })
      expect(await turn.ended).toMatchObject({ type: 'turn.cancelled', content: 'well' })
      expect(chat.running()).toBe(0)
    }
  })

  it('that takes too long to begin is answered by the fallback', async () => {
    const { chat, open } = deaf()
    const { manager, clock, lines } = managerOf(nest(chat))
    const turn = await manager.startTurn({ message: 'hi' })
    await clock.advance(1_000)
    expect(await turn.ended).toMatchObject({ type: 'turn.completed', content: 'the fallback' })
    expect(lines).toContainEqual(expect.objectContaining({ chat: 'bot', code: 'timeout' }))
    expect(lines).toContainEqual(expect.objectContaining({ chat: 'fallback', level: 'info' }))
    open()
  })

  it('that takes too long to go on fails, and the session goes on', async () => {
    const chat = patient()
    const { manager, clock } = managerOf(nest(chat))
    const turn = await manager.startTurn({ message: 'hi' })
    await untilSaid(turn, 'well')
    await clock.advance(2_000)
    expect(await turn.ended).toMatchObject({ type: 'turn.failed', code: 'chat_timeout', content: 'well' })
    expect(chat.running()).toBe(0)
    const next = await manager.startTurn({ message: 'hi', sessionId: turn.sessionId })
    await untilSaid(next, 'well')
  })

  it('is tried again while it is overloaded behind', async () => {
    const busy = new ChatError('rate_limited', 'x', { retryAfterSeconds: 2 })
    const { manager, clock } = managerOf(nest(failingWith(busy)))
    const turn = await manager.startTurn({ message: 'hi' })
    await clock.advance(2_000)
    expect(await turn.ended).toMatchObject({ type: 'turn.completed', content: 'fine' })
  })

  it('is interrupted when the manager is closed, and nothing goes on', async () => {
    const chat = patient()
    const { manager, close } = managerOf(nest(chat))
    const turn = await manager.startTurn({ message: 'hi' })
    await untilSaid(turn, 'well')
    await close()
    expect(await turn.ended).toMatchObject({ type: 'turn.interrupted' })
    expect(chat.running()).toBe(0)
  })
})

describe('sessions of a route', () => {
  it('choose their chat when they are made, and stay with it', async () => {
    const { manager } = managerOf(() => route({ shop: saying('shop'), help: saying('help') }))
    const { sessionId } = await manager.sessions.create({ chat: 'help' })
    for (let n = 0; n < 2; n += 1) {
      const turn = await manager.startTurn({ sessionId, message: 'hi' })
      expect(await turn.ended).toMatchObject({ content: 'help' })
    }
    await expect(manager.sessions.create({ chat: 'sales' })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('that choose none have the default', async () => {
    const { manager } = managerOf(() =>
      route({ shop: saying('shop'), help: saying('help') }, { default: 'help' }),
    )
    const turn = await manager.startTurn({ message: 'hi' })
    expect(await turn.ended).toMatchObject({ content: 'help' })
  })

  it('whose chat is there no more fail with not_ready', async () => {
    const store = createMemoryStore()
    const before = managerOf(() => route({ shop: saying('shop'), help: saying('help') }), { store })
    const { sessionId } = await before.manager.sessions.create({ chat: 'help' })
    const { manager } = managerOf(() => route({ shop: saying('shop') }), { store })
    const turn = await manager.startTurn({ sessionId, message: 'hi' })
    expect(await turn.ended).toMatchObject({ type: 'turn.failed', code: 'not_ready' })
  })
})

describe('the state of a session', () => {
  const counting = (name: string, isBroken = () => false): ChatInterface => ({
    ...chatOf(async function* (_message, { state }) {
      if (isBroken()) throw new ChatError('upstream_failed', 'x')
      const count = Number(state ?? 0) + 1
      yield `${name} ${count}`
      yield { type: 'state', state: count }
    }),
    name,
  })
  const contentsOf = async (manager: ReturnType<typeof managerOf>['manager'], sessionId: string) => {
    const { data } = await manager.sessions.messages(sessionId)
    return data.flatMap(({ role, content }) => (role === 'assistant' ? [content] : []))
  }

  it('lasts when a composition is added, and is each one’s own from then on', async () => {
    const store = createMemoryStore()
    let isBroken = false
    const [a, b] = [counting('a', () => isBroken), counting('b')]
    const before = managerOf(() => a, { store }).manager
    const { sessionId } = await before.sessions.create()
    const { manager } = managerOf((clock) => withFallback(a, b, { clock }), { store })
    const say = async (chat: typeof manager) => (await chat.startTurn({ sessionId, message: 'hi' })).ended
    await say(before)
    await say(manager)
    isBroken = true
    await say(manager)
    await say(manager)
    isBroken = false
    await say(manager)
    expect(await contentsOf(manager, sessionId)).toEqual(['a 1', 'a 2', 'b 1', 'b 2', 'a 3'])
  })

  it('fails the turn when it is none', async () => {
    const chat = chatOf(async function* () {
      yield { type: 'state' } as never
    })
    const { manager } = managerOf(() => route({ chat: withFallback(chat) }))
    expect(await (await manager.startTurn({ message: 'hi' })).ended).toMatchObject({ code: 'chat_failed' })
  })
})

describe('a manager of a fallback', () => {
  it('is ready when one could be started, and degraded until the other could', async () => {
    let isBroken = true
    const first: ChatInterface = {
      ...saying('first'),
      start: () => {
        if (isBroken) throw new Error('no key')
      },
    }
    const second = { ...saying('second'), name: 'second' }
    const { manager, clock } = managerOf((clock) => withFallback(first, second, { clock, random: () => 1 }))
    await manager.start()
    expect(await manager.health()).toMatchObject({
      status: 'degraded',
      components: { bot: { status: 'degraded' } },
    })
    expect(await (await manager.startTurn({ message: 'hi' })).ended).toMatchObject({ content: 'second' })
    isBroken = false
    await clock.advance(1_000)
    expect(await manager.health()).toMatchObject({ status: 'healthy' })
    expect(await (await manager.startTurn({ message: 'hi' })).ended).toMatchObject({ content: 'first' })
  })
})

describe('a manager of a chat with so many places', () => {
  it('tells that it is overloaded, and when to come again', async () => {
    const { manager } = managerOf((clock) => withConcurrency(patient(), { max: 1, clock }))
    await untilSaid(await manager.startTurn({ message: 'hi' }), 'well')
    const turn = await manager.startTurn({ message: 'hi' })
    expect(await turn.ended).toMatchObject({ type: 'turn.failed', code: 'overloaded', retryAfterSeconds: 1 })
  })

  it('has no place for others as long as a reply runs that it had to abandon', async () => {
    const { chat, open } = deaf()
    const { manager, clock } = managerOf((clock) => withConcurrency(chat, { max: 1, clock }))
    const turn = await manager.startTurn({ message: 'hi' })
    await settle()
    await manager.cancelTurn({ sessionId: turn.sessionId, turnId: turn.turnId })
    await clock.advance(5_000)
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled' })
    const refused = await manager.startTurn({ message: 'hi' })
    expect(await refused.ended).toMatchObject({ code: 'overloaded' })
    open()
    await settle()
    const next = await manager.startTurn({ message: 'hi' })
    expect(await next.ended).toMatchObject({ type: 'turn.completed', content: 'at last' })
    expect(await collect(next.events())).toHaveLength(3)
  })

  it('runs the turns of ten sessions one after another', async () => {
    let [running, most] = [0, 0]
    const chat = chatOf(async function* (message) {
      running += 1
      most = Math.max(most, running)
      await settle()
      yield message
      running -= 1
    })
    const { manager } = managerOf(() => withConcurrency(chat, { max: 1, queue: 9 }))
    const turns = await Promise.all(
      Array.from({ length: 10 }, (_, i) => manager.startTurn({ message: `message ${i}` })),
    )
    const ends = await Promise.all(turns.map(({ ended }) => ended))
    expect(ends.map((end) => end.type === 'turn.completed' && end.content)).toEqual(
      turns.map((_, i) => `message ${i}`),
    )
    expect(most).toBe(1)
  })
})
