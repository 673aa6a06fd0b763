import { ChatError, type ChatInterface } from '@colloquy/session'
import { createManualClock, type ManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { ask, chatOf, createTurn, listenersOf, open, settle, settling } from './composition.fixture.js'
import { route, withConcurrency, withFallback, withRetry, withTimeout } from './index.js'

/** A chat that counts how many of its replies run, and how many run at most. */
function counted(say: (asked: number, signal: AbortSignal) => AsyncIterable<string>) {
  const counts = { asked: 0, running: 0 }
  const chat = chatOf(async function* (_message, { signal }) {
    counts.asked += 1
    counts.running += 1
    try {
      yield* say(counts.asked, signal)
    } finally {
      counts.running -= 1
    }
  })
  return { chat, counts }
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

const replies: Readonly<Record<string, (asked: number, signal: AbortSignal) => AsyncIterable<string>>> = {
  'says one word and waits': async function* (_asked, signal) {
    yield 'well'
    await untilAborted(signal)
  },
  'waits before its first word': async function* (_asked, signal) {
    await untilAborted(signal)
  },
  'fails twice and then talks': async function* (asked) {
    if (asked < 3) throw new ChatError('upstream_failed', 'x')
    for (let word = 0; word < 20; word += 1) yield String(word)
  },
  'talks without an end': async function* () {
    for (;;) yield 'on and '
  },
  'ends at once': async function* () {},
}

const health = async () => ({ model: { status: 'healthy' as const } })
const compositions: Readonly<Record<string, (chat: ChatInterface, clock: ManualClock) => ChatInterface>> = {
  withTimeout: (chat, clock) => withTimeout(chat, { firstChunkMs: 1e6, chunkMs: 1e6, totalMs: 1e6, clock }),
  withRetry: (chat, clock) => withRetry(chat, { delayMs: 0, clock }),
  withFallback: (chat, clock) => withFallback({ ...chat, health }, { ...chat, name: 'other' }, { clock }),
  withConcurrency: (chat, clock) => withConcurrency(chat, { max: 1, queue: 5, clock }),
  route: (chat, clock) => route({ chat }, { clock }),
  all: (chat, clock) =>
    Object.entries(compositions).reduce(
      (composed, [name, compose]) => (name === 'all' ? composed : compose(composed, clock)),
      chat,
    ),
}

const ways: Readonly<Record<string, (reader: AsyncIterator<unknown>, stop: () => void) => unknown>> = {
  'the turn is stopped': (_reader, stop) => stop(),
  'the reader leaves': (reader) => reader.return?.(),
  'the turn is stopped and then the reader leaves, as the session manager does it': (reader, stop) => {
    stop()
    return reader.return?.()
  },
  'the reader leaves and then the turn is stopped': (reader, stop) => {
    const left = reader.return?.()
    stop()
    return left
  },
}

/** Reads until the end, or until it throws. */
async function readOn(reader: AsyncIterator<unknown>): Promise<void> {
  for (let step = await reader.next(); step.done !== true; step = await reader.next()) await Promise.resolve()
}

type Stop = (typeof ways)[string]

/** Begins a turn, stops it after so many ticks, and looks what is left. */
async function stopAfter(
  moment: number,
  compose: (chat: ChatInterface, clock: ManualClock) => ChatInterface,
  say: (typeof replies)[string],
  how: Stop,
): Promise<void> {
  const clock = createManualClock()
  const { chat, counts } = counted(say)
  const composed = compose(chat, clock)
  const { context, stop } = createTurn()
  const reader = open(composed, context)
  const read = settling(readOn(reader))
  const passing = clock.advance(1) // for waits of no time
  for (let tick = 0; tick < moment; tick += 1) await Promise.resolve()
  const left = settling(Promise.resolve(how(reader, stop)))
  await passing
  await settle()
  const where = `at moment ${moment}`
  expect([read.outcome(), left.outcome()], where).not.toContain('pending')
  expect([counts.running, listenersOf(context.signal), clock.timers], where).toEqual([0, 0, 0])
  expect(await reader.next(), where).toEqual({ done: true, value: undefined })
  await tryAgain(composed, clock)
  expect([counts.running, clock.timers], where).toEqual([0, 0])
}

describe.each(Object.entries(compositions))('%s of a chat that', (_composition, compose) => {
  describe.each(Object.entries(replies))('%s', (_reply, say) => {
    it.each(Object.entries(ways))('leaves nothing behind when %s, at any moment', async (_way, how) => {
      for (let moment = 0; moment < 60; moment += 1) await stopAfter(moment, compose, say, how)
      expect.hasAssertions()
    })
  })
})

describe.each(Object.entries(compositions))('%s around', (_outer, around) => {
  it.each(Object.entries(compositions))(
    '%s leaves nothing behind when it is stopped',
    async (_inner, compose) => {
      for (const say of Object.values(replies)) {
        for (const how of Object.values(ways)) {
          for (let moment = 0; moment < 60; moment += 13)
            await stopAfter(moment, (chat, clock) => around(compose(chat, clock), clock), say, how)
        }
      }
      expect.hasAssertions()
    },
  )
})

/** Another turn, which has a place to run in, and is stopped after a while. */
async function tryAgain(chat: ChatInterface, clock: ManualClock): Promise<void> {
  const { context, stop } = createTurn()
  const answer = settling(
    ask(
      chatOf((...all) => firstChunks(chat, all)),
      context,
    ),
  )
  await clock.advance(1)
  stop()
  await settle()
  expect(answer.outcome()).not.toMatchObject({ code: 'rate_limited' })
}

/** The first chunks of a reply, which may have no end. */
async function* firstChunks(chat: ChatInterface, all: Parameters<ChatInterface['reply']>) {
  let left = 5
  for await (const chunk of chat.reply(...all)) {
    yield chunk
    left -= 1
    if (left === 0) return
  }
}
