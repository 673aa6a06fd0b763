import { ChatError } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import {
  ask,
  chatOf,
  collect,
  createTurn,
  failingWith,
  listenersOf,
  open,
  saying,
  settle,
  settling,
  unwritable,
} from './composition.fixture.js'
import { isRetryable, type RetryOptions, withRetry } from './index.js'

const busy = (retryAfterSeconds?: number) =>
  new ChatError('rate_limited', 'secret', retryAfterSeconds === undefined ? {} : { retryAfterSeconds })
const broken = () => new ChatError('upstream_failed', 'secret')

/** A composition over a chat that throws these, with a clock, and a random number that is always the same. */
function retrying(errors: unknown[], options: RetryOptions = {}) {
  const clock = createManualClock()
  const chat = failingWith(...errors)
  return { clock, chat, composed: withRetry(chat, { clock, random: () => 0.5, ...options }) }
}

describe('a reply that fails before its first chunk', () => {
  it('is tried again when the error can not be written down', async () => {
    const { clock, composed } = retrying([unwritable(broken())])
    const { context, lines } = createTurn()
    const answer = settling(ask(composed, context))
    await clock.advance(250)
    const err = expect.objectContaining({ message: 'The error can not be written down.' })
    expect([answer.outcome(), lines]).toMatchObject([
      ['fine'],
      [{ code: 'upstream_failed', attempt: 2, err }],
    ])
  })

  it('is tried again, three times in all, after waits that double, and the log tells it', async () => {
    const { clock, chat, composed } = retrying([broken(), busy()])
    const { context, lines } = createTurn()
    const answer = settling(ask(composed, context))
    await clock.advance(249)
    expect(chat.asked()).toBe(1)
    await clock.advance(1)
    expect(chat.asked()).toBe(2)
    await clock.advance(499)
    expect(chat.asked()).toBe(2)
    await clock.advance(1)
    expect([chat.asked(), answer.outcome()]).toEqual([3, ['fine']])
    const msg = 'the reply failed before its first chunk; it is tried again'
    expect(lines).toEqual([
      {
        level: 'warn',
        chat: 'bot',
        code: 'upstream_failed',
        attempt: 2,
        delay_ms: 250,
        err: expect.any(Error),
        msg,
      },
      {
        level: 'warn',
        chat: 'bot',
        code: 'rate_limited',
        attempt: 3,
        delay_ms: 500,
        err: expect.any(Error),
        msg,
      },
    ])
    expect([clock.timers, listenersOf(context.signal)]).toEqual([0, 0])
  })

  it('fails with its last error when it was tried often enough', async () => {
    const errors = [busy(), busy(), broken(), busy()]
    const { clock, chat, composed } = retrying(errors)
    const answer = settling(ask(composed))
    await clock.advance(60_000)
    expect(answer.outcome()).toBe(errors[2])
    expect(chat.asked()).toBe(3)
  })

  it('is not tried again where there is one attempt', async () => {
    const { chat, composed } = retrying([busy()], { attempts: 1 })
    await expect(ask(composed)).rejects.toThrow(ChatError)
    expect(chat.asked()).toBe(1)
  })

  it('is tried again also when reply() itself throws', async () => {
    let asked = 0
    const clock = createManualClock()
    const chat = chatOf((...all) => {
      asked += 1
      if (asked === 1) throw broken()
      return saying('a').reply(...all)
    })
    const answer = settling(ask(withRetry(chat, { clock })))
    await clock.advance(500)
    expect(answer.outcome()).toEqual(['a'])
  })

  it('is given the same message and context again', async () => {
    const given: unknown[] = []
    const clock = createManualClock()
    const chat = chatOf(async function* (...all) {
      given.push(all)
      if (given.length === 1) throw broken()
    })
    const answer = settling(ask(withRetry(chat, { clock })))
    await clock.advance(500)
    expect(answer.outcome()).toEqual([])
    expect(given[1]).toEqual(given[0])
  })
})

describe('the signal of each attempt', () => {
  it('has no listeners from before, neither of the attempt nor of the wait', async () => {
    const counts: number[] = []
    const chat = chatOf((message, context) => {
      counts.push(listenersOf(context.signal))
      return failingWith(broken()).reply(message, context)
    })
    const clock = createManualClock()
    const answer = settling(ask(withRetry(chat, { clock })))
    await clock.advance(60_000)
    expect([answer.outcome(), counts]).toEqual([broken(), [0, 0, 0]])
  })
})

describe('a reply that fails after its first chunk', () => {
  it.each(['text', '', { type: 'usage', inputTokens: 1, outputTokens: 1 } as const])(
    'is never tried again: %j',
    async (first) => {
      let asked = 0
      const chat = chatOf(async function* () {
        asked += 1
        yield first
        throw broken()
      })
      const { context, lines } = createTurn()
      await expect(ask(withRetry(chat), context)).rejects.toMatchObject({ code: 'upstream_failed' })
      expect([asked, lines]).toEqual([1, []])
    },
  )
})

describe('the wait', () => {
  it.each<[string, RetryOptions, number[]]>([
    ['doubles up to its bound', { delayMs: 100, maxDelayMs: 300, random: () => 1 }, [100, 200, 300, 300]],
    ['is any time up to that', { delayMs: 100, maxDelayMs: 300, random: () => 0.1 }, [10, 20, 30, 30]],
    ['may be none', { delayMs: 0 }, [0, 0, 0, 0]],
    [
      'is half a second at first and ten at most',
      { random: () => 1 },
      [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000],
    ],
  ])('%s', async (_rule, options, waits) => {
    const { clock, composed } = retrying(waits.map(broken), { attempts: 10, ...options })
    const { context, lines } = createTurn()
    const answer = settling(ask(composed, context))
    await clock.advance(100_000)
    expect(answer.outcome()).toEqual(['fine'])
    expect(lines.map((line) => line['delay_ms'])).toEqual(waits)
  })

  it.each<[string, number, number]>([
    ['is as long as the error says', 7, 7_000],
    ['is none when the error says so', 0, 0],
    ['may be as long as the bound', 10, 10_000],
    ['is its own when the error says nonsense', Number.NaN, 250],
    ['is its own when the error says a time before now', -1, 250],
  ])('%s', async (_rule, seconds, waitMs) => {
    const { clock, composed } = retrying([busy(seconds)])
    const { context, lines } = createTurn()
    const answer = settling(ask(composed, context))
    await clock.advance(waitMs)
    expect(answer.outcome()).toEqual(['fine'])
    expect(lines.map((line) => line['delay_ms'])).toEqual([waitMs])
  })

  it('is not begun when the error says a time that is longer than the bound', async () => {
    const error = busy(11)
    const { clock, chat, composed } = retrying([error])
    await expect(ask(composed)).rejects.toBe(error)
    expect([chat.asked(), clock.timers]).toEqual([1, 0])
  })

  it('ends at once when the turn is stopped, and asks nobody any more', async () => {
    const { clock, chat, composed } = retrying([busy(), busy()])
    const { context, stop } = createTurn()
    const answer = settling(ask(composed, context))
    await settle()
    expect(clock.timers).toBe(1)
    stop()
    await settle()
    expect(answer.outcome()).toEqual(new Error('the turn was stopped'))
    expect([chat.asked(), clock.timers, listenersOf(context.signal)]).toEqual([1, 0, 0])
  })

  it('ends at once when its reader leaves', async () => {
    const { clock, chat, composed } = retrying([busy(), busy()])
    const { context } = createTurn()
    const reader = open(composed, context)
    const first = settling(reader.next())
    await settle()
    await reader.return?.()
    expect(first.outcome()).toMatchObject({ name: 'AbortError' })
    expect([chat.asked(), clock.timers, listenersOf(context.signal)]).toEqual([1, 0, 0])
  })
})

describe('an error', () => {
  it.each<[boolean, string, unknown]>([
    [true, 'rate_limited', busy()],
    [true, 'upstream_failed', broken()],
    [true, 'not_ready', new ChatError('not_ready', 'x')],
    [false, 'refused', new ChatError('refused', 'x')],
    [false, 'timeout', new ChatError('timeout', 'x')],
    [false, 'of a program', new TypeError('x')],
    [false, 'that only looks like one', { name: 'ChatError', code: 'rate_limited' }],
    [false, 'that is none', undefined],
  ])('is worth another attempt: %s, %s', async (isWorthIt, _code, error) => {
    expect(isRetryable(error)).toBe(isWorthIt)
    const { clock, chat, composed } = retrying([error])
    const answer = settling(ask(composed))
    await clock.advance(500)
    expect(answer.outcome()).toEqual(isWorthIt ? ['fine'] : error)
    expect(chat.asked()).toBe(isWorthIt ? 2 : 1)
  })

  it('may be judged otherwise', async () => {
    const isTimeout = (error: unknown) => error instanceof ChatError && error.code === 'timeout'
    const { clock, composed } = retrying([new ChatError('timeout', 'x'), busy()], { isRetryable: isTimeout })
    const answer = settling(ask(composed))
    await clock.advance(500)
    expect(answer.outcome()).toMatchObject({ code: 'rate_limited' })
  })

  it('is not judged when the turn was stopped: it is what the stop has led to', async () => {
    const { context, stop } = createTurn()
    const error = broken()
    const chat = chatOf(async function* () {
      stop()
      throw error
    })
    const judged: unknown[] = []
    const composed = withRetry(chat, { isRetryable: (error) => judged.push(error) > 0 })
    await expect(collect(composed.reply('hi', context))).rejects.toBe(error)
    expect(judged).toEqual([])
  })

  it('is in the log, as that which fails a turn is, and the message is not', async () => {
    const error = new TypeError('it broke')
    const { clock, composed } = retrying([broken(), error], { isRetryable: () => true })
    const { context, lines } = createTurn()
    const answer = settling(ask(composed, context, 'secret'))
    await clock.advance(10_000)
    expect(answer.outcome()).toEqual(['fine'])
    expect(lines.map(({ code }) => code)).toEqual(['upstream_failed', 'chat_failed'])
    expect(lines[1]).toMatchObject({ err: error })
    expect(JSON.stringify(lines)).not.toContain('secret')
  })
})

describe('options that are none', () => {
  it.each<[RetryOptions, string]>([
    [{ attempts: 0 }, 'attempts has to be a whole number of at least 1.'],
    [{ attempts: 1.5 }, 'attempts has to be a whole number of at least 1.'],
    [{ delayMs: -1 }, 'delayMs has to be a number of at least 0.'],
    [{ maxDelayMs: Number.NaN }, 'maxDelayMs has to be a number of at least 0.'],
  ])('are refused: %j', (options, message) => {
    expect(() => withRetry(saying('a'), options)).toThrow(new RangeError(`withRetry(): ${message}`))
  })
})
