import { gzipSync } from 'node:zlib'
import type { Chunk } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { answerOf, reading, textIn } from './asking.fixture.js'
import { fromHttp } from './index.js'
import { answerWith, beginStream, frame, startService, streamOf } from './running-service.fixture.js'

const text = (text: string): Chunk => ({ type: 'text', text })
const done = frame('done', {})

/** The answer of a service that answers like this. */
async function answered(answer: Parameters<typeof startService>[0]) {
  const { url } = await startService(answer)
  return answerOf(fromHttp({ url }))
}

/** The answer of a service that sends these bytes, each piece on its own. */
async function answeredInPieces(type: string, pieces: readonly Uint8Array[]) {
  return answered(async ({ res }) => {
    res.writeHead(200, { 'Content-Type': type }).flushHeaders()
    for (const piece of pieces) await new Promise<void>((sent) => res.write(piece, () => setImmediate(sent)))
    res.end()
  })
}

const byteByByte = (text: string) => [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))

describe('the request', () => {
  it('is the whole turn, in snake_case, with the trace in its headers', async () => {
    const service = await startService(answerWith('text/plain', 'Hi'))
    const chat = fromHttp({ url: service.url, headers: { Authorization: 'Bearer secret', Accept: 'no' } })
    const { chunks } = await answerOf(chat, 'Grüße', {
      turnId: 'turn_7',
      session: { id: 'sess_7', metadata: { user: 'ada' }, chat: null },
      state: { count: 1 },
      trace: { traceparent: '00-1-2-01', tracestate: 'a=b' },
      history: [
        { role: 'user', content: 'Show me chairs' },
        {
          role: 'assistant',
          content: 'Two.',
          functionsCalled: [
            { callId: '1', name: 'search', arguments: { q: 'chair' }, result: [1] },
            { callId: '2', name: 'search', arguments: null, error: 'gone' },
            { callId: '3', name: 'search', arguments: [] },
          ],
        },
      ],
    })
    expect(chunks).toEqual([text('Hi')])
    const { req, body } = await service.next()
    expect(req.method).toBe('POST')
    expect(req.headers).toMatchObject({
      authorization: 'Bearer secret',
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json, text/plain;q=0.5',
      traceparent: '00-1-2-01',
      tracestate: 'a=b',
    })
    expect(JSON.parse(body)).toEqual({
      turn_id: 'turn_7',
      session: { id: 'sess_7', metadata: { user: 'ada' } },
      message: 'Grüße',
      history: [
        { role: 'user', content: 'Show me chairs' },
        {
          role: 'assistant',
          content: 'Two.',
          functions_called: [
            { call_id: '1', name: 'search', arguments: { q: 'chair' }, result: [1] },
            { call_id: '2', name: 'search', arguments: null, error: 'gone' },
            { call_id: '3', name: 'search', arguments: [] },
          ],
        },
      ],
      state: { count: 1 },
    })
  })

  it('has no trace where the message has none', async () => {
    const service = await startService(answerWith('text/plain', 'Hi'))
    await answerOf(fromHttp({ url: service.url }))
    const { req } = await service.next()
    expect(req.headers).not.toHaveProperty('traceparent')
    expect(req.headers).not.toHaveProperty('tracestate')
  })

  it('is made by the fetch that was handed in', async () => {
    const { url } = await startService(answerWith('text/plain', 'Hi'))
    const asked: string[] = []
    const chat = fromHttp({
      url,
      fetch: (url, init) => {
        asked.push(`${init.method} ${url}`)
        return fetch(url, init)
      },
    })
    expect(textIn((await answerOf(chat)).chunks)).toBe('Hi')
    expect(asked).toEqual([`POST ${url}`])
  })

  it('uses a connection again whose answer is over, also when that is a stream', async () => {
    const service = await startService(streamOf(frame('text.delta', { text: 'a' }), done))
    const chat = fromHttp({ url: service.url })
    for (let turn = 0; turn < 10; turn += 1) await answerOf(chat)
    expect(new Set(service.requests.map(({ req }) => req.socket)).size).toBeLessThan(4)
  })
})

describe('an answer in JSON', () => {
  it('becomes the chunks of all that it says', async () => {
    const answer = {
      content: 'Blue.',
      functions_called: [
        { call_id: '1', name: 'colours', arguments: { chair: 'Alva' }, result: null },
        { call_id: '2', name: 'colours', arguments: 1, error: 'gone' },
        { call_id: '3', name: 'colours', arguments: [] },
      ],
      data: [{ name: 'card', data: { chair: 'Alva' } }],
      state: null,
      usage: { input_tokens: 3, output_tokens: 0 },
      finish_reason: 'length',
    }
    expect(await answered(answerWith('application/json; charset=utf-8', JSON.stringify(answer)))).toEqual({
      chunks: [
        { type: 'functionCall', callId: '1', name: 'colours', arguments: { chair: 'Alva' } },
        { type: 'functionResult', callId: '1', name: 'colours', result: null },
        { type: 'functionCall', callId: '2', name: 'colours', arguments: 1 },
        { type: 'functionResult', callId: '2', name: 'colours', error: 'gone' },
        { type: 'functionCall', callId: '3', name: 'colours', arguments: [] },
        { type: 'data', name: 'card', data: { chair: 'Alva' } },
        text('Blue.'),
        { type: 'usage', inputTokens: 3, outputTokens: 0 },
        { type: 'state', state: null },
        { type: 'finish', reason: 'length' },
      ],
      error: undefined,
    })
  })

  it('needs its content alone, and says nothing of what it leaves out', async () => {
    expect(await answered(answerWith('Application/JSON', '{"content":"Hi","extra":1,"usage":null}'))).toEqual(
      {
        chunks: [text('Hi')],
        error: undefined,
      },
    )
  })

  it('says nothing with null, but for a result and a state, as many serializers write it', async () => {
    const absent = { functions_called: null, data: null, usage: null, finish_reason: null }
    expect(
      await answered(answerWith('application/json', JSON.stringify({ content: 'Hi', ...absent }))),
    ).toEqual({
      chunks: [text('Hi')],
      error: undefined,
    })
    const call = { name: 'find', arguments: null }
    const functions_called = [
      { ...call, call_id: '1', result: 7, error: null },
      { ...call, call_id: '2', result: null, error: 'gone' },
      { ...call, call_id: '3', result: null, error: null },
      { ...call, call_id: '4', error: null },
    ]
    const answer = { content: 'Hi', functions_called, state: null }
    const { chunks, error } = await answered(answerWith('application/json', JSON.stringify(answer)))
    expect(error).toBeUndefined()
    expect(chunks.filter(({ type }) => type !== 'functionCall')).toEqual([
      { type: 'functionResult', callId: '1', name: 'find', result: 7 },
      { type: 'functionResult', callId: '2', name: 'find', error: 'gone' },
      { type: 'functionResult', callId: '3', name: 'find', result: null },
      text('Hi'),
      { type: 'state', state: null },
    ])
  })

  it('may be compressed, cut within characters, and begin with a byte order mark', async () => {
    const json = '\ufeff{"content":"Grüße 🪑"}'
    const zipped = await answered(({ res }) => {
      res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
      res.end(gzipSync(json))
    })
    expect(zipped.chunks).toEqual([text('Grüße 🪑')])
    expect((await answeredInPieces('application/json', byteByByte(json))).chunks).toEqual([text('Grüße 🪑')])
  })

  it('takes a finish reason that it does not know for another one', async () => {
    const { chunks } = await answered(
      answerWith('application/json', '{"content":"","finish_reason":"tools"}'),
    )
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'other' })
  })
})

describe('an answer in text', () => {
  it('is passed on as it comes', async () => {
    const service = await startService(({ res }) => {
      res.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).write('one ')
    })
    const { next } = reading(fromHttp({ url: service.url }))
    expect(await next()).toEqual({ done: false, value: text('one ') })
    const { res } = await service.next()
    res.write('two')
    expect(await next()).toEqual({ done: false, value: text('two') })
    res.end()
    expect(await next()).toEqual({ done: true, value: undefined })
    expect(await next()).toEqual({ done: true, value: undefined })
  })

  it('may be cut within characters, end within one, be empty, and have another charset', async () => {
    const pieces = byteByByte('Grüße 🪑')
    expect(textIn((await answeredInPieces('text/plain', pieces)).chunks)).toBe('Grüße 🪑')
    expect(textIn((await answeredInPieces('text/plain', pieces.slice(0, -1))).chunks)).toBe('Grüße \ufffd')
    expect(await answered(answerWith('text/plain', ''))).toEqual({ chunks: [], error: undefined })
    const latin = answerWith('text/plain; charset="ISO-8859-1"', Buffer.from('Grüße', 'latin1'))
    expect(textIn((await answered(latin)).chunks)).toBe('Grüße')
  })
})

describe('an answer as an event stream', () => {
  const frames = [
    frame('text.delta', { text: 'Grüße ' }),
    frame('function.called', { call_id: '1', name: 'find', arguments: { q: '🪑' } }),
    frame('function.returned', { call_id: '1', name: 'find', result: { n: 1 } }),
    frame('function.called', { call_id: '2', name: 'find', arguments: {} }),
    frame('function.returned', { call_id: '2', name: 'find', error: 'gone' }),
    frame('data', { name: 'card', data: [1] }),
    frame('state', { state: { count: 1 } }),
    frame('usage', { input_tokens: 1, output_tokens: 2 }),
    frame('text.delta', { text: '🪑' }),
    frame('done', { finish_reason: 'stop', usage: { input_tokens: 3, output_tokens: 4 }, state: 5 }),
  ]
  const chunks: Chunk[] = [
    text('Grüße '),
    { type: 'functionCall', callId: '1', name: 'find', arguments: { q: '🪑' } },
    { type: 'functionResult', callId: '1', name: 'find', result: { n: 1 } },
    { type: 'functionCall', callId: '2', name: 'find', arguments: {} },
    { type: 'functionResult', callId: '2', name: 'find', error: 'gone' },
    { type: 'data', name: 'card', data: [1] },
    { type: 'state', state: { count: 1 } },
    { type: 'usage', inputTokens: 1, outputTokens: 2 },
    text('🪑'),
    { type: 'usage', inputTokens: 3, outputTokens: 4 },
    { type: 'state', state: 5 },
    { type: 'finish', reason: 'stop' },
  ]

  it('becomes a chunk for each event', async () => {
    expect(await answered(streamOf(...frames))).toEqual({ chunks, error: undefined })
  })

  it.each([
    ['line feeds', '\n'],
    ['carriage returns', '\r'],
    ['both', '\r\n'],
  ])('is the same with %s, byte by byte, and behind a byte order mark', async (_, end) => {
    const stream = `\ufeff${frames.join('')}`.replaceAll('\n', end)
    expect(await answeredInPieces('text/event-stream', byteByByte(stream))).toEqual({
      chunks,
      error: undefined,
    })
  })

  it('passes over comments, ids, retries, events of other names or without data, and data on more lines', async () => {
    const stream = [
      ': a comment\n\n',
      'id: 7\nretry: 100\nretry: soon\nnonsense\nevent: text.delta\ndata: {"text":\ndata: "a"}\n\n',
      'data: no JSON, and no name\n\n',
      'event: later.version\ndata: no JSON either\n\n',
      'event: toString\ndata: {}\n\n',
      'event: text.delta\n\n',
      done,
      frame('text.delta', { text: 'never' }),
    ]
    expect(await answered(streamOf(...stream))).toEqual({ chunks: [text('a')], error: undefined })
  })

  it('says nothing with null, but for a result and a state', async () => {
    const call = { call_id: '1', name: 'find' }
    const stream = streamOf(
      frame('function.called', { ...call, arguments: null }),
      frame('function.returned', { ...call, result: 1, error: null }),
      frame('function.called', { ...call, call_id: '2', arguments: {} }),
      frame('function.returned', { ...call, call_id: '2', result: null, error: 'gone' }),
      frame('function.called', { ...call, call_id: '3', arguments: {} }),
      frame('function.returned', { ...call, call_id: '3', result: null, error: null }),
      frame('text.delta', { text: 'a' }),
      frame('done', { finish_reason: null, usage: null, state: null }),
    )
    const { chunks, error } = await answered(stream)
    expect(error).toBeUndefined()
    expect(chunks.filter(({ type }) => type !== 'functionCall')).toEqual([
      { type: 'functionResult', callId: '1', name: 'find', result: 1 },
      { type: 'functionResult', callId: '2', name: 'find', error: 'gone' },
      { type: 'functionResult', callId: '3', name: 'find', result: null },
      text('a'),
      { type: 'state', state: null },
    ])
  })

  it('may say a thousand things at once', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => frame('text.delta', { text: `${n} ` }))
    const { chunks } = await answered(streamOf(...many, done))
    expect(chunks).toHaveLength(5_000)
    expect(chunks.at(-1)).toEqual(text('4999 '))
  })

  it('is over with done, also where the service holds its connection open: that is closed then', async () => {
    const service = await startService((request) => {
      beginStream(request)
      request.res.write(frame('text.delta', { text: 'a' }) + done)
    })
    expect(await answerOf(fromHttp({ url: service.url }))).toEqual({ chunks: [text('a')], error: undefined })
    const { res } = await service.next()
    if (!res.closed) await new Promise((closed) => res.once('close', closed))
    expect(res.writableFinished).toBe(false)
  })
})
