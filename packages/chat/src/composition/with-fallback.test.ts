import { ChatError, type ChatInterface, type HealthReport } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import {
  ask,
  chatOf,
  createTurn,
  deaf,
  failingWith,
  listenersOf,
  open,
  saying,
  settle,
  settling,
  unwritable,
} from './composition.fixture.js'
import { withFallback } from './index.js'

const named = (name: string, chat: ChatInterface): ChatInterface => ({ ...chat, name })
const answering = (name: string, rest: Partial<ChatInterface> = {}): ChatInterface => ({
  ...saying(name),
  name,
  ...rest,
})
const broken = new ChatError('upstream_failed', 'secret')
const failing = (name: string, error: unknown = broken) => named(name, failingWith(error, error, error))

describe('a turn', () => {
  it('is answered by the first one that can, and the log tells it when that is not the first of all', async () => {
    const { context, lines } = createTurn()
    const chat = withFallback(
      failing('a'),
      failing('b', new TypeError('secret')),
      answering('c'),
      answering('d'),
    )
    expect(await ask(chat, context, 'secret')).toEqual(['c'])
    const msg = 'the chat failed before its first chunk'
    expect(lines).toEqual([
      { level: 'warn', chat: 'a', code: 'upstream_failed', err: expect.any(Error), msg },
      { level: 'warn', chat: 'b', code: 'chat_failed', err: expect.any(Error), msg },
      { level: 'info', chat: 'c', msg: 'the chat answers in place of the first one' },
    ])
    expect(JSON.stringify(lines)).not.toContain('secret')
    expect(listenersOf(context.signal)).toBe(0)
  })

  it('is answered by the next one when the error can not be written down', async () => {
    const { context, lines } = createTurn()
    const error = unwritable(new ChatError('upstream_failed', 'secret'))
    expect(await ask(withFallback(failing('a', error), answering('b')), context)).toEqual(['b'])
    const err = expect.objectContaining({ message: 'The error can not be written down.' })
    expect(lines).toMatchObject([{ chat: 'a', code: 'upstream_failed', err }, { level: 'info' }])
  })

  it('asks nobody else when the first one answers, also with nothing, and the log is silent', async () => {
    const others = failingWith()
    for (const first of [saying('a'), saying()]) {
      const { context, lines } = createTurn()
      expect(await ask(withFallback(first, others), context)).toEqual(await ask(first))
      expect(lines).toEqual([])
    }
    expect(others.asked()).toBe(0)
  })

  it.each(['text', '', { type: 'state', state: 1 } as const])(
    'asks nobody else after a first chunk: %j',
    async (first) => {
      const others = failingWith()
      const chat = chatOf(async function* () {
        yield first
        throw broken
      })
      await expect(ask(withFallback(chat, others))).rejects.toBe(broken)
      expect(others.asked()).toBe(0)
    },
  )

  it('fails with the error of the last one when all fail', async () => {
    const last = new ChatError('rate_limited', 'x', { retryAfterSeconds: 3 })
    await expect(ask(withFallback(failing('a'), failing('b', last)))).rejects.toBe(last)
    await expect(ask(withFallback(failing('a', last)))).rejects.toBe(last)
  })

  it('goes on only after the errors that it is told to', async () => {
    const judged: unknown[] = []
    const isFallback = (error: unknown) => judged.push(error) < 2
    const others = failingWith()
    const second = new Error('second')
    const chat = withFallback(failing('a'), failing('b', second), others, { isFallback })
    await expect(ask(chat)).rejects.toBe(second)
    expect([judged, others.asked()]).toEqual([[broken, second], 0])
  })

  it('goes on after an abort that is not its own', async () => {
    const error = new DOMException('the upstream hung up', 'AbortError')
    expect(await ask(withFallback(failing('a', error), answering('b')))).toEqual(['b'])
  })

  it('asks nobody else when it was stopped, whatever it is told', async () => {
    const { context, stop } = createTurn()
    const first = chatOf(async function* () {
      stop()
      throw broken
    })
    const others = failingWith()
    await expect(ask(withFallback(first, others, { isFallback: () => true }), context)).rejects.toBe(broken)
    expect(others.asked()).toBe(0)
  })
})

describe('one whose health is unhealthy', () => {
  const reporting = (name: string, report: () => Promise<HealthReport> | HealthReport) =>
    answering(name, { health: report })
  const sick: HealthReport = { model: { status: 'healthy' }, key: { status: 'unhealthy' } }

  it.each<[string, () => Promise<HealthReport> | HealthReport, string]>([
    ['is passed over', () => sick, 'b'],
    ['is passed over when it can not tell', () => Promise.reject(new Error('secret')), 'b'],
    ['is passed over when it tells nonsense', () => ({ model: 'fine' }) as never, 'b'],
    ['is passed over when it tells nothing', () => undefined as never, 'b'],
    ['is asked when it is only degraded', () => ({ model: { status: 'degraded' } }), 'a'],
    ['is asked when it tells of nothing', () => ({}), 'a'],
  ])('%s', async (_rule, report, answer) => {
    expect(await ask(withFallback(reporting('a', report), answering('b')))).toEqual([answer])
  })

  it('is asked again within a second of being well', async () => {
    const clock = createManualClock()
    let report = sick
    let asked = 0
    const first = reporting('a', () => {
      asked += 1
      return report
    })
    const chat = withFallback(first, answering('b'), { clock })
    expect(await ask(chat)).toEqual(['b'])
    report = {}
    expect([await ask(chat), asked]).toEqual([['b'], 1])
    await clock.advance(1_000)
    expect([await ask(chat), asked]).toEqual([['a'], 2])
    expect(clock.timers).toBe(0)
  })

  it('is asked nevertheless where all are, in order', async () => {
    const chat = withFallback(
      { ...failing('a'), health: () => sick },
      reporting('b', () => sick),
    )
    expect(await ask(chat)).toEqual(['b'])
  })

  it('is not asked when one that is well has failed', async () => {
    const sickOne = failingWith()
    const chat = withFallback(failing('a'), { ...sickOne, name: 'b', health: () => sick })
    await expect(ask(chat)).rejects.toBe(broken)
    expect(sickOne.asked()).toBe(0)
  })

  it('is passed over when it does not tell within a second; nobody waits for the same call again', async () => {
    const clock = createManualClock()
    let asked = 0
    const first = reporting('a', () => {
      asked += 1
      return new Promise(() => {})
    })
    const chat = withFallback(first, answering('b'), { clock })
    const answer = settling(ask(chat))
    await clock.advance(999)
    expect(answer.outcome()).toBe('pending')
    await clock.advance(1)
    expect(answer.outcome()).toEqual(['b'])
    expect([await ask(chat), asked, clock.timers]).toEqual([['b'], 1, 0])
    await clock.advance(30_000)
    settling(ask(chat))
    await settle()
    expect(asked).toBe(2)
  })

  it('is waited for no longer than the turn lasts', async () => {
    const { context, stop } = createTurn()
    const clock = createManualClock()
    const chat = withFallback(
      reporting('a', () => new Promise(() => {})),
      answering('b'),
      { clock },
    )
    const reader = open(chat, context)
    const next = settling(reader.next())
    await settle()
    stop()
    await reader.return?.()
    expect(next.outcome()).toEqual(new Error('the turn was stopped'))
    expect(listenersOf(context.signal)).toBe(0)
  })
})

describe('the health', () => {
  it('tells the components of all, and each that has none as a whole', async () => {
    const chat = withFallback(
      answering('a', {
        health: () => ({ model: { status: 'healthy' }, key: { status: 'degraded', detail: 'old' } }),
      }),
      answering('b'),
      answering('c', { health: () => ({}) }),
    )
    expect(await chat.health?.()).toEqual({
      'a.model': { status: 'healthy' },
      'a.key': { status: 'degraded', detail: 'old' },
      b: { status: 'healthy' },
      c: { status: 'healthy' },
    })
  })

  it('is degraded at most as long as one works', async () => {
    const sick = (detail?: string) => () => ({
      model: { status: 'unhealthy' as const, ...(detail === undefined ? {} : { detail }) },
    })
    const [a, b] = [answering('a', { health: sick('gone') }), answering('b', { health: sick() })]
    expect(await withFallback(a, b, answering('c')).health?.()).toEqual({
      'a.model': { status: 'degraded', detail: 'unhealthy: gone' },
      'b.model': { status: 'degraded', detail: 'unhealthy' },
      c: { status: 'healthy' },
    })
    expect(await withFallback(a, b).health?.()).toEqual({
      'a.model': { status: 'unhealthy', detail: 'gone' },
      'b.model': { status: 'unhealthy' },
    })
  })

  it('tells nothing of an error', async () => {
    const chat = withFallback(answering('a', { health: () => Promise.reject(new Error('secret')) }))
    expect(await chat.health?.()).toEqual({ a: { status: 'unhealthy', detail: 'the health check failed' } })
  })

  it('is read once, whatever it is made of', async () => {
    let reads = 0
    const once = {
      get status() {
        reads += 1
        if (reads > 1) throw new Error('secret')
        return 'degraded' as const
      },
    }
    const chat = withFallback(answering('a', { health: () => ({ model: once }) }), answering('b'))
    expect(await chat.health?.()).toEqual({ 'a.model': { status: 'degraded' }, b: { status: 'healthy' } })
    const throwing = answering('a', {
      health: () =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('secret')
            },
          },
        ),
    })
    expect(await withFallback(throwing).health?.()).toEqual({
      a: { status: 'unhealthy', detail: 'the health check failed' },
    })
  })

  it('comes within a second', async () => {
    const clock = createManualClock()
    const hung = answering('a', { health: () => new Promise(() => {}) })
    const health = settling(Promise.resolve(withFallback(hung, answering('b'), { clock }).health?.()))
    await clock.advance(1_000)
    expect(health.outcome()).toEqual({
      a: { status: 'degraded', detail: 'unhealthy: no answer within 1000 ms' },
      b: { status: 'healthy' },
    })
    expect(clock.timers).toBe(0)
  })

  it('tells those apart that have the same name', async () => {
    const chat = withFallback(answering('a'), answering('a'), answering('b'))
    expect(Object.keys((await chat.health?.()) ?? {})).toEqual(['a', 'a#2', 'b'])
    const tricky = withFallback(answering('a#3'), answering('a'), answering('a'))
    expect(Object.keys((await tricky.health?.()) ?? {})).toEqual(['a#3', 'a', 'a#4'])
  })
})

describe('the signal that each is given', () => {
  it('has no listeners from before, neither of a health check nor of those that failed', async () => {
    const counts: number[] = []
    const counting = (name: string): ChatInterface => ({
      name,
      health: async () => ({}),
      reply: (_message, { signal }) => {
        counts.push(listenersOf(signal))
        return failing('x').reply('', createTurn().context)
      },
    })
    await expect(ask(withFallback(counting('a'), counting('b'), counting('c')))).rejects.toBe(broken)
    expect(counts).toEqual([0, 0, 0])
  })
})

describe('the functions', () => {
  it('are those of all, of the same name those of the first', () => {
    const functions = (...names: string[]) =>
      names.map((name) => ({ name, description: names.join(), parameters: {} }))
    const chat = withFallback(
      answering('a', { functions: functions('x', 'y') }),
      answering('b'),
      answering('c', { functions: functions('y', 'z') }),
    )
    expect(chat.functions?.map(({ name, description }) => `${name} ${description}`)).toEqual([
      'x x,y',
      'y x,y',
      'z y,z',
    ])
  })
})

describe('a stop of the turn', () => {
  it('is waited for until the one that answers has ended, and asks nobody else', async () => {
    const { chat, open: letGo, ended } = deaf()
    const others = failingWith()
    const { context, stop } = createTurn()
    const reader = open(withFallback(chat, others), context)
    const next = settling(reader.next())
    await settle()
    stop()
    const left = settling(reader.return?.())
    await settle()
    expect([left.outcome(), ended()]).toEqual(['pending', 0])
    letGo()
    await settle()
    expect([left.outcome(), next.outcome()]).not.toContain('pending')
    expect([others.asked(), ended()]).toEqual([0, 1])
  })
})

describe('arguments that are none', () => {
  it('are refused', () => {
    const chat = saying('a')
    expect(() => withFallback(chat, saying('b'), chat)).toThrow(
      new TypeError('withFallback() was given a chat twice. To ask the same one again, use withRetry().'),
    )
    expect(() => withFallback(chat, { attempts: 3 } as never)).toThrow(
      'withFallback() was given as its last argument: object with keys attempts. Expected: a chat interface, or options out of isFallback, ',
    )
    expect(() => withFallback(chat, { logger: undefined } as never, saying('b'))).toThrow(
      'withFallback() was given: object with keys logger. Expected: a chat interface',
    )
    expect(() => withFallback({ clock: createManualClock() } as never)).toThrow(TypeError)
    expect(() => withFallback(...([] as unknown as [ChatInterface]))).toThrow(TypeError)
    expect(() => withFallback(chat, { restartDelayMs: -1 })).toThrow(
      new RangeError('withFallback(): restartDelayMs has to be a number of at least 0.'),
    )
  })
})
