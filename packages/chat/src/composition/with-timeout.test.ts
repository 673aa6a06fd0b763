import { ChatError } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import {
  ask,
  chatOf,
  createTurn,
  deaf,
  listenersOf,
  open,
  patient,
  saying,
  settle,
  settling,
} from './composition.fixture.js'
import { type TimeoutOptions, withTimeout } from './index.js'

/** A chat interface that says a word after each of these waits, in milliseconds. */
function paced(...waits: number[]) {
  const clock = createManualClock()
  const signals: AbortSignal[] = []
  const chat = chatOf(async function* (_message, { signal }) {
    signals.push(signal)
    for (const [i, wait] of waits.entries()) {
      await new Promise<void>((resolve, reject) => {
        const cancel = clock.after(wait, resolve)
        signal.addEventListener('abort', () => {
          cancel()
          reject(signal.reason)
        })
      })
      yield String(i)
    }
  })
  return { chat, clock, signals }
}

describe('a reply that takes too long', () => {
  it.each<[string, number[], TimeoutOptions, number, string]>([
    ['to its first chunk', [101], { firstChunkMs: 100 }, 100, 'no chunk within 100 ms'],
    ['to its next chunk', [500, 101], { chunkMs: 100 }, 600, 'no further chunk within 100 ms'],
    ['to its end', [50, 50, 51], { totalMs: 150, chunkMs: 100 }, 150, 'no end within 150 ms'],
    [
      'to its end, before its first chunk',
      [200],
      { totalMs: 150, firstChunkMs: 160 },
      150,
      'no end within 150 ms',
    ],
  ])('%s fails with a timeout, and its signal is aborted', async (_what, waits, options, atMs, missing) => {
    const { chat, clock, signals } = paced(...waits)
    const { context } = createTurn()
    const answer = settling(ask(withTimeout(chat, { ...options, clock }), context))
    await clock.advance(atMs - 1)
    expect([answer.outcome(), signals[0]?.aborted]).toEqual(['pending', false])
    await clock.advance(1)
    const option = Object.keys(options)[0] ?? ''
    expect(answer.outcome()).toEqual(
      new ChatError(
        'timeout',
        `The chat "bot" yielded ${missing}. Look at what it waits for, or raise ${option}.`,
      ),
    )
    expect(answer.outcome()).toMatchObject({ code: 'timeout' })
    expect(signals[0]?.reason).toBe(answer.outcome())
    expect([context.signal.aborted, listenersOf(context.signal), clock.timers]).toEqual([false, 0, 0])
  })

  it('fails at once, also when it ignores its signal, and is left to itself', async () => {
    const clock = createManualClock()
    const { chat, open: letGo, signals, ended } = deaf()
    const { context } = createTurn()
    const reader = open(withTimeout(chat, { firstChunkMs: 100, clock }), context)
    const first = settling(reader.next())
    await clock.advance(100)
    expect(first.outcome()).toMatchObject({ code: 'timeout' })
    expect([signals[0]?.aborted, ended(), listenersOf(context.signal), clock.timers]).toEqual([true, 0, 0, 0])
    expect(await reader.return?.()).toEqual({ done: true, value: undefined })
    letGo()
    await settle()
    expect(ended()).toBe(1)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('may fail anew the next time: each reply has its own time', async () => {
    const { chat, clock } = paced(80)
    const composed = withTimeout(chat, { firstChunkMs: 100, clock })
    for (let n = 0; n < 3; n += 1) {
      const answer = settling(ask(composed))
      await clock.advance(80)
      expect(answer.outcome()).toEqual(['0'])
    }
  })
})

describe('a reply in time', () => {
  it.each<[string, number[], TimeoutOptions]>([
    ['may take long where no chunk is bounded', [1e6, 1e6], { totalMs: 3e6 }],
    ['has the time of a chunk for each chunk', [100, 99, 99, 99], { firstChunkMs: 101, chunkMs: 100 }],
    ['may take longer to its first chunk', [1_000, 99], { chunkMs: 100 }],
    ['may take longer after its first chunk', [99, 1_000], { firstChunkMs: 100 }],
  ])('%s', async (_what, waits, options) => {
    const { chat, clock } = paced(...waits)
    const answer = settling(ask(withTimeout(chat, { ...options, clock })))
    await clock.advance(1e7)
    expect(answer.outcome()).toEqual(waits.map((_, i) => String(i)))
    expect(clock.timers).toBe(0)
  })

  it('leaves no timer when its reader leaves, when it fails, and when the turn is stopped', async () => {
    const clock = createManualClock()
    const options = { firstChunkMs: 10, chunkMs: 10, totalMs: 10, clock }
    const left = open(withTimeout(patient(), options), createTurn().context)
    await left.next()
    await left.return?.()
    const failed = chatOf(() => {
      throw new Error('no model')
    })
    await expect(ask(withTimeout(failed, options))).rejects.toThrow('no model')
    const { context, stop } = createTurn()
    const stopped = open(withTimeout(patient(), options), context)
    await stopped.next()
    const next = settling(stopped.next())
    stop()
    await settle()
    expect(next.outcome()).toEqual(new Error('the turn was stopped'))
    expect(clock.timers).toBe(0)
  })
})

describe('the time that the reader takes', () => {
  it('does not count for a chunk', async () => {
    const clock = createManualClock()
    const reader = open(
      withTimeout(saying('a', 'b'), { firstChunkMs: 10, chunkMs: 10, clock }),
      createTurn().context,
    )
    await clock.advance(1_000)
    expect(await reader.next()).toEqual({ done: false, value: 'a' })
    await clock.advance(1_000)
    expect(await reader.next()).toEqual({ done: false, value: 'b' })
    await clock.advance(1_000)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('counts for the whole: when that is over, the reply is stopped, and the next chunk fails', async () => {
    const clock = createManualClock()
    const chat = patient()
    const { context } = createTurn()
    const reader = open(withTimeout(chat, { totalMs: 100, clock }), context)
    await clock.advance(1_000) // it has not begun
    await reader.next()
    await clock.advance(100)
    expect(chat.running()).toBe(0)
    await expect(reader.next()).rejects.toMatchObject({ code: 'timeout' })
    expect(await reader.next()).toEqual({ done: true, value: undefined })
    expect(listenersOf(context.signal)).toBe(0)
  })
})

describe('a stop of the turn', () => {
  it('is waited for until the reply has ended, so that the next turn does not run beside it', async () => {
    const clock = createManualClock()
    const { chat, open: letGo } = deaf()
    const { context, stop } = createTurn()
    const reader = open(withTimeout(chat, { chunkMs: 10, clock }), context)
    const first = settling(reader.next())
    await settle()
    stop()
    const left = settling(reader.return?.())
    await settle()
    expect([first.outcome(), left.outcome()]).toEqual(['pending', 'pending'])
    letGo()
    await settle()
    expect(left.outcome()).toEqual({ done: true, value: undefined })
  })
})

describe('times that are none', () => {
  it.each([
    ['firstChunkMs', 0],
    ['chunkMs', -1],
    ['totalMs', Number.NaN],
  ])('are refused: %s of %s', (option, value) => {
    expect(() => withTimeout(saying('a'), { [option]: value })).toThrow(
      new RangeError(`withTimeout(): ${option} has to be a number of at least 1.`),
    )
  })
})
