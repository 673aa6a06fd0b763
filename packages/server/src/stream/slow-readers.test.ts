import { once } from 'node:events'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { gate, startServer, type TestServerOptions } from '../server.fixture.js'
import { eventsOf } from './event-stream.fixture.js'

const ticks = async (count: number) => {
  for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Resolves when this has been so for a hundred rounds of the event loop: no data moves any more. */
async function settled(isSo: () => boolean): Promise<void> {
  for (let rounds = 0; rounds < 100; rounds = isSo() ? rounds + 1 : 0) await ticks(1)
}

const piece = 'x'.repeat(8_000)

/** A server on a clock that stands still, whose chat says more than a connection takes, and the answer it is writing. */
async function startFlooding(options: TestServerOptions = {}) {
  const clock = createManualClock()
  const server = await startServer(
    async function* () {
      for (let n = 0; n < 4_000; n += 1) yield piece
    },
    { manager: { limits: { maxOutputBytes: 100_000_000 } }, serve: { clock, ...options.serve } },
  )
  const answers: ServerResponse[] = []
  server.server.prependListener('request', (_req, res: ServerResponse) => answers.push(res))
  return { server, clock, answers }
}

/** Asks for a stream and reads nothing of it yet. */
async function ask(url: string, path = '/api/v1/chat', method = 'POST') {
  const req = request(url + path, { method, headers: { 'Content-Type': 'application/json' } })
  req.end(method === 'POST' ? JSON.stringify({ message: 'flood', stream: true }) : undefined)
  const [res] = (await once(req, 'response')) as [IncomingMessage]
  onTestFinished(() => void req.destroy())
  res.setEncoding('utf8').on('error', () => {}) // it may break off
  return res
}

/** Asks for a stream, of which nothing is read but what is asked for. */
function askByHand(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' })
  onTestFinished(() => void socket.destroy())
  socket.write(chatRequest('flood'))
  return socket
}

function chatRequest(message: string): string {
  const body = JSON.stringify({ message, stream: true })
  const head = ['POST /api/v1/chat HTTP/1.1', 'Host: localhost', 'Content-Type: application/json']
  return [...head, `Content-Length: ${body.length}`, '', body].join('\r\n')
}

/** What comes next on a connection; only so much of it is taken from the system. */
async function someOf(socket: Socket): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read() as Buffer | null
    if (bytes !== null) return bytes
    await once(socket, 'readable')
  }
}

/** Reads a stream until it ends or breaks off. */
async function textOf(res: IncomingMessage): Promise<string> {
  let text = ''
  res.on('data', (part: string) => (text += part))
  if (!res.closed) await new Promise((resolve) => res.once('close', resolve))
  return text
}

describe('a reader that does not read', () => {
  it('costs a bounded piece of memory, however much there is to read, and no comments pile up for it', async () => {
    const { server, clock, answers } = await startFlooding({ serve: { stalledReaderMs: 10_000_000 } })
    await ask(server.url)
    await server.line(({ msg }) => msg === 'turn completed')
    const [answer] = answers
    await settled(() => answer?.writableNeedDrain === true)
    const waiting = answer?.writableLength ?? 0
    expect(waiting).toBeLessThan(200_000)
    for (let n = 0; n < 100; n += 1) await clock.advance(15_000)
    expect(answer?.writableLength).toBe(waiting)
  })

  it('is dropped after 30 s, and 1 s for every 8 KiB it was sent, not before, and can come back for the rest', async () => {
    const { server, clock, answers } = await startFlooding()
    const res = await ask(server.url)
    const { 'x-session-id': sessionId, 'x-turn-id': turnId } = res.headers
    await server.line(({ msg }) => msg === 'turn completed')
    const [answer] = answers
    await settled(() => answer?.writableNeedDrain === true)
    const sent = answer?.socket?.bytesWritten ?? 0
    const patience = Math.ceil(30_000 + Math.min(sent, 4_194_304) / 8.192) // for 4 MiB at most
    expect(patience).toBeGreaterThan(100_000)
    await clock.advance(patience - 1)
    expect(answer?.destroyed).toBe(false)
    await clock.advance(1)
    const line = await server.line(({ route }) => route === '/api/v1/chat')
    expect(line).toMatchObject({
      level: 30,
      msg: 'request dropped: its client took nothing of the stream',
      stream: 'stalled',
      turn_id: turnId,
    })
    expect(clock.timers).toBe(0)

    const text = await textOf(res)
    const seen = eventsOf(text.slice(0, text.lastIndexOf('\n\n') + 2))
    expect(seen.length).toBeGreaterThan(0)
    const path = `/api/v1/sessions/${String(sessionId)}/turns/${String(turnId)}/events`
    const rest = eventsOf(await textOf(await ask(server.url, `${path}?after=${seen.length}`, 'GET')))
    const all = [...seen, ...rest]
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1))
    expect(all).toHaveLength(4_002)
    expect(all.at(-1)?.type).toBe('turn.completed')
  })

  it('is not dropped while it reads, however slowly: each piece that it takes gives it new time', async () => {
    const { server, clock, answers } = await startFlooding()
    const res = await ask(server.url)
    await server.line(({ msg }) => msg === 'turn completed')
    const [answer] = answers
    let received = ''
    res.on('data', (part: string) => (received += part)).pause()
    for (let round = 0; round < 5; round += 1) {
      await settled(() => answer?.writableNeedDrain === true)
      await clock.advance(29_999)
      const before = received.length
      res.resume()
      while (received.length < before + 6_000_000) await ticks(1)
      res.pause()
    }
    res.resume()
    await once(res, 'end')
    expect(eventsOf(received)).toHaveLength(4_002)
    expect(await server.line(({ route }) => route === '/api/v1/chat')).toMatchObject({ stream: 'answered' })
  })

  it.each([
    ['8 KiB a second', 0],
    ['8 KiB a second, after it was fast, so that more is buffered for it', 16_000_000],
  ])(
    'is not dropped while it reads %s, although the system tells of it only after megabytes',
    async (_, fast) => {
      const { server, clock, answers } = await startFlooding()
      const socket = askByHand(server.port)
      await server.line(({ msg }) => msg === 'turn completed')
      const [answer] = answers
      await settled(() => answer?.writableNeedDrain === true)
      for (let received = 0; received < 28_000_000; ) {
        const { length } = await someOf(socket)
        received += length
        if (received > fast) await clock.advance((length / 8_192) * 1_000)
        expect(answer?.destroyed, `after ${received} bytes`).toBe(false)
      }
    },
  )

  it('is dropped as well when all it has left to take are the last bytes', async () => {
    const clock = createManualClock()
    const answers: ServerResponse[] = []
    const isTaking = () => answers.every(({ writableLength }) => writableLength === 0)
    const server = await startServer(
      async function* () {
        for (;;) {
          yield { type: 'data', name: 'filler', data: piece } // the final event has no room for it
          await ticks(5)
          if (isTaking()) continue
          await ticks(100)
          if (!isTaking()) return // what was written last stays where it is
        }
      },
      { manager: { limits: { maxTurnLength: 100_000_000 } }, serve: { clock } },
    )
    server.server.prependListener('request', (_req, res: ServerResponse) => answers.push(res))
    await ask(server.url)
    await server.line(({ msg }) => msg === 'turn completed')
    const [answer] = answers
    await settled(() => answer?.writableEnded === true)
    expect([answer?.writableFinished, answer?.writableNeedDrain]).toEqual([false, false])
    while (answer?.destroyed === false) await clock.advance(30_000)
    expect(await server.line(({ route }) => route === '/api/v1/chat')).toMatchObject({ stream: 'stalled' })
  })

  it('is not dropped while its stream waits for another one on its connection', async () => {
    const clock = createManualClock()
    const { opened, open } = gate()
    const server = await startServer(
      async function* (message) {
        yield 'so far'
        if (message === 'slow') await opened
      },
      { serve: { clock } },
    )
    const answers: ServerResponse[] = []
    server.server.prependListener('request', (_req, res: ServerResponse) => answers.push(res))
    const socket = connect({ port: server.port, host: '127.0.0.1' })
    onTestFinished(() => void socket.destroy())
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => (text += part))
    socket.write(chatRequest('slow') + chatRequest('quick'))
    await settled(() => answers[1]?.writableEnded === true)
    for (let n = 0; n < 3; n += 1) await clock.advance(29_999)
    expect(text).toContain('so far')
    expect(answers.map(({ destroyed }) => destroyed)).toEqual([false, false])
    open()
    await settled(() => text.match(/event: turn.completed/g)?.length === 2)
  })

  it('holds nobody else up', async () => {
    const { server } = await startFlooding()
    const slow = await ask(server.url)
    const { 'x-session-id': sessionId, 'x-turn-id': turnId } = slow.headers
    const path = `/api/v1/sessions/${String(sessionId)}/turns/${String(turnId)}/events`
    const quick = await textOf(await ask(server.url, path, 'GET'))
    expect(eventsOf(quick)).toHaveLength(4_002)
  })
})
