import { describe, expect, it } from 'vitest'
import { ChatError, type ChatErrorCode } from './chat-error.js'
import type { ChatInterface } from './chat-interface.js'
import type { Logger } from './logger.js'
import { chatOf, echo, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import type { TurnFailureCode } from './turn-event.js'

/** A chat interface whose reply is anything at all. */
const returning = (reply: () => unknown): ChatInterface => ({
  name: 'test',
  reply: reply as ChatInterface['reply'],
})

/** A chat interface that yields anything at all. */
const yielding = (...chunks: unknown[]): ChatInterface =>
  returning(async function* () {
    yield 'before '
    yield* chunks
    yield ' after'
  })

async function failure(chat: ChatInterface, message = 'hello') {
  const { manager } = testManager(chat)
  const turn = await manager.startTurn({ message })
  const end = await turn.ended
  const again = await manager.startTurn({ sessionId: turn.sessionId, message: 'again' })
  await again.ended // the session stays usable
  return end
}

const cycle: { self?: unknown } = {}
cycle.self = cycle

describe('a chat interface that', () => {
  it.each<[string, () => unknown]>([
    [
      'throws at once',
      () => {
        throw new Error('boom')
      },
    ],
    ['returns nothing', () => undefined],
    ['returns a string', () => 'hello'],
    ['returns an array', () => ['hello']],
    ['returns a promise', async () => 'hello'],
    ['has an iterator without next', () => ({ [Symbol.asyncIterator]: () => ({}) })],
    [
      'has a next that returns nothing',
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => undefined }) }),
    ],
    [
      'throws what is no error',
      async function* () {
        throw 'boom'
      },
    ],
  ])('%s fails its turn with chat_failed, and the session stays usable', async (_what, reply) => {
    expect(await failure(returning(reply))).toEqual({
      type: 'turn.failed',
      seq: 2,
      code: 'chat_failed',
      content: '',
    })
  })

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['an array', ['a']],
    ['a chunk of no type', { text: 'a' }],
    ['a chunk of an unknown type', { type: 'song', text: 'a' }],
    ['a chunk of a type from the prototype', { type: 'constructor' }],
    ['text that is no string', { type: 'text', text: 7 }],
    ['a call without an id', { type: 'functionCall', name: 'f', arguments: {} }],
    ['a call without arguments', { type: 'functionCall', callId: 'c', name: 'f' }],
    ['a result without a call', { type: 'functionResult', callId: 'c', name: 'f', result: 1 }],
    ['data that is a cycle', { type: 'data', name: 'd', data: cycle }],
    ['data that is a BigInt', { type: 'data', name: 'd', data: 1n }],
    ['a state that is a function', { type: 'state', state: () => {} }],
    ['usage that is negative', { type: 'usage', inputTokens: -1, outputTokens: 0 }],
    ['usage that is no number', { type: 'usage', inputTokens: 'many', outputTokens: 0 }],
    ['an unknown finish reason', { type: 'finish', reason: 'bored' }],
  ])('yields %s fails its turn with chat_failed and keeps the text so far', async (_what, chunk) => {
    expect(await failure(yielding(chunk))).toEqual({
      type: 'turn.failed',
      seq: 3,
      code: 'chat_failed',
      content: 'before ',
    })
  })

  it.each<[ChatErrorCode, TurnFailureCode]>([
    ['not_ready', 'not_ready'],
    ['rate_limited', 'overloaded'],
    ['timeout', 'chat_timeout'],
    ['upstream_failed', 'upstream_failed'],
    ['refused', 'upstream_failed'],
  ])('throws a ChatError %s fails its turn with %s', async (code, expected) => {
    const end = await failure(
      chatOf(async function* () {
        yield 'so far'
        throw new ChatError(code, 'secret details', { retryAfterSeconds: 7 })
      }),
    )
    expect(end).toEqual({
      type: 'turn.failed',
      seq: 3,
      code: expected,
      content: 'so far',
      retryAfterSeconds: 7,
    })
  })

  it('throws a ChatError with a part of a second to wait has it told in whole seconds', async () => {
    const end = await failure(
      chatOf(() => {
        throw new ChatError('rate_limited', 'busy', { retryAfterSeconds: 1.5 })
      }),
    )
    expect(end).toMatchObject({ code: 'overloaded', retryAfterSeconds: 2 })
  })

  it('never yields fails its turn with chat_timeout', async () => {
    const { manager, clock } = testManager(async function* (_message, { signal }) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      yield 'never'
    })
    const turn = await manager.startTurn({ message: 'hello' })
    await clock.advance(59_999)
    expect(await manager.turn(turn)).toMatchObject({ status: 'running' })
    await clock.advance(1)
    expect(await turn.ended).toEqual({ type: 'turn.failed', seq: 2, code: 'chat_timeout', content: '' })
  })

  it('falls silent between two chunks fails its turn with chat_timeout and the text so far', async () => {
    const { manager, clock } = testManager(
      async function* () {
        yield 'so far'
        await new Promise(() => {})
      },
      { limits: { chunkTimeoutMs: 1_000, stopTimeoutMs: 10 } },
    )
    const turn = await manager.startTurn({ message: 'hello' })
    await clock.advance(1_010)
    expect(await turn.ended).toEqual({ type: 'turn.failed', seq: 3, code: 'chat_timeout', content: 'so far' })
  })

  it('goes on for ever fails its turn with chat_timeout when the turn has had its time', async () => {
    const { manager, clock } = testManager(
      async function* (_message, { signal }) {
        while (!signal.aborted) {
          await new Promise<void>((resolve) => clock.after(900, resolve))
          yield '.'
        }
      },
      { limits: { turnTimeoutMs: 10_000, chunkTimeoutMs: 1_000 } },
    )
    const turn = await manager.startTurn({ message: 'hello' })
    await clock.advance(11_000)
    expect(await turn.ended).toMatchObject({ code: 'chat_timeout', content: '.'.repeat(11) })
  })

  it('yields for ever without waiting for anything lets others work, and fails with output_too_large', async () => {
    const { manager } = testManager(async function* (message) {
      if (message !== 'flood') yield 'quick'
      else for (;;) yield '.'
    })
    const flood = await manager.startTurn({ message: 'flood' })
    const other = await manager.startTurn({ message: 'hello' })
    expect(await other.ended).toMatchObject({ content: 'quick' })
    expect(await manager.turn(flood)).toMatchObject({ status: 'running' })
    expect(await flood.ended).toMatchObject({ type: 'turn.failed', code: 'output_too_large', seq: 20_000 })
  })

  it('yields empty text for ever fails as well', async () => {
    const end = await failure(
      chatOf(async function* (message) {
        if (message === 'hello') for (;;) yield ''
      }),
    )
    expect(end).toMatchObject({ code: 'output_too_large' })
  })

  it('yields exactly as much as it may completes, and fails with one byte more', async () => {
    const answer = (bytes: number) =>
      chatOf(async function* (message) {
        if (message === 'hello') yield* ['ä'.repeat(50), '.'.repeat(bytes - 100)]
      })
    const limits = { maxOutputBytes: 1_000 }
    const whole = testManager(answer(1_000), { limits }).manager
    expect(await (await whole.startTurn({ message: 'hello' })).ended).toMatchObject({
      type: 'turn.completed',
    })
    const more = testManager(answer(1_001), { limits }).manager
    const end = await (await more.startTurn({ message: 'hello' })).ended
    expect(end).toMatchObject({ code: 'output_too_large', content: 'ä'.repeat(50) })
  })

  it('yields an event or a state over its limit fails with output_too_large', async () => {
    expect(await failure(yielding({ type: 'data', name: 'd', data: 'x'.repeat(262_144) }))).toMatchObject({
      code: 'output_too_large',
    })
    expect(await failure(yielding({ type: 'state', state: 'x'.repeat(262_144) }))).toMatchObject({
      code: 'output_too_large',
    })
  })

  it('is left has its finally blocks run', async () => {
    let cleaned = false
    await failure(
      returning(async function* () {
        try {
          yield 7
        } finally {
          cleaned = true
        }
      }),
    )
    expect(cleaned).toBe(true)
  })
})

describe('what goes wrong', () => {
  it('is logged once, with its cause, and never with the content of a message', async () => {
    const lines: { level: string; fields: object; message: string }[] = []
    const logger = (bindings: object): Logger => {
      const at = (level: string) => (fields: object, message: string) =>
        lines.push({ level, fields: { ...bindings, ...fields }, message })
      return {
        debug: at('debug'),
        info: at('info'),
        warn: at('warn'),
        error: at('error'),
        child: (more) => logger({ ...bindings, ...more }),
      }
    }
    const error = new Error('boom', { cause: new Error('the reason') })
    const { manager } = testManager(
      returning(() => {
        throw error
      }),
      { logger: logger({}) },
    )
    const turn = await manager.startTurn({ message: 'a secret message' })
    await turn.ended
    await manager.close()
    expect(lines.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message: 'turn failed',
        fields: {
          session_id: turn.sessionId,
          turn_id: turn.turnId,
          outcome: 'failed',
          code: 'chat_failed',
          err: error,
          duration_ms: 0,
          first_event_ms: null,
          events: 2,
        },
      },
    ])
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  it('in the store is store_unavailable for those who ask, and the session is not busy for ever', async () => {
    const store = createMemoryStore()
    const writeTurns = store.writeTurns.bind(store)
    let broken = true
    store.writeTurns = (writes) => (broken ? Promise.reject(new Error('disk full')) : writeTurns(writes))
    const { manager } = testManager(echo, { store })
    const turn = await manager.startTurn({ message: 'hello' })
    const reading = (async () => {
      for await (const event of turn.events()) expect(event.type).toBe('turn.started')
    })()
    broken = true
    await expect(turn.ended).rejects.toMatchObject({
      code: 'store_unavailable',
      cause: { message: 'disk full' },
    })
    await expect(reading).rejects.toMatchObject({ code: 'store_unavailable' })
    broken = false
  })

  it('in the store for a moment ends the turn as failed, and the next one works', async () => {
    const store = createMemoryStore()
    const writeTurns = store.writeTurns.bind(store)
    let failures = 1
    store.writeTurns = (writes) => {
      failures -= 1
      return failures >= 0 ? Promise.reject(new Error('busy')) : writeTurns(writes)
    }
    const { manager, clock } = testManager(echo, { store })
    const turn = await manager.startTurn({ message: 'hello' })
    await expect(turn.ended).rejects.toMatchObject({ code: 'store_unavailable' })
    await clock.advance(0)
    expect(await manager.turn(turn)).toMatchObject({ status: 'failed' })
    const next = await manager.startTurn({ sessionId: turn.sessionId, message: 'again' })
    expect(await next.ended).toMatchObject({ type: 'turn.completed' })
  })
})
