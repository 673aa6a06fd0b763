import { describe, expect, onTestFinished, test } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { answerInTurn, refuse } from '../test/answer-in-turn.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { chatResponse, events, frame, problem, stream } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { startSteeredTurn } from '../test/steered-turn.js'
import { createClient, TurnError, type TurnStream } from './index.js'

const baseUrl = 'http://localhost'

/** A stream whose answer is at hand. */
function streamOf(...chunks: string[]): TurnStream {
  return createClient({ baseUrl, fetch: answerInChunks(chunks), maxReconnects: 0 }).stream('Hello')
}

/** A stream of a turn that begins, says something, and ends so. */
function endingWith(type: string, data: object): TurnStream {
  const end = [
    { seq: 1, type: 'turn.started', data: { session_id: 'sess_1', turn_id: 'turn_1' } },
    { seq: 2, type: 'text.delta', data: { text: 'so far' } },
    { seq: 3, type, data },
  ]
  return streamOf(end.map(frame).join(''))
}

const failed = {
  type: 'urn:colloquy:problem:chat_failed',
  title: 'The chat failed',
  status: 500,
  detail: 'The chat interface threw.',
  code: 'chat_failed',
  content: 'so far',
  session_id: 'sess_1',
  turn_id: 'turn_1',
}

describe('the whole answer', () => {
  test('is what send gives, and its text the content of that', async () => {
    expect(await streamOf(stream()).final()).toEqual(chatResponse)
    expect(await streamOf(stream()).text()).toBe(chatResponse.content)
  })

  test('may be asked for before the turn has begun', async () => {
    const { url, begin, send } = await startSteeredTurn()
    const final = createClient({ baseUrl: url }).stream('Hello').final()
    await begin()
    send('turn.completed', chatResponse)
    expect(await final).toEqual(chatResponse)
  })

  test('is there at once after the events have been read, as often as it is asked for', async () => {
    const turn = streamOf(stream())
    expect(await readAll(turn)).toEqual(events)
    expect([await turn.final(), await turn.final(), await turn.text()]).toEqual([
      chatResponse,
      chatResponse,
      chatResponse.content,
    ])
  })

  test('can be asked for in the loop when the last event has come', async () => {
    const turn = streamOf(stream())
    const answers: unknown[] = []
    for await (const { type } of turn) if (type === 'turn.completed') answers.push(await turn.final())
    expect(answers).toEqual([chatResponse])
  })

  test('waits for whoever reads the events meanwhile, and takes none of them', async () => {
    const turn = streamOf(stream())
    const reader = turn[Symbol.asyncIterator]()
    const first = await reader.next()
    const final = turn.final()
    const text = turn.text()
    const rest = await readAll({ [Symbol.asyncIterator]: () => reader })
    expect([first.value, ...rest]).toEqual(events)
    expect([await final, await text]).toEqual([chatResponse, chatResponse.content])
  })

  test('can be asked for twice at once', async () => {
    const turn = streamOf(stream())
    expect(await Promise.all([turn.final(), turn.text()])).toEqual([chatResponse, chatResponse.content])
  })

  test('fails as the stream does, for the one who reads it and for the others', async () => {
    const turn = streamOf(stream(events.slice(0, 3)))
    const [first, second] = await Promise.all([failureOf(turn.final()), failureOf(turn.text())])
    expect(first).toMatchObject({ code: 'network_error', lastEventId: 3 })
    expect(second).toBe(first)
    expect(await failureOf(turn.final())).toBe(first)
  })

  test('fails as the stream that never began', async () => {
    const { fetch } = answerInTurn(refuse)
    const turn = createClient({ baseUrl, fetch, ...recordWaits() }).stream('Hello')
    expect(await failureOf(turn.final())).toMatchObject({ name: 'ConnectionError' })
    expect(await failureOf(turn.text())).toMatchObject({ name: 'ConnectionError' })
  })

  test('is an AbortError when the loop has been left', async () => {
    const turn = streamOf(stream())
    for await (const _ of turn) break
    await expect(turn.final()).rejects.toMatchObject({ name: 'AbortError' })
    await expect(turn.text()).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('is an AbortError when the loop is left while it is waited for', async () => {
    const { url, begin, send, closed } = await startSteeredTurn()
    const turn = createClient({ baseUrl: url }).stream('Hello')
    const reader = turn[Symbol.asyncIterator]()
    await begin()
    send('text.delta', { text: 'Hello' })
    await reader.next()
    const final = turn.final()
    await Promise.all([reader.return?.(), expect(final).rejects.toMatchObject({ name: 'AbortError' })])
    await closed
  })

  test('is still there for one who left the loop at the last event', async () => {
    const turn = streamOf(stream())
    for await (const { type } of turn) if (type === 'turn.completed') break
    expect(await turn.final()).toEqual(chatResponse)
  })
})

describe('a turn that ends without its answer', () => {
  const ends = [
    ['turn.failed', failed, { code: 'chat_failed', status: 500, detail: failed.detail }],
    [
      'turn.cancelled',
      { reason: 'changed my mind', content: 'so far' },
      { code: 'turn_cancelled', status: 409, detail: 'The turn has ended: changed my mind.' },
    ],
    [
      'turn.interrupted',
      { reason: 'shutdown', content: 'so far' },
      { code: 'turn_interrupted', status: 409, detail: 'The turn has ended: shutdown.' },
    ],
  ] as const

  test.each(ends)('%s: is a TurnError with its text so far', async (type, data, expected) => {
    const ask = [
      (turn: TurnStream) => turn.final(),
      (turn: TurnStream) => turn.text(),
      (turn: TurnStream) => readAll(turn.textStream),
      async (turn: TurnStream) => {
        await readAll(turn)
        await turn.final()
      },
    ]
    for (const fail of ask) {
      const error = await failureOf(fail(endingWith(type, data)))
      expect(error).toBeInstanceOf(TurnError)
      expect(error).toMatchObject(expected)
      expect(error.problem).toMatchObject({
        content: 'so far',
        session_id: 'sess_1',
        turn_id: 'turn_1',
        code: expected.code,
        status: expected.status,
      })
    }
  })

  test('says when to come again, where the server does', async () => {
    const turn = endingWith('turn.failed', { ...failed, code: 'rate_limited', retry_after_seconds: 7 })
    expect(await failureOf(turn.final())).toMatchObject({ retryAfter: 7 })
  })
})

describe('the stream of the text', () => {
  test('has the pieces as they come', async () => {
    const { url, begin, send } = await startSteeredTurn()
    const pieces = createClient({ baseUrl: url }).stream('Hello').textStream[Symbol.asyncIterator]()
    await begin()
    send('turn.started', { session_id: 'sess_1', turn_id: 'turn_1' })
    send('text.delta', { text: 'Zwölf ' })
    expect(await pieces.next()).toEqual({ done: false, value: 'Zwölf ' })
    send('data', { name: 'source', data: 1 })
    send('text.delta', { text: 'Stühle' })
    expect(await pieces.next()).toEqual({ done: false, value: 'Stühle' })
    send('turn.completed', chatResponse)
    expect(await pieces.next()).toEqual({ done: true, value: undefined })
  })

  test('gives what came before the turn failed, and then throws', async () => {
    const seen: string[] = []
    const reading = async () => {
      for await (const piece of endingWith('turn.failed', failed).textStream) seen.push(piece)
    }
    expect(await failureOf(reading())).toBeInstanceOf(TurnError)
    expect(seen).toEqual(['so far'])
  })

  test('closes the connection when it is left', async () => {
    const { url, begin, send, closed } = await startSteeredTurn()
    const { textStream } = createClient({ baseUrl: url }).stream('Hello')
    await begin()
    send('text.delta', { text: 'Hello' })
    for await (const piece of textStream) {
      expect(piece).toBe('Hello')
      break
    }
    await closed
  })

  test('takes the events: they can be read only once', async () => {
    const turn = streamOf(stream())
    expect(await readAll(turn.textStream)).toEqual(['Zwölf ', 'Stühle 🪑'])
    await expect(readAll(turn.textStream)).rejects.toThrow(TypeError)
    await expect(readAll(turn)).rejects.toThrow(TypeError)
    expect(await turn.final()).toEqual(chatResponse)
  })

  test('asks for nothing while nobody reads it', async () => {
    const turn = streamOf(stream())
    expect(turn.textStream).not.toBe(turn.textStream)
    expect(await readAll(turn)).toEqual(events)
  })
})

describe('cancel', () => {
  test('before the answer has begun, waits for the name of the turn, and then stops it', async () => {
    const { url, begin, asked, stops } = await startSteeredTurn()
    const turn = createClient({ baseUrl: url }).stream('Hello')
    const cancelled = turn.cancel({ reason: 'changed my mind' })
    await begin()
    await cancelled
    expect(asked).toEqual(['POST /api/v1/chat', 'POST /api/v1/sessions/sess_1/turns/turn_1/cancel'])
    expect(stops).toEqual([{ reason: 'changed my mind' }])
    expect(await readAll(turn)).toMatchObject([
      { type: 'turn.cancelled', data: { reason: 'changed my mind' } },
    ])
  })

  test('in the middle, ends the loop with the event that says so', async () => {
    const { url, begin, send, stops } = await startSteeredTurn()
    const turn = createClient({ baseUrl: url }).stream('Hello')
    await begin()
    send('turn.started', { session_id: 'sess_1', turn_id: 'turn_1' })
    const types: string[] = []
    for await (const { type } of turn) {
      types.push(type)
      if (type === 'turn.started') await turn.cancel()
    }
    expect(types).toEqual(['turn.started', 'turn.cancelled'])
    expect(stops).toEqual([{}])
    expect(await failureOf(turn.final())).toMatchObject({
      code: 'turn_cancelled',
      problem: { content: 'so far' },
    })
  })

  test('does nothing to a turn that has ended', async () => {
    const tooLate = async () =>
      Response.json({ ...problem, status: 409, code: 'turn_not_cancellable' }, { status: 409 })
    const { fetch } = answerInTurn(answerInChunks([stream()]), tooLate)
    const turn = createClient({ baseUrl, fetch }).stream('Hello')
    await readAll(turn)
    expect(await turn.cancel()).toBeUndefined()
    expect(await turn.final()).toEqual(chatResponse)
  })

  test('fails when the server cannot be asked', async () => {
    const gone = async () =>
      Response.json({ ...problem, status: 404, code: 'turn_not_found' }, { status: 404 })
    const { fetch } = answerInTurn(answerInChunks([stream()]), gone)
    const turn = createClient({ baseUrl, fetch }).stream('Hello')
    expect(await failureOf(turn.cancel())).toMatchObject({ code: 'turn_not_found' })
    expect(await readAll(turn)).toEqual(events)
  })

  test('fails as a stream that did not begin', async () => {
    const { fetch } = answerInTurn(refuse)
    const turn = createClient({ baseUrl, fetch, ...recordWaits() }).stream('Hello')
    expect(await failureOf(turn.cancel())).toMatchObject({ code: 'network_error' })
  })

  test('has options of its own, and the signal of the stream', async () => {
    const { url, begin } = await startSteeredTurn()
    const turn = createClient({ baseUrl: url }).stream('Hello')
    await begin()
    await turn.turnId
    const signal = AbortSignal.abort()
    await expect(turn.cancel({ signal })).rejects.toMatchObject({ name: 'AbortError' })
    await turn.cancel()
    expect(await readAll(turn)).toHaveLength(1)
  })
})

describe('the ids', () => {
  test('of a stream that fails, and that nobody looks at, are no unhandled rejection', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    onTestFinished(() => {
      process.off('unhandledRejection', note)
    })
    const { fetch, requests } = answerInTurn(refuse)
    const client = createClient({ baseUrl, fetch, maxRetries: 0 })
    client.stream('Hello')
    expect(await failureOf(readAll(client.stream('Hello')))).toMatchObject({ code: 'network_error' })
    const { turnId } = client.stream('Hello')
    expect(await failureOf(turnId)).toMatchObject({ code: 'network_error' })
    await new Promise((resolve) => setImmediate(resolve)) // it is told of after the microtasks
    expect(requests).toHaveLength(3)
    expect(unhandled).toEqual([])
  })

  test('are there although nobody reads the events', async () => {
    const { url, begin } = await startSteeredTurn()
    const turn = createClient({ baseUrl: url }).stream('Hello')
    await begin()
    expect([await turn.sessionId, await turn.turnId]).toEqual(['sess_1', 'turn_1'])
    await turn.cancel()
  })
})
