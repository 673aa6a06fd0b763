import { describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.js'
import type { ChatInterface } from './chat-interface.js'
import type { JsonValue } from './json.js'
import type { Logger } from './logger.js'
import { chatOf, collect, testManager } from './manager.fixture.js'

/** A logger that reads everything it is given, as one that writes it down would. */
const readingLogger: Logger = {
  debug: (fields) => void JSON.stringify(fields),
  info: (fields) => void JSON.stringify(fields),
  warn: (fields) => void JSON.stringify(fields),
  error: (fields) => void JSON.stringify(fields, readErrors),
  child: () => readingLogger,
}

function readErrors(_key: string, value: unknown): unknown {
  return value instanceof Error
    ? Object.assign({}, value, { name: value.name, message: value.message })
    : value
}

const refuses = (): never => {
  throw new Error('do not look at me')
}

describe('a chat interface that throws something which throws when it is looked at', () => {
  it.each<[string, unknown]>([
    ['its name', Object.defineProperty(new Error('x'), 'name', { get: refuses })],
    ['its message', Object.defineProperty(new Error('x'), 'message', { get: refuses })],
    ['its code', Object.defineProperty(new ChatError('timeout', 'x'), 'code', { get: refuses })],
    ['its prototype', new Proxy({}, { getPrototypeOf: refuses })],
    ['any property', Object.defineProperty(new Error('x'), 'extra', { get: refuses, enumerable: true })],
  ])('by %s fails its turn, and the session stays usable', async (_what, thrown) => {
    const chat = chatOf(async function* (message) {
      if (message === 'throw') throw thrown
      yield 'fine'
    })
    const { manager } = testManager(chat, { logger: readingLogger })
    const turn = await manager.startTurn({ message: 'throw' })
    expect(await turn.ended).toMatchObject({ type: 'turn.failed' })
    const next = await manager.startTurn({ sessionId: turn.sessionId, message: 'again' })
    expect(await next.ended).toMatchObject({ type: 'turn.completed' })
    await manager.close()
  })
})

describe('what a chat interface is handed', () => {
  it('can not be used to change what is kept', async () => {
    const attempts: string[] = []
    const attempt = (what: string, change: () => void) => {
      try {
        change()
        attempts.push(`${what} could be changed`)
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
      }
    }
    const { manager } = testManager(async function* (message, { state, session, history }) {
      if (message === 'keep') {
        yield { type: 'state', state: { list: ['x'] } }
        yield { type: 'functionCall', callId: 'c', name: 'f', arguments: { a: [1] } }
        return
      }
      const kept = state as unknown as { list: string[] }
      attempt('the state', () => kept.list.push('y'))
      attempt('the metadata', () => Object.assign(session.metadata, { evil: 'y'.repeat(5_000) }))
      attempt('a call', () => Object.assign(history[1]?.functionsCalled?.[0] ?? {}, { name: 'g' }))
      attempt('an argument', () =>
        Object.assign(history[1]?.functionsCalled?.[0]?.arguments as object, { a: 2 }),
      )
      throw new Error('done')
    })
    const metadata: Record<string, string> = { shop: 'north' }
    const { sessionId } = await manager.sessions.create({ metadata })
    metadata['shop'] = 'south'.repeat(1_000)
    for (const message of ['keep', 'change']) await (await manager.startTurn({ sessionId, message })).ended
    expect(attempts).toEqual([])
    expect((await manager.sessions.get(sessionId)).metadata).toEqual({ shop: 'north' })
  })
})

describe('data that a chat interface yields', () => {
  const nested = (depth: number): JsonValue => {
    let value: JsonValue = 'deep'
    for (let n = 0; n < depth; n += 1) value = { in: value }
    return value
  }

  it.each([
    [128, 'turn.completed'],
    [129, 'turn.failed'],
    [40_000, 'turn.failed'],
  ])('nested %i levels deep ends its turn as %s', async (depth, type) => {
    const { manager } = testManager(async function* () {
      yield { type: 'data', name: 'deep', data: nested(depth) }
    })
    expect(await (await manager.startTurn({ message: 'hello' })).ended).toMatchObject({ type })
  })

  it('has a bound for the whole turn', async () => {
    const { manager } = testManager(
      async function* () {
        for (;;) yield { type: 'data', name: 'much', data: 'x'.repeat(1_000) }
      },
      { limits: { maxTurnLength: 10_000 } },
    )
    const turn = await manager.startTurn({ message: 'hello' })
    expect(await turn.ended).toMatchObject({ code: 'output_too_large', seq: 11 })
  })

  it('as one long text becomes several events, none of which cuts a character', async () => {
    const text = `.${'🪑'.repeat(200_000)}`
    const { manager } = testManager(
      chatOf(async function* () {
        yield text
      }),
    )
    const turn = await manager.startTurn({ message: 'hello' })
    const deltas = (await collect(turn.events())).flatMap((event) =>
      event.type === 'text.delta' ? [event.text] : [],
    )
    expect(deltas.length).toBe(13)
    expect(deltas.every((delta) => delta.isWellFormed() && delta.length <= 32_768)).toBe(true)
    expect(deltas.join('')).toBe(text)
    expect(await turn.ended).toMatchObject({ type: 'turn.completed', content: text })
  })

  it('may have many empty texts between few events', async () => {
    const { manager } = testManager(
      async function* () {
        for (let n = 0; n < 30; n += 1) yield ''
        yield 'done'
      },
      { limits: { maxEvents: 20 } },
    )
    expect(await (await manager.startTurn({ message: 'hello' })).ended).toMatchObject({
      type: 'turn.completed',
    })
  })

  it.each([
    [1, 'turn.completed'],
    [2, 'turn.failed'],
  ])('may have as many events after a wait in line as without one: %i of 3 is %s', async (count, type) => {
    const { manager } = testManager(
      async function* (message, { signal }) {
        if (message === 'patient') for (let n = 0; n < count; n += 1) yield 'said'
        else await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
      { limits: { maxEvents: 3 } },
    )
    const running = await manager.startTurn({ message: 'first' })
    const { sessionId } = running
    const patient = await manager.startTurn({ sessionId, message: 'patient', onBusy: 'queue' })
    const hasty = await manager.startTurn({ sessionId, message: 'hasty', onBusy: 'interrupt' })
    await running.ended
    await manager.cancelTurn(hasty)
    expect(await patient.ended).toMatchObject({ type })
    const [waited, events] = [await collect(patient.events()), await collect(hasty.events())]
    expect(waited.filter((event) => event.type === 'turn.queued').length).toBeGreaterThan(1)
    expect(waited.filter((event) => event.type !== 'turn.queued').length).toBe(3)
    expect(events.at(-1)).toMatchObject({ type: 'turn.cancelled' })
  })

  it('as keys reaches no log line', async () => {
    const lines: string[] = []
    const logger: Logger = {
      ...readingLogger,
      error: (fields) => lines.push(String(Object(fields).err)),
      child: () => logger,
    }
    const reply = async function* (message: string) {
      yield { [message]: 1, 'two words': 2, ok: 3 }
    }
    const { manager } = testManager(
      { name: 'x', reply: reply as unknown as ChatInterface['reply'] },
      { logger },
    )
    await (await manager.startTurn({ message: 'my secret message' })).ended
    await manager.close()
    expect(lines).toEqual(['NotAChunkError: an object with ok with the type undefined is no chunk'])
  })
})

describe('a retry-after', () => {
  it.each([[10n], [Number.NaN], [Number.POSITIVE_INFINITY], [-5], ['soon'], [null]])(
    'of %s is none',
    async (value) => {
      const { manager } = testManager(async function* () {
        yield ''
        throw new ChatError('rate_limited', 'x', { retryAfterSeconds: value as number })
      })
      const end = await (await manager.startTurn({ message: 'hello' })).ended
      expect(end).toEqual({ type: 'turn.failed', seq: 2, code: 'overloaded', content: '' })
    },
  )
})
