import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bytesBehind } from '../test/broken-streams.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { chatResponse, events, frame, stream } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { lastEventId, rawStreamHead, startRawServer } from '../test/start-raw-server.js'
import { createClient } from './index.js'

const json = JSON.stringify(chatResponse)
const jsonHead = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'

/** Writes pieces on and on, as fast as they are taken. @returns how many bytes were written when the connection ended */
async function writeForEver(socket: Socket, piece: Uint8Array): Promise<number> {
  const closed = new Promise((resolve) => socket.once('close', resolve))
  while (!socket.destroyed) {
    if (socket.write(piece)) continue
    await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
  }
  return socket.bytesWritten
}

describe('what has no end', () => {
  const mebibyte = Buffer.alloc(1_048_576, 'x')

  test.each(['data: ', 'data: 1\ndata: ', ':', ''])(
    'an event that begins with %j and goes on for ever is an error, not memory',
    async (beginning) => {
      const written = Promise.withResolvers<number>()
      const { url } = await startRawServer((socket) => {
        socket.write(rawStreamHead + stream(events.slice(0, 1)) + beginning)
        void writeForEver(socket, mebibyte).then(written.resolve)
      })
      const before = process.memoryUsage()
      const error = await failureOf(readAll(createClient({ baseUrl: url }).stream('Hello')))
      expect(error).toMatchObject({
        name: 'InvalidResponseError',
        detail: 'Event 2 is too long.',
        lastEventId: 1,
      })
      // The connection was closed soon, though some of it lay in the buffers of the system.
      expect(await written.promise).toBeLessThan(64 * mebibyte.length)
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      expect(heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(
        128 * mebibyte.length,
      )
    },
  )

  test('lines of data without end are an error, too', async () => {
    const { url } = await startRawServer((socket) => {
      socket.write(rawStreamHead)
      void writeForEver(socket, Buffer.from('data: 0123456789\n'.repeat(60_000)))
    })
    const failure = failureOf(readAll(createClient({ baseUrl: url }).stream('Hello')))
    expect(await failure).toMatchObject({ detail: 'Event 1 is too long.' })
  })

  test('keep-alives without end are no memory, and left with the loop', async () => {
    const written = Promise.withResolvers<number>()
    const { url } = await startRawServer((socket) => {
      socket.write(rawStreamHead + stream(events.slice(0, 1)))
      void writeForEver(socket, Buffer.from(': keep-alive\n\n'.repeat(70_000))).then(written.resolve)
    })
    const stop = new AbortController()
    const turn = createClient({ baseUrl: url }).stream('Hello', { signal: stop.signal })
    const reader = turn[Symbol.asyncIterator]()
    await reader.next()
    const next = reader.next()
    await reader.return?.()
    await expect(next).rejects.toMatchObject({ name: 'AbortError' })
    expect(await written.promise).toBeGreaterThan(0)
  })

  test('a JSON answer without end is an error, and its body is left', { timeout: 60_000 }, async () => {
    const piece = new Uint8Array(4 * 1_048_576).fill(32)
    let pieces = 0
    let isLeft = false
    const fetch = async () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            pieces += 1
            controller.enqueue(piece)
          },
          cancel() {
            isLeft = true
          },
        }),
      )
    const error = await failureOf(createClient({ baseUrl: 'http://localhost', fetch }).send('Hello'))
    expect(error).toMatchObject({ name: 'InvalidResponseError', detail: 'The answer is too long.' })
    expect(pieces).toBeLessThan(80)
    expect(isLeft).toBe(true)
  })

  test('a head without end is a lost connection', async () => {
    const { url } = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      void writeForEver(socket, Buffer.from(`X-More: ${'x'.repeat(1_000)}\r\n`))
    })
    const client = createClient({ baseUrl: url, maxRetries: 0 })
    expect(await failureOf(client.send('Hello'))).toMatchObject({ code: 'network_error' })
    expect(await failureOf(readAll(client.stream('Hello')))).toMatchObject({ code: 'network_error' })
  })

  test.each([301, 302, 307, 308])('redirections (%i) without end are a lost connection', async (status) => {
    const { url, heads } = await startRawServer((socket) =>
      socket.write(`HTTP/1.1 ${status} Elsewhere\r\nLocation: /api/v1/chat\r\nContent-Length: 0\r\n\r\n`),
    )
    const client = createClient({ baseUrl: url, maxRetries: 1, ...recordWaits() })
    expect(await failureOf(client.send('Hello'))).toMatchObject({ code: 'network_error', status: 0 })
    expect(heads.length).toBeLessThan(50)
  })

  test('attempts that all begin and bring nothing have an end', async () => {
    const { url, heads } = await startRawServer((socket) => socket.end(`${rawStreamHead}: hello\n\n`))
    const client = createClient({ baseUrl: url, maxReconnects: 3, ...recordWaits() })
    expect(await failureOf(readAll(client.stream('Hello')))).toMatchObject({ code: 'network_error' })
    expect(heads).toHaveLength(4)
  })
})

describe('what is not whole', () => {
  /** Answers the first request with half of the JSON, so; the second with all of it. */
  async function sendTwice(half: string, end: (socket: Socket) => void) {
    const { url, heads } = await startRawServer((socket, _, request) => {
      if (request > 0) socket.end(`${jsonHead}Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`)
      else socket.write(half, () => end(socket))
    })
    const sent = createClient({ baseUrl: url, ...recordWaits() }).send('Hello')
    return { sent, heads }
  }

  test.each([
    ['a FIN', (socket: Socket) => socket.end()],
    ['a RST', (socket: Socket) => socket.resetAndDestroy()],
  ])('half of an answer with a length, and %s: it is asked for again, with its key', async (_, end) => {
    const half = `${jsonHead}Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json.slice(0, 50)}`
    const { sent, heads } = await sendTwice(half, end)
    expect(await sent).toEqual(chatResponse)
    const keys = heads.map((head) => /^idempotency-key: (.+)$/im.exec(head)?.[1])
    expect(keys).toEqual([keys[0], keys[0]])
    expect(keys[0]).toBeDefined()
  })

  test('half of an answer in chunks is asked for again', async () => {
    const half = `${jsonHead}Transfer-Encoding: chunked\r\n\r\n32\r\n${json.slice(0, 20)}`
    const { sent } = await sendTwice(half, (socket) => socket.end())
    expect(await sent).toEqual(chatResponse)
  })

  test('half of an answer that ends with its connection is one that nobody understands', async () => {
    const { sent } = await sendTwice(`${jsonHead}Connection: close\r\n\r\n${json.slice(0, 50)}`, (socket) =>
      socket.end(),
    )
    const error = await failureOf(sent)
    expect(error).toMatchObject({ name: 'InvalidResponseError', status: 200 })
    expect(String(error)).not.toContain('Zwölf')
  })

  test('a stream in chunks that breaks within one goes on behind its last event', async () => {
    const text = stream(events.slice(0, 2))
    const { url, heads } = await startRawServer((socket, head, request) => {
      if (request > 0) socket.end(Buffer.concat([Buffer.from(rawStreamHead), bytesBehind(lastEventId(head))]))
      else {
        const chunked = rawStreamHead.replace('Connection: close', 'Transfer-Encoding: chunked')
        socket.end(`${chunked}${(text.length + 100).toString(16)}\r\n${text}`)
      }
    })
    const client = createClient({ baseUrl: url, ...recordWaits() })
    expect(await readAll(client.stream('Hello'))).toEqual(events)
    expect(lastEventId(heads[1] ?? '')).toBe(2)
  })

  test('what is no HTTP is a lost connection', async () => {
    const { url } = await startRawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    const client = createClient({ baseUrl: url, maxRetries: 0 })
    expect(await failureOf(client.send('Hello'))).toMatchObject({ code: 'network_error' })
  })
})

describe('what is odd, but HTTP', () => {
  test('a head before the head', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'
    const { url } = await startRawServer((socket, head) => {
      if (head.includes('event-stream')) socket.end(hints + rawStreamHead + stream())
      else socket.end(`${hints}${jsonHead}Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`)
    })
    const client = createClient({ baseUrl: url })
    expect(await client.send('Hello')).toEqual(chatResponse)
    expect(await readAll(client.stream('Hello'))).toEqual(events)
  })

  test('HTTP/1.0, without a length', async () => {
    const { url } = await startRawServer((socket, head) => {
      const old = (text: string) => text.replace('HTTP/1.1', 'HTTP/1.0')
      if (head.includes('event-stream')) socket.end(old(rawStreamHead) + stream())
      else socket.end(`${old(jsonHead)}\r\n${json}`)
    })
    const client = createClient({ baseUrl: url })
    expect(await client.send('Hello')).toEqual(chatResponse)
    expect(await readAll(client.stream('Hello'))).toEqual(events)
  })

  test('what a proxy has compressed', async () => {
    const { url } = await startRawServer((socket, head) => {
      const [before, body] = head.includes('event-stream') ? [rawStreamHead, stream()] : [jsonHead, json]
      const encoded = `${before.trimEnd()}\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n`
      socket.end(Buffer.concat([Buffer.from(encoded), gzipSync(body)]))
    })
    const client = createClient({ baseUrl: url })
    expect(await client.send('Hello')).toEqual(chatResponse)
    expect(await readAll(client.stream('Hello'))).toEqual(events)
  })

  test('what says that it is compressed, and is not, is a lost connection', async () => {
    const { url } = await startRawServer((socket) =>
      socket.end(`${jsonHead}Content-Encoding: gzip\r\nConnection: close\r\n\r\n${json}`),
    )
    const client = createClient({ baseUrl: url, maxRetries: 0 })
    expect(await failureOf(client.send('Hello'))).toMatchObject({ code: 'network_error' })
  })

  test('JSON that is no UTF-8 has other characters in their places', async () => {
    const latin1 = Buffer.from(JSON.stringify({ ...chatResponse, content: 'Stühle' }), 'latin1')
    const { url } = await startRawServer((socket) => {
      socket.write(`${jsonHead}Content-Length: ${latin1.length}\r\n\r\n`)
      socket.write(latin1)
    })
    expect(await createClient({ baseUrl: url }).send('Hello')).toMatchObject({ content: 'St\uFFFDhle' })
  })

  test('a 304, which nobody asked for, is no answer', async () => {
    const { url } = await startRawServer((socket) => socket.end('HTTP/1.1 304 Not Modified\r\n\r\n'))
    const client = createClient({ baseUrl: url })
    expect(await failureOf(client.status())).toMatchObject({ code: 'unexpected_response', status: 304 })
    expect(await failureOf(readAll(client.stream('Hello')))).toMatchObject({ status: 304 })
  })
})

describe('streams that lie', () => {
  /** Reads what the server says to the first request, and to the others. */
  async function read(first: string, then = '') {
    const recorded = recordWaits()
    const { url, heads } = await startRawServer((socket, _, request) =>
      socket.end(rawStreamHead + (request === 0 ? first : then)),
    )
    const client = createClient({ baseUrl: url, maxReconnects: 2, ...recorded })
    return { turn: client.stream('Hello'), heads, waits: recorded.waits }
  }

  const last = frame({ seq: 2, type: 'turn.cancelled', data: { reason: 'r', content: '' } })
  const whole = stream(events.slice(0, 1)) + last

  test.each([
    ['the final event again', last],
    ['another final event', frame({ ...events[6], seq: 3 } as never)],
    ['further text', frame({ seq: 3, type: 'text.delta', data: { text: 'late' } })],
    ['what is no event', 'id: x\ndata: {\n\n\0\n'],
  ])('behind the final event, %s is not looked at', async (_, after) => {
    const { turn, heads } = await read(whole + after)
    expect((await readAll(turn)).map(({ type }) => type)).toEqual(['turn.started', 'turn.cancelled'])
    expect(heads).toHaveLength(1)
  })

  test.each([
    ['the events from the first on', stream()],
    ['the last event again', stream(events.slice(1))],
    ['events from a later one on', stream(events.slice(3))],
    ['events in another order', stream([events[3], events[2]] as never)],
  ])('behind event 2, %s are an error, and none is seen twice', async (_, then) => {
    const { turn } = await read(stream(events.slice(0, 2)), then)
    const seen: number[] = []
    const reading = async () => {
      for await (const { seq } of turn) seen.push(seq)
    }
    expect(await failureOf(reading())).toMatchObject({ detail: 'Event 3 is missing.', lastEventId: 2 })
    expect(seen).toEqual([1, 2])
  })

  test.each([
    ['-5', 1_000],
    ['1e9', 1_000],
    ['0', 0],
    ['60001', 60_000],
    ['99999999999999999999999999', 60_000],
  ])('retry: %s waits for %i ms', async (retry, ms) => {
    const { turn, waits } = await read(
      `retry: ${retry}\n${stream(events.slice(0, 1)).replace(/retry.*\n/, '')}`,
    )
    await failureOf(readAll(turn))
    expect(waits[0]).toBe(ms)
  })

  test.each(['1\0', '01', '+1', '1.0', ' 1', '1e0', '٣'])('the number %j is none', async (id) => {
    const { turn } = await read(stream(events.slice(0, 1)).replace('id: 1', `id: ${id}`))
    expect(await failureOf(readAll(turn))).toMatchObject({ detail: 'Event 1 is missing.' })
  })

  test('a NUL in the data is no JSON, and in a comment nothing', async () => {
    const { turn } = await read(`:\0\n${stream(events.slice(0, 1)).replace('{', '{\0')}`)
    expect(await failureOf(readAll(turn))).toMatchObject({
      detail: 'Event 1 (turn.started) has no object.',
    })
  })

  test('the head names the turn that is read on, whatever its first event says', async () => {
    const other = { session_id: 'sess_2', turn_id: 'turn_2' }
    const { turn, heads } = await read(frame({ seq: 1, type: 'turn.started', data: other }), whole)
    await failureOf(readAll(turn))
    expect(heads[1]).toContain('/sessions/sess_1/turns/turn_1/events')
  })
})
