import { chatResponse } from '@colloquy/contract'
import { ChatError } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import type { Authenticate } from '../index.js'
import { echo, startServer, type TestServer } from '../server.fixture.js'
import { shortly } from '../stream/event-stream.fixture.js'
import { heldChat, idsOf, startTurnServer } from './turns.fixture.js'

const key = (name: string) => ({ headers: { 'Idempotency-Key': name } })

const isReplayed = ({ headers }: Response) => headers.get('idempotency-replayed')

/** Counts the messages that it is asked. */
function countingChat() {
  const asked: string[] = []
  return {
    asked,
    async *reply(message: string) {
      asked.push(message)
      yield `answer ${asked.length}`
    },
  }
}

/** A store that outlives the server in front of it, as one in a file does. */
const lastingStore = () => Object.assign(createMemoryStore(), { close: () => Promise.resolve() })

const ask = (server: TestServer, body: object | string, name = 'k1') =>
  server.post('/api/v1/chat', body, key(name))

describe('a request that is sent again with its key', () => {
  it('gets the same answer of the same new session, and asks nobody again', async () => {
    const { reply, asked } = countingChat()
    const server = await startServer(reply)
    const first = await ask(server, { message: 'hi' })
    const second = await ask(server, { message: 'hi' })
    expect([isReplayed(first), isReplayed(second)]).toEqual([null, 'true'])
    const answer = chatResponse.parse(await first.json())
    expect(await second.json()).toEqual(answer)
    expect(idsOf(second)).toEqual({ sessionId: answer.session_id, turnId: answer.turn_id })
    expect(asked).toHaveLength(1)
    const { data } = await server.manager.sessions.messages(answer.session_id)
    expect(data).toHaveLength(2)
    expect((await server.manager.sessions.list()).data).toHaveLength(1)
  })

  it('at the same moment shares one turn, however many there are', async () => {
    const { reply, asked } = countingChat()
    const server = await startServer(reply)
    const responses = await Promise.all(Array.from({ length: 20 }, () => ask(server, { message: 'hi' })))
    expect(responses.filter((response) => isReplayed(response) === null)).toHaveLength(1)
    expect(new Set(responses.map((response) => idsOf(response).turnId)).size).toBe(1)
    const bodies = await Promise.all(responses.map((response) => response.text()))
    expect(new Set(bodies).size).toBe(1)
    expect(asked).toHaveLength(1)
    expect((await server.manager.sessions.list()).data).toHaveLength(1)
  })

  it('while the first still streams reads the same stream, from its first event', async () => {
    const { reply, release, asked } = heldChat()
    const server = await startTurnServer(reply)
    const first = await server.chat({ message: 'hi' }, key('k1'))
    await first.until('half')
    const second = await server.chat({ message: 'hi' }, key('k1'))
    expect([isReplayed(first.response), isReplayed(second.response)]).toEqual([null, 'true'])
    expect(second.turnId).toBe(first.turnId)
    await second.until('half')
    const asJson = ask(server, { message: 'hi' })
    release('hi')
    const seen = await first.rest()
    expect(await second.rest()).toBe(seen)
    expect(shortly(seen).at(-1)).toBe('4 turn.completed')
    expect(await (await asJson).json()).toMatchObject({ content: 'hi: half whole', turn_id: first.turnId })
    expect(asked).toEqual(['hi'])
  })

  it('may take the other form: a stream of what was JSON, and JSON of what was a stream', async () => {
    const { reply, asked } = countingChat()
    const server = await startTurnServer(reply)
    const answer: unknown = await (await ask(server, { message: 'hi' })).json()
    const stream = await server.chat({ message: 'hi' }, key('k1'))
    expect(isReplayed(stream.response)).toBe('true')
    expect(await stream.rest()).toContain(`event: turn.completed\ndata: ${JSON.stringify(answer)}\n`)

    const streamed = await server.chat({ message: 'ho' }, key('k2'))
    const seen = await streamed.rest()
    const response = await ask(server, { message: 'ho', stream: false }, 'k2')
    expect(seen).toContain(`event: turn.completed\ndata: ${await response.text()}\n`)
    expect(asked).toEqual(['hi', 'ho'])
  })

  it('is known by its values, in whatever order and with whatever spaces they are written', async () => {
    const { reply, asked } = countingChat()
    const server = await startServer(reply)
    await ask(server, '{"message":"h\\u0069","metadata":{"b":"2","a":"1"},"on_busy":"queue"}')
    const again =
      '{ "on_busy": "queue", "metadata": { "a": "1", "b": "2" },\n "stream": false, "message": "hi" }'
    expect(isReplayed(await ask(server, again))).toBe('true')
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['message', { message: 'ho' }],
    ['metadata', { message: 'hi', metadata: { a: '1' } }],
    ['rule for a busy session', { message: 'hi', on_busy: 'reject' }],
    ['rule for a lost connection', { message: 'hi', on_disconnect: 'continue' }],
    ['session', { message: 'hi', session_id: 'sess_unknown' }],
  ])('and another %s is refused, and names the turn that the key stands for', async (_what, body) => {
    const { reply, asked } = countingChat()
    const server = await startServer(reply)
    const { sessionId, turnId } = idsOf(await ask(server, { message: 'hi' }))
    const problem = await problemOf(await ask(server, body), 'idempotency_key_reused')
    expect(problem).toMatchObject({ session_id: sessionId, turn_id: turnId })
    expect(JSON.stringify(problem)).not.toContain('k1')
    expect(asked).toHaveLength(1)
  })

  it('gets the same failure again, in both forms, and asks nobody again', async () => {
    const asked: string[] = []
    const server = await startTurnServer(async function* (message) {
      asked.push(message)
      yield 'so far'
      throw new Error('secret')
    })
    const first = await problemOf(await ask(server, { message: 'hi' }), 'chat_failed')
    const response = await ask(server, { message: 'hi' })
    expect(isReplayed(response)).toBe('true')
    const second = await problemOf(response, 'chat_failed')
    const { request_id, ...failure } = second
    expect(failure).toEqual({ ...first, request_id: undefined })
    expect(request_id).not.toBe(first.request_id)
    const stream = await server.chat({ message: 'hi' }, key('k1'))
    expect(await stream.rest()).toContain(`event: turn.failed\ndata: ${JSON.stringify(failure)}\n`)
    expect(asked).toHaveLength(1)
  })

  it('is not told to come again with it where a failure would pass: it would get the same', async () => {
    const server = await startTurnServer(async function* () {
      yield* []
      throw new ChatError('rate_limited', 'Slow down.', { retryAfterSeconds: 1 })
    })
    const first = await ask(server, { message: 'hi' })
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '1'])
    for (let n = 0; n < 2; n += 1) {
      const response = await ask(server, { message: 'hi' })
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, null])
      const { detail, retry_after_seconds } = await problemOf(response, 'overloaded')
      expect(retry_after_seconds).toBeUndefined()
      expect(detail).toContain('another attempt needs another key')
    }
  })

  it('begins a turn when the first one went with its session before its end could be told', async () => {
    const { reply, asked } = countingChat()
    const store = createMemoryStore()
    const { getTurn } = store
    const server = await startServer(reply, { manager: { store } })
    const first = await (await ask(server, { message: 'hi' })).json()
    store.getTurn = async (ref, now) => {
      store.getTurn = getTurn
      await store.deleteSession(ref, now)
      return undefined
    }
    const response = await ask(server, { message: 'hi' })
    expect([response.status, isReplayed(response)]).toEqual([200, null])
    const second = chatResponse.parse(await response.json())
    expect(second.session_id).not.toBe(chatResponse.parse(first).session_id)
    expect(response.headers.get('x-turn-id')).toBe(second.turn_id)
    expect(asked).toHaveLength(2)
  })

  it('after the turn was cancelled is told so again', async () => {
    const { reply, asked } = heldChat()
    const server = await startTurnServer(reply)
    const stream = await server.chat({ message: 'hi' }, key('k1'))
    await stream.until('half')
    await server.cancel(stream)
    await stream.rest()
    for (let n = 0; n < 2; n += 1) {
      const problem = await problemOf(await ask(server, { message: 'hi' }), 'turn_cancelled')
      expect(problem).toMatchObject({ turn_id: stream.turnId, content: 'hi: half ' })
    }
    expect(asked).toHaveLength(1)
  })

  it('by another caller is a request of its own', async () => {
    const authenticate: Authenticate = ({ headers }) => ({ owner: headers.authorization ?? '' })
    const { reply, asked } = countingChat()
    const server = await startServer(reply, { serve: { authenticate } })
    const turns = []
    for (const caller of ['me', 'them', 'me']) {
      const headers = { Authorization: caller, 'Idempotency-Key': 'k1' }
      const response = await server.post('/api/v1/chat', { message: 'hi' }, { headers })
      turns.push([idsOf(response).turnId, isReplayed(response)])
    }
    const [[mine] = [], [theirs] = [], [again] = []] = turns
    expect(turns.map(([, replayed]) => replayed)).toEqual([null, null, 'true'])
    expect([again === mine, theirs === mine]).toEqual([true, false])
    expect(asked).toHaveLength(2)
  })

  it('gets the turn although its session is busy with another one', async () => {
    const { reply, release } = heldChat()
    const server = await startTurnServer(reply)
    release('one')
    const first = await server.chat({ message: 'one' }, key('k1'))
    await first.rest()
    const busy = await server.chat({ message: 'two', session_id: first.sessionId })
    await busy.until('half')
    const again = await ask(server, { message: 'one' })
    expect([again.status, isReplayed(again)]).toEqual([200, 'true'])
  })

  it('begins a new turn a day later', async () => {
    const clock = createManualClock()
    const { reply, asked } = countingChat()
    const server = await startServer(reply, { manager: { clock, limits: { sessionTtlMs: 200_000_000 } } })
    const first = idsOf(await ask(server, { message: 'hi' }))
    await clock.advance(86_399_999)
    expect(idsOf(await ask(server, { message: 'hi' }))).toEqual(first)
    await clock.advance(1)
    const later = await ask(server, { message: 'hi' })
    expect(isReplayed(later)).toBeNull()
    expect(asked).toHaveLength(2)
  })
})

describe('a key that a store keeps for a turn that it does not have', () => {
  it('is a fault of the server: it is not asked for again and again', async () => {
    const store = createMemoryStore()
    let times = 0
    store.acceptTurn = async ({ ref }) => {
      times += 1
      if (times > 20) throw new Error('The store was asked too often.')
      return { outcome: 'repeated', ref: { sessionId: ref.sessionId, turnId: 'turn_gone' } }
    }
    const server = await startServer(echo, { manager: { store } })
    const response = await ask(server, { message: 'hi' })
    await problemOf(response, 'internal_error')
    expect(times).toBe(2)
    const line = await server.line(({ code }) => code === 'internal_error')
    expect(JSON.stringify(line)).toContain('turn_gone')
  })
})

describe('a key of a request that was refused', () => {
  it('is free: the next request with it begins a turn', async () => {
    const { reply, release } = heldChat()
    const server = await startTurnServer(reply)
    const running = await server.chat({ message: 'first' })
    await running.until('half')
    const session_id = running.sessionId
    await problemOf(await ask(server, { message: 'hi', session_id }), 'turn_in_progress')
    await problemOf(await ask(server, { message: 'hi', session_id: 'sess_x' }), 'session_not_found')
    await problemOf(await ask(server, { message: '' }), 'validation_failed')
    release('first')
    await running.rest()
    release('hi')
    const response = await ask(server, { message: 'hi', session_id })
    expect([response.status, isReplayed(response)]).toEqual([200, null])
  })
})

describe('an idempotency key', () => {
  it.each(['', 'two words', 'a,\tb', 'k'.repeat(256), 'schlüssel'])(
    'that is %j is an invalid header, which the answer does not repeat',
    async (name) => {
      const server = await startServer(echo)
      const problem = await problemOf(await ask(server, { message: 'hi' }, name), 'invalid_header')
      expect(problem.errors).toEqual([
        {
          in: 'header',
          path: '/Idempotency-Key',
          message: 'Must have 1 to 255 visible ASCII characters, such as order-42.retry',
        },
      ])
      expect(name !== '' && JSON.stringify(problem).includes(name)).toBe(false)
    },
  )

  it('of 255 characters is one', async () => {
    const server = await startServer(echo)
    expect((await ask(server, { message: 'hi' }, '~'.repeat(255))).status).toBe(200)
  })

  it('is looked at after the body was read as JSON, and before its fields', async () => {
    const server = await startServer(echo)
    await problemOf(await ask(server, '{"message":', 'two words'), 'malformed_json')
    await problemOf(await ask(server, { message: '' }, 'two words'), 'invalid_header')
  })

  it('never reaches the log', async () => {
    const server = await startServer(echo)
    await ask(server, { message: 'hi' }, 'very-secret-key')
    await ask(server, { message: 'ho' }, 'very-secret-key')
    await server.line(({ status }) => status === 409)
    expect(JSON.stringify(server.lines)).not.toContain('very-secret-key')
  })
})

describe('a turn that was interrupted', () => {
  it('by a crash is turn_interrupted under its key, each time', async () => {
    const store = lastingStore()
    const crashed = await startTurnServer(heldChat().reply, { manager: { store } })
    const { until, turnId } = await crashed.chat({ message: 'hi' }, key('k1'))
    await until('half')
    await store.interruptAbandoned(Date.now() + 60_000, 'restart')

    const { reply, asked } = countingChat()
    const server = await startTurnServer(reply, { manager: { store } })
    for (let n = 0; n < 2; n += 1) {
      const response = await ask(server, { message: 'hi' })
      expect(isReplayed(response)).toBe('true')
      const problem = await problemOf(response, 'turn_interrupted')
      expect(problem).toMatchObject({ content: 'hi: half ', turn_id: turnId })
    }
    const stream = await server.chat({ message: 'hi' }, key('k1'))
    expect(shortly(await stream.rest()).at(-1)).toBe('3 turn.interrupted restart')
    expect(asked).toEqual([])
  })

  it('by a shutdown is shutting_down to those who wait for it, and turn_interrupted under its key after the next start', async () => {
    const store = lastingStore()
    const { reply, begun } = heldChat()
    const before = await startServer(reply, { manager: { store } })
    const asking = ask(before, { message: 'hi' })
    await begun('hi')
    await before.close({ grace: 0 })
    const { turn_id, content, retry_after_seconds } = await problemOf(await asking, 'shutting_down')
    expect([content, retry_after_seconds]).toEqual(['hi: half ', 5])

    const { reply: replyLater, asked } = countingChat()
    const after = await startServer(replyLater, { manager: { store } })
    const response = await ask(after, { message: 'hi' })
    const problem = await problemOf(response, 'turn_interrupted')
    expect(problem).toMatchObject({ turn_id, content })
    expect(problem).not.toHaveProperty('retry_after_seconds') // it would not help
    expect(asked).toEqual([])
  })
})
