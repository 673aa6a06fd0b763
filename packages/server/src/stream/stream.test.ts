import { request } from 'node:http'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { echo, gate, startServer } from '../server.fixture.js'
import { eventsOf, framesOf } from './event-stream.fixture.js'

describe('a stream', () => {
  it('carries the numbered events of the turn, and ends with it', async () => {
    const server = await startServer(async function* (message) {
      yield { type: 'functionCall', callId: 'c1', name: 'look', arguments: {} }
      yield { type: 'functionResult', callId: 'c1', name: 'look', result: null }
      yield { type: 'data', name: 'note', data: { line: 'a\nb' } }
      yield* echo(message, {} as never)
    })
    const response = await server.post('/api/v1/chat', { message: 'hello there', stream: true })
    expect(response.status).toBe(200)
    const text = await response.text()
    const events = eventsOf(text)
    expect(events.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      '1 turn.started',
      '2 function.called',
      '3 function.returned',
      '4 data',
      '5 text.delta',
      '6 text.delta',
      '7 text.delta',
      '8 text.delta',
      '9 turn.completed',
    ])
    expect(events[0]?.data).toEqual({
      session_id: response.headers.get('x-session-id'),
      turn_id: response.headers.get('x-turn-id'),
    })
    expect(events.at(-1)?.data).toMatchObject({
      content: 'You said: hello there',
      functions_called: [{ call_id: 'c1' }],
    })
    expect(framesOf(text)[0]).toMatch(/^retry: 1000\nid: 1\nevent: turn\.started\ndata: /)
  })

  it('has the headers that keep proxies from holding it back', async () => {
    const server = await startServer(echo)
    const { headers } = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    expect(headers.get('content-type')).toBe('text/event-stream')
    expect(headers.get('cache-control')).toBe('no-store, no-transform')
    expect(headers.get('x-accel-buffering')).toBe('no')
  })

  it('is what the field says, and what the Accept header says where the field says nothing', async () => {
    const server = await startServer(echo)
    const type = async (body: object, accept: string) => {
      const response = await server.post(
        '/api/v1/chat',
        { message: 'hi', ...body },
        { headers: { Accept: accept } },
      )
      return response.headers.get('content-type')
    }
    expect(await type({}, 'text/event-stream')).toBe('text/event-stream')
    expect(await type({}, 'application/json, text/event-stream;q=0.5')).toBe('application/json')
    expect(await type({}, 'text/event-stream;charset=utf-8')).toBe('text/event-stream')
    expect(await type({}, 'text/event-stream; charset="UTF-8"; q=0.9')).toBe('text/event-stream')
    expect(await type({}, 'text/event-stream;q=0.5, application/json;charset=utf-8')).toBe('application/json')
    expect(await type({}, 'text/event-stream;charset=latin1, */*;q=0.1')).toBe('application/json')
    expect(await type({}, '*/*')).toBe('application/json')
    expect(await type({ stream: false }, 'text/event-stream')).toBe('application/json')
    expect(await type({ stream: true }, 'application/json')).toBe('text/event-stream')
  })

  it('shows each piece as soon as it is there', async () => {
    const { opened, open } = gate()
    const server = await startServer(async function* () {
      yield 'first'
      await opened
      yield 'second'
    })
    const response = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('first')) text += (await reader?.read())?.value ?? ''
    expect(text).not.toContain('second')
    open()
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      text += part.value
    expect(eventsOf(text).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
  })

  it('of a turn that fails ends with the problem, without a request id and without a word of its own', async () => {
    const server = await startServer(async function* () {
      yield 'so far'
      throw new Error('secret')
    })
    const text = await (await server.post('/api/v1/chat', { message: 'hi', stream: true })).text()
    const last = eventsOf(text).at(-1)
    expect(last).toMatchObject({
      type: 'turn.failed',
      data: { code: 'chat_failed', status: 500, content: 'so far' },
    })
    expect(last?.data).not.toHaveProperty('request_id')
    expect(text).not.toContain('secret')
  })

  it('is a problem response instead when the turn does not begin', async () => {
    const server = await startServer(echo)
    const response = await server.post('/api/v1/chat', { message: 'hi', session_id: 'sess_0', stream: true })
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })

  it('is kept alive by a comment after every fifteen seconds of silence', async () => {
    const clock = createManualClock()
    const { opened, open } = gate()
    const server = await startServer(
      async function* () {
        yield 'a'
        await opened
        yield 'b'
      },
      { serve: { clock } },
    )
    const response = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const readUntil = async (wanted: string) => {
      while (!text.includes(wanted)) text += (await reader?.read())?.value ?? ''
    }
    await readUntil('"a"')
    await clock.advance(14_999)
    expect(text).not.toContain('keep-alive')
    await clock.advance(1)
    await readUntil(': keep-alive\n\n')
    open()
    await readUntil('turn.completed')
    await server.line(({ msg }) => msg === 'request answered')
    expect(clock.timers).toBe(0)
  })

  it('that its client leaves does not stop the turn, and leaves nothing behind', async () => {
    const { opened, open } = gate()
    const clock = createManualClock()
    const server = await startServer(
      async function* () {
        yield 'first '
        await opened
        yield 'second'
      },
      { serve: { clock } },
    )
    const controller = new AbortController()
    const response = await server.post(
      '/api/v1/chat',
      { message: 'hi', stream: true },
      { signal: controller.signal },
    )
    await response.body?.getReader().read()
    controller.abort()
    await server.line(({ msg }) => msg === 'request left by its client')
    await clock.advance(0)
    expect(clock.timers).toBe(0)
    open()
    await server.line(({ msg }) => msg === 'turn completed')
    const { data } = await server.manager.sessions.messages(response.headers.get('x-session-id') ?? '')
    expect(data[1]).toMatchObject({ content: 'first second', status: 'complete' })
    expect(server.lines.filter(({ level }) => Number(level) >= 40)).toEqual([])
  })

  it('waits for a client that does not read, and gives it everything when it does', async () => {
    const piece = 'x'.repeat(1_000)
    const server = await startServer(
      async function* () {
        for (let n = 0; n < 8_000; n += 1) yield piece
      },
      { manager: { limits: { maxOutputBytes: 100_000_000 } } },
    )
    const text = await new Promise<string>((resolve, reject) => {
      const body = JSON.stringify({ message: 'flood', stream: true })
      const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }
      const req = request(`${server.url}/api/v1/chat`, { method: 'POST', headers }, (res) => {
        res.setEncoding('utf8')
        let received = ''
        void server
          .line(({ msg }) => msg === 'turn completed') // the turn ends without waiting for its reader
          .then(() => res.on('data', (part: string) => (received += part)).on('end', () => resolve(received)))
        res.on('error', reject)
      })
      req.end(body)
    })
    const events = eventsOf(text)
    expect(events).toHaveLength(8_002)
    expect(events.every(({ seq }, index) => seq === index + 1)).toBe(true)
  })

  it('breaks off without a final event when the store fails, so that nobody takes it for whole', async () => {
    const server = await startServer(echo)
    const startTurn = server.manager.startTurn.bind(server.manager)
    Object.assign(server.manager, {
      startTurn: async (...args: Parameters<typeof startTurn>) => {
        const turn = await startTurn(...args)
        const eventBatches = async function* () {
          yield [{ type: 'text.delta', text: 'half', seq: 1 } as const]
          throw new Error('disk on fire')
        }
        return Object.assign(turn, { eventBatches })
      },
    })
    const reading = server
      .post('/api/v1/chat', { message: 'hi', stream: true })
      .then((response) => response.text())
    await expect(reading).rejects.toThrow(TypeError)
    expect(JSON.stringify(await server.line(({ msg }) => msg === 'request failed'))).toContain('disk on fire')
  })
})
