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
import { type ConcurrencyOptions, withConcurrency } from './index.js'

/** A chat that tells which messages run, and ends the reply to each when it is told to. */
function steered() {
  const running: string[] = []
  const ends = new Map<string, PromiseWithResolvers<void>>()
  const chat = chatOf(async function* (message, { signal }) {
    const end = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => end.reject(signal.reason))
    ends.set(message, end)
    running.push(message)
    try {
      yield 'begun'
      await end.promise
    } finally {
      running.splice(running.indexOf(message), 1)
    }
  })
  return {
    chat,
    running,
    end: (message: string, error?: Error) =>
      error === undefined ? ends.get(message)?.resolve() : ends.get(message)?.reject(error),
  }
}

/** Begins a turn, and reads it. */
function begin(chat: ReturnType<typeof withConcurrency>, message: string) {
  const turn = createTurn()
  return { ...turn, answer: settling(ask(chat, turn.context, message)) }
}

const full = expect.objectContaining({ name: 'ChatError', code: 'rate_limited' })

describe('replies', () => {
  it('run as many at a time as may; the others wait in line, in order', async () => {
    const { chat, running, end } = steered()
    const composed = withConcurrency(chat, { max: 2, queue: 10 })
    const turns = ['a', 'b', 'c', 'd', 'e'].map((message) => begin(composed, message))
    await settle()
    expect(running).toEqual(['a', 'b'])
    end('b')
    await settle()
    expect(running).toEqual(['a', 'c'])
    end('a')
    end('c')
    await settle()
    expect(running).toEqual(['d', 'e'])
    end('d')
    end('e')
    await settle()
    expect(turns.map(({ answer }) => answer.outcome())).toEqual(turns.map(() => ['begun']))
  })

  it('take no place before they are read', async () => {
    const composed = withConcurrency(saying('a'), { max: 1 })
    composed.reply('hi', createTurn().context)
    expect(await ask(composed)).toEqual(['a'])
  })

  it('do not overtake those that wait', async () => {
    const { chat, running, end } = steered()
    const composed = withConcurrency(chat, { max: 1, queue: 10 })
    begin(composed, 'first')
    begin(composed, 'second')
    await settle()
    end('first')
    begin(composed, 'third')
    await settle()
    expect(running).toEqual(['second'])
  })

  it('run all in the end, however many there are and however they end', async () => {
    let [running, most] = [0, 0]
    const chat = chatOf(async function* (message) {
      running += 1
      most = Math.max(most, running)
      try {
        yield message
        await settle()
        if (message.endsWith('3')) throw new Error('failed')
        yield message
      } finally {
        running -= 1
      }
    })
    const composed = withConcurrency(chat, { max: 3, queue: 1_000 })
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, async (_, i) => {
        const { context, stop } = createTurn()
        if (i % 7 === 0) setImmediate(stop)
        for await (const part of composed.reply(`${i}`, context)) if (i % 5 === 0 && part !== '') break
      }),
    )
    expect(results).toHaveLength(200)
    expect([running, most]).toEqual([0, 3])
    expect((await Promise.all([1, 2, 3].map(() => ask(composed)))).flat()).toHaveLength(6)
  })
})

describe('a full line', () => {
  it('refuses one more, and says how long that may last', async () => {
    const { chat } = steered()
    const composed = withConcurrency(chat, { max: 1, queue: 1 })
    begin(composed, 'runs')
    begin(composed, 'waits')
    await settle()
    const error = await ask(composed, createTurn().context, 'secret').catch((error: unknown) => error)
    expect(error).toEqual(
      new ChatError(
        'rate_limited',
        'As many replies of the chat "bot" run as may, and 1 wait. Raise max or queue, or ask fewer.',
        { retryAfterSeconds: 1 },
      ),
    )
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 })
  })

  it('has no room at all where nothing else is said', async () => {
    const { chat, end } = steered()
    const composed = withConcurrency(chat, { max: 1 })
    begin(composed, 'runs')
    await settle()
    await expect(ask(composed)).rejects.toEqual(full)
    end('runs')
    await settle()
    expect(begin(composed, 'next').answer.outcome()).toBe('pending')
  })

  it.each<[string, number, number, number]>([
    ['as long as one took, where none waits', 4_000, 0, 4],
    ['as long as those in line will take', 4_000, 2, 12],
    ['a second at least', 10, 0, 1],
    ['a minute at most', 600_000, 2, 60],
  ])('says %s', async (_rule, tookMs, queue, seconds) => {
    const clock = createManualClock()
    const { chat, end } = steered()
    const composed = withConcurrency(chat, { max: 1, queue, clock })
    begin(composed, 'first')
    await clock.advance(tookMs)
    end('first')
    await settle()
    for (let i = 0; i <= queue; i += 1) begin(composed, String(i))
    await settle()
    await expect(ask(composed)).rejects.toMatchObject({ retryAfterSeconds: seconds })
  })
})

describe('a turn that waits in line', () => {
  it('leaves it at once when it is stopped, and nobody takes its place', async () => {
    const { chat, running, end } = steered()
    const composed = withConcurrency(chat, { max: 1, queue: 2 })
    begin(composed, 'first')
    const second = begin(composed, 'second')
    const third = begin(composed, 'third')
    await settle()
    expect(listenersOf(second.context.signal)).toBe(1)
    second.stop()
    await settle()
    expect(second.answer.outcome()).toEqual(new Error('the turn was stopped'))
    expect(listenersOf(second.context.signal)).toBe(0)
    const fourth = begin(composed, 'fourth') // there is room in the line again
    end('first')
    await settle()
    expect([running, third.answer.outcome(), fourth.answer.outcome()]).toEqual([
      ['third'],
      'pending',
      'pending',
    ])
  })

  it('leaves it when its reader leaves', async () => {
    const { chat, running, end } = steered()
    const composed = withConcurrency(chat, { max: 1, queue: 1 })
    begin(composed, 'first')
    await settle()
    const reader = open(composed, createTurn().context)
    const next = settling(reader.next())
    await settle()
    await reader.return?.()
    expect(next.outcome()).toMatchObject({ name: 'AbortError' })
    begin(composed, 'third')
    end('first')
    await settle()
    expect(running).toEqual(['third'])
  })

  it('gives its place back when it is stopped in the moment in which it gets one', async () => {
    const { chat, running, end } = steered()
    const composed = withConcurrency(chat, { max: 1, queue: 2 })
    begin(composed, 'first')
    const second = begin(composed, 'second')
    begin(composed, 'third')
    await settle()
    end('first')
    for (let ticks = 0; ticks < 20; ticks += 1) {
      if (running[0] !== 'first') second.stop()
      await Promise.resolve()
    }
    await settle()
    expect(running).toEqual(['third'])
  })
})

describe('a place is given back once', () => {
  it.each<[string, (reader: AsyncIterator<unknown>, stop: () => void) => Promise<unknown>]>([
    ['by one whose reader leaves', async (reader) => reader.return?.()],
    [
      'by one whose reader leaves twice',
      async (reader) => [await reader.return?.(), await reader.return?.()],
    ],
    ['by one that is stopped', async (reader, stop) => [stop(), await reader.return?.()]],
    [
      'by one that is stopped while a chunk is waited for',
      async (reader, stop) => {
        const next = settling(reader.next())
        await settle()
        stop()
        await reader.return?.()
        return next
      },
    ],
    ['by one that was stopped and whose reader never comes back', async (_reader, stop) => stop()],
  ])('%s', async (_how, leave) => {
    const composed = withConcurrency(patient(), { max: 1 })
    const { context, stop } = createTurn()
    const reader = open(composed, context)
    await reader.next()
    await leave(reader, stop)
    await settle()
    const next = open(composed, createTurn().context)
    expect(await next.next()).toEqual({ done: false, value: 'well' })
    await expect(ask(composed)).rejects.toEqual(full)
  })

  it.each<[string, () => AsyncIterable<string>]>([
    [
      'throws in its first chunk',
      async function* () {
        throw new Error('no')
      },
    ],
    [
      'throws at once',
      () => {
        throw new Error('no')
      },
    ],
    ['is no reply', () => 'text' as never],
  ])('by one that %s', async (_how, reply) => {
    const composed = withConcurrency(chatOf(reply), { max: 1 })
    for (let n = 0; n < 3; n += 1) await expect(ask(composed)).rejects.not.toEqual(full)
  })
})

describe('a reply that ignores its signal', () => {
  it('keeps its place until it has really ended', async () => {
    const { chat, open: letGo } = deaf()
    const composed = withConcurrency(chat, { max: 1 })
    const { context, stop } = createTurn()
    const reader = open(composed, context)
    const next = settling(reader.next())
    await settle()
    stop()
    const left = settling(reader.return?.())
    await settle()
    await expect(ask(composed)).rejects.toEqual(full)
    letGo()
    await settle()
    expect([next.outcome(), left.outcome()]).not.toContain('pending')
    expect(await ask(composed)).toEqual(['at last'])
  })
})

describe('a reply whose iterator can not be told to end', () => {
  it('keeps its place until the chunk has come that it was asked for', async () => {
    const chunk = Promise.withResolvers<IteratorResult<string>>()
    const chat = chatOf(() => ({ [Symbol.asyncIterator]: () => ({ next: () => chunk.promise }) }))
    const composed = withConcurrency(chat, { max: 1 })
    const { context, stop } = createTurn()
    const reader = open(composed, context)
    const next = settling(reader.next())
    await settle()
    stop()
    await settle()
    await expect(ask(composed)).rejects.toEqual(full)
    chunk.resolve({ done: false, value: 'late' })
    await settle()
    expect(next.outcome()).not.toBe('pending')
    expect(await open(composed, createTurn().context).next()).toEqual({ done: false, value: 'late' })
  })
})

describe('the signal of one that has waited', () => {
  it('has no listener from the line', async () => {
    const { chat, end } = steered()
    const counts: number[] = []
    const counting = chatOf((message, context) => {
      counts.push(listenersOf(context.signal))
      return chat.reply(message, context)
    })
    const composed = withConcurrency(counting, { max: 1, queue: 1 })
    for (const message of ['runs', 'waits']) begin(composed, message)
    await settle()
    end('runs')
    await settle()
    expect(counts).toEqual([0, 0])
  })
})

describe('options that are none', () => {
  it.each<[ConcurrencyOptions, string]>([
    [{ max: 0 }, 'max has to be a whole number of at least 1.'],
    [{ max: 1, queue: -1 }, 'queue has to be a whole number of at least 0.'],
    [{ max: 1, queue: Number.POSITIVE_INFINITY }, 'queue has to be a whole number of at least 0.'],
  ])('are refused: %j', (options, message) => {
    expect(() => withConcurrency(saying('a'), options)).toThrow(
      new RangeError(`withConcurrency(): ${message}`),
    )
  })
})
