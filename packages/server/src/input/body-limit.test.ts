import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { exchange } from '../connections/raw-exchange.fixture.js'
import { echo, startServer } from '../server.fixture.js'

const limit = 10_000

const start = (...headers: string[]): string =>
  [
    'POST /api/v1/chat HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    ...headers,
    '',
    '',
  ].join('\r\n')

/** A chat request of so many bytes. */
const bodyOf = (length: number): string => `{"message":"${'x'.repeat(length - 14)}"}`

const chunk = (bytes: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')])

/** Connects, and collects what comes back. */
function open(port: number): { readonly socket: Socket; received(): string } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', (bytes) => {
    text += String(bytes)
  })
  socket.on('error', () => {}) // the server may close while the client still sends
  return { socket, received: () => text }
}

const serve = () => startServer(echo, { serve: { bodyLimit: limit } })

describe('a body over the limit is refused at once', () => {
  it.each<[string, string | Buffer]>([
    ['when it is announced', start(`Content-Length: ${limit + 1}`)],
    ['when it is announced, and its client waits', start('Expect: 100-continue', 'Content-Length: 1000000')],
    [
      'when its chunks are too many',
      Buffer.concat([chunked(), ...Array(3).fill(chunk('x'.repeat(limit / 2)))]),
    ],
    [
      'when it is larger than it looks, compressed',
      Buffer.concat([chunked('gzip'), chunk(gzipSync(' '.repeat(limit * 100)).subarray(0, 500))]),
    ],
    ['when it is compressed and announced', start('Content-Encoding: br', 'Content-Length: 1000000')],
    [
      'when it is compressed to nothing, again and again',
      Buffer.concat([chunked('gzip'), chunk(gzipOfNothing(2 * limit))]),
    ],
  ])('%s', async (_when, bytes) => {
    const { port } = await serve()
    const answer = await exchange(port, bytes)
    expect(answer.headers.get('connection')).toBe('close')
    expect(await problemOf(answer, 'payload_too_large')).toMatchObject({
      detail: 'The body is larger than 10000 bytes.',
    })
  })

  it('and nobody is told to send it', async () => {
    const { port } = await serve()
    const { socket, received } = open(port)
    socket.write(start('Expect: 100-continue', 'Content-Length: 1000000'))
    await once(socket, 'end')
    expect(received()).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('and a client that goes on sending reads the answer before its connection is closed', async () => {
    const { port } = await serve()
    const { socket, received } = open(port)
    const megabyte = Buffer.alloc(1_048_576, 'x')
    const send = (): void => {
      while (!socket.destroyed && socket.write(megabyte));
    }
    socket.on('drain', send)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(start('Content-Length: 999999999999'))
    send()
    await closed
    expect(received()).toMatch(/^HTTP\/1\.1 413 [^]*"code":"payload_too_large"/)
    expect(socket.bytesWritten).toBeLessThan(200_000_000)
  })

  it('and what follows it is no request any more', async () => {
    const { port, manager } = await serve()
    const { socket, received } = open(port)
    socket.write(start(`Content-Length: ${limit + 1}`))
    await once(socket, 'end')
    socket.write(
      `${'x'.repeat(limit + 1)}${'POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(2)}`,
    )
    socket.end()
    await once(socket, 'close')
    expect(received().match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect((await manager.status()).sessionCount).toBe(0)
  })

  it('and is one line of the log', async () => {
    const server = await serve()
    await exchange(server.port, start(`Content-Length: ${limit + 1}`))
    expect(await server.line(({ status }) => status === 413)).toMatchObject({
      level: 30,
      msg: 'request answered',
    })
  })
})

describe('a body at the limit is read', () => {
  const body = bodyOf(limit)
  const stored = gzipSync(body, { level: constants.Z_NO_COMPRESSION })

  it.each<[string, Buffer]>([
    ['as it is', Buffer.from(start(`Content-Length: ${limit}`) + body)],
    ['in chunks', Buffer.concat([chunked(), chunk(body.slice(0, 7)), chunk(body.slice(7)), chunk('')])],
    ['as gzip', sent('gzip', gzipSync(body))],
    ['as gzip that is larger', sent('gzip', stored)],
    ['as gzip in chunks', Buffer.concat([chunked('GZIP'), chunk(stored), chunk('')])],
    ['as deflate', sent('deflate', deflateSync(body))],
    ['as br', sent('br', brotliCompressSync(body))],
    ['with a mark of its byte order', Buffer.from(`${start('Content-Length: 19')}\ufeff{"message":"hi"}`)],
  ])('%s', async (_how, bytes) => {
    expect(stored.length).toBeGreaterThan(limit)
    const { port } = await serve()
    const answer = await exchange(port, bytes)
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'keep-alive'])
  })

  it('when its client has been told to send it', async () => {
    const { port } = await serve()
    const { socket, received } = open(port)
    socket.write(start('Expect: 100-continue', `Content-Length: ${limit}`))
    await once(socket, 'data')
    expect(received()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    socket.write(body)
    socket.write(start('Content-Length: 16', 'Connection: close') + '{"message":"hi"}')
    await once(socket, 'end')
    expect(received().match(/HTTP\/1\.1 200 /g)).toHaveLength(2)
  })
})

describe('a client that waits to be told that it may send its body', () => {
  it('is not told when its request is refused anyway, and has to connect again', async () => {
    const { port } = await startServer(echo, { serve: { authenticate: () => null } })
    const { socket, received } = open(port)
    socket.write(start('Expect: 100-continue', 'Content-Length: 16'))
    await once(socket, 'end')
    expect(received()).toMatch(/^HTTP\/1\.1 401 [^]*\r\nConnection: close\r\n/)
  })
})

function chunked(encoding = 'identity'): Buffer {
  return Buffer.from(start('Transfer-Encoding: chunked', `Content-Encoding: ${encoding}`))
}

function sent(encoding: string, bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(start(`Content-Encoding: ${encoding}`, `Content-Length: ${bytes.length}`)),
    bytes,
  ])
}

/** Empty gzip members, one after the other: so many bytes, and nothing in them. */
function gzipOfNothing(length: number): Buffer {
  const member = gzipSync('')
  return Buffer.concat(Array<Buffer>(Math.ceil(length / member.length)).fill(member))
}
