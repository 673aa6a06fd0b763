import type { ChatInterface } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { ask, recordLog, saying, settle, settling, unwritable } from './composition.fixture.js'
import { type FallbackOptions, withFallback } from './index.js'

/** A chat whose start is steered, and which tells what was done with it. */
function starting(name: string) {
  const calls: string[] = []
  let attempt: PromiseWithResolvers<void> | null = null
  const chat: ChatInterface = {
    ...saying(name),
    name,
    start() {
      calls.push('start')
      attempt = Promise.withResolvers()
      return attempt.promise
    },
    stop: () => void calls.push('stop'),
  }
  return {
    chat,
    calls,
    succeed: () => attempt?.resolve(),
    fail: (error = new Error(`${name} has no key`)) => attempt?.reject(error),
  }
}

/** Two of them as one, with a clock, a log, and waits that are as long as they may be. */
function pair(options: FallbackOptions = {}) {
  const clock = createManualClock()
  const [a, b] = [starting('a'), starting('b')]
  const { logger, lines } = recordLog()
  const chat = withFallback(a.chat, b.chat, { clock, logger, random: () => 1, ...options })
  const start = () => settling(Promise.resolve(chat.start?.()).then(() => 'started'))
  const stop = () => settling(Promise.resolve(chat.stop?.()).then(() => 'stopped'))
  return { clock, a, b, chat, lines, start, stop }
}

describe('the start', () => {
  it('is done when all have started', async () => {
    const { a, b, start, chat, clock } = pair()
    const started = start()
    await settle()
    expect([a.calls, b.calls]).toEqual([['start'], ['start']])
    a.succeed()
    await settle()
    expect(started.outcome()).toBe('pending') // else the first turns would be answered by whoever is fastest
    b.succeed()
    await settle()
    expect([started.outcome(), await ask(chat), clock.timers]).toEqual(['started', ['a'], 0])
  })

  it('is done when one has started and the other failed, which is tried again, later each time', async () => {
    const { clock, a, b, start, chat, lines } = pair()
    const started = start()
    a.fail()
    b.succeed()
    await settle()
    expect([started.outcome(), await ask(chat)]).toEqual(['started', ['b']])
    expect(await chat.health?.()).toEqual({
      a: { status: 'degraded', detail: 'unhealthy: not started yet; it is tried again' },
      b: { status: 'healthy' },
    })
    for (const delayMs of [1_000, 2_000, 4_000]) {
      const before = a.calls.length
      await clock.advance(delayMs - 1)
      expect(a.calls.length).toBe(before)
      await clock.advance(1)
      expect(a.calls.length).toBe(before + 1)
      a.fail()
      await settle()
    }
    await clock.advance(8_000)
    a.succeed()
    await settle()
    expect([await ask(chat), b.calls, clock.timers]).toEqual([['a'], ['start'], 0])
    expect(lines.map(({ level, chat, delay_ms, msg }) => [level, chat, delay_ms, msg])).toEqual([
      ...[1_000, 2_000, 4_000, 8_000].map((delayMs) => [
        'warn',
        'a',
        delayMs,
        'the chat could not be started; it is tried again',
      ]),
      ['info', 'a', undefined, 'the chat has started after all'],
    ])
  })

  it('tries again once a minute at least', async () => {
    const { clock, a, b, start } = pair()
    start()
    b.succeed()
    for (let n = 0; n < 10; n += 1) {
      a.fail()
      await settle()
      await clock.advance(60_000)
    }
    expect(a.calls.length).toBe(11)
  })

  it('does not wait for one that hangs for longer than ten seconds, but goes on with it when it comes', async () => {
    const { clock, a, b, start, chat } = pair()
    const started = start()
    b.succeed()
    await clock.advance(9_999)
    expect(started.outcome()).toBe('pending')
    await clock.advance(1)
    expect([started.outcome(), await ask(chat)]).toEqual(['started', ['b']])
    await clock.advance(100_000)
    expect(a.calls).toEqual(['start'])
    a.succeed()
    await settle()
    expect(await ask(chat)).toEqual(['a'])
  })

  it('tries one again that has hung and failed', async () => {
    const { clock, a, b, start, chat } = pair({ startTimeoutMs: 0 })
    start()
    b.succeed()
    await clock.advance(50_000)
    a.fail()
    await settle()
    await clock.advance(1_000)
    a.succeed()
    await settle()
    expect([a.calls, await ask(chat)]).toEqual([['start', 'start'], ['a']])
  })

  it('waits for as long as none has started and one may', async () => {
    const { clock, a, b, start } = pair()
    const started = start()
    a.fail()
    await clock.advance(60_000)
    expect(started.outcome()).toBe('pending')
    b.succeed()
    await settle()
    expect(started.outcome()).toBe('started')
  })

  it('fails when none can be started, leaves nothing behind, and may be called again', async () => {
    const { clock, a, b, start, chat } = pair()
    const failed = start()
    a.fail()
    b.fail()
    await settle()
    expect(failed.outcome()).toMatchObject({
      code: 'not_ready',
      message: 'None of these chats could be started: a, b.',
      cause: { errors: [new Error('a has no key'), new Error('b has no key')] },
    })
    expect(clock.timers).toBe(0)
    await expect(ask(chat)).rejects.toMatchObject({
      code: 'not_ready',
      message: 'None of these chats has started: a, b. Start them, or look why not.',
    })
    const again = start()
    a.succeed()
    b.succeed()
    await settle()
    expect([again.outcome(), a.calls, b.calls]).toEqual(['started', ['start', 'start'], ['start', 'start']])
  })

  it('needs nothing where nobody has one', async () => {
    const chat = withFallback(saying('a'), saying('b'))
    expect(await ask(chat)).toEqual(['a'])
    await chat.start?.()
    expect(await ask(chat)).toEqual(['a'])
    await chat.stop?.()
  })

  it('goes on when the error can not be written down', async () => {
    const clock = createManualClock()
    const [a, b] = [starting('a'), starting('b')]
    const { logger, lines } = recordLog()
    const chat = withFallback(a.chat, b.chat, { clock, logger })
    void chat.start?.()
    a.fail(unwritable(new Error('a has no key')))
    b.succeed()
    await settle()
    expect([lines.length, clock.timers]).toEqual([1, 1])
    await chat.stop?.()
  })
})

describe('the stop', () => {
  it('stops those that have started, and tries the others no more', async () => {
    const { clock, a, b, start, stop } = pair()
    start()
    a.fail()
    b.succeed()
    await settle()
    expect(clock.timers).toBe(1)
    const stopped = stop()
    await settle()
    expect([stopped.outcome(), a.calls, b.calls, clock.timers]).toEqual([
      'stopped',
      ['start'],
      ['start', 'stop'],
      0,
    ])
    await clock.advance(1_000_000)
    expect(a.calls).toEqual(['start'])
  })

  it('waits for one that is just being started, and stops it then', async () => {
    const { clock, a, b, start, stop } = pair()
    start()
    a.fail()
    b.succeed()
    await settle()
    await clock.advance(1_000)
    const stopped = stop()
    await settle()
    expect([stopped.outcome(), b.calls]).toEqual(['pending', ['start', 'stop']])
    a.succeed()
    await settle()
    expect([stopped.outcome(), a.calls]).toEqual(['stopped', ['start', 'start', 'stop']])
  })

  it('waits for one that then can not be started, and tries it no more', async () => {
    const { clock, a, b, start, stop } = pair({ startTimeoutMs: 0 })
    start()
    b.succeed()
    await clock.advance(0)
    const stopped = stop()
    await settle()
    a.fail()
    await settle()
    expect([stopped.outcome(), a.calls, clock.timers]).toEqual(['stopped', ['start'], 0])
  })

  it('stops all, also when one throws, and says which could not be stopped', async () => {
    const { a, b, start, stop } = pair()
    const cause = new Error('it is stuck')
    a.chat.stop = () => {
      throw cause
    }
    start()
    a.succeed()
    b.succeed()
    await settle()
    const stopped = stop()
    await settle()
    expect(stopped.outcome()).toEqual(new Error('These chats could not be stopped: a.', { cause }))
    expect(b.calls).toEqual(['start', 'stop'])
  })

  it('does no harm when it is called twice', async () => {
    const { a, b, start, stop } = pair()
    start()
    a.succeed()
    b.succeed()
    await settle()
    stop()
    const stopped = stop()
    await settle()
    expect([stopped.outcome(), a.calls]).toEqual(['stopped', ['start', 'stop']])
  })
})
