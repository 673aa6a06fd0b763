import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { echo, startServer } from '../server.fixture.js'

/** More than the buffers of both sides hold: it is sent only where somebody takes it. */
const body = Buffer.alloc(8_000_000, 'x')

/** Sends a head and a large body, and reads nothing before all of it is sent, or can't be: as many clients do. */
async function answerTo(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.on('data', (bytes) => {
    received += String(bytes)
  })
  socket.on('error', () => {}) // the test sees that there is no answer
  socket.pause()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write([...lines, `Content-Length: ${body.length}`, '', ''].join('\r\n'))
  await new Promise((resolve) => socket.write(body, resolve))
  socket.resume()
  await closed
  return received
}

const start = 'POST /api/v1/chat HTTP/1.1'
const host = 'Host: localhost'
const json = 'Content-Type: application/json'
const close = 'Connection: close'

describe('a request that is refused before it has been read is answered all the same, and its connection closed', () => {
  it.each<[what: string, code: string, lines: readonly string[]]>([
    ['without a host', 'bad_request', [start, json]],
    ['for no route', 'not_found', ['POST /nowhere HTTP/1.1', host, json, close]],
    ['of a method that is not allowed', 'method_not_allowed', ['PUT /health HTTP/1.1', host, json, close]],
    ['of another type', 'unsupported_media_type', [start, host, 'Content-Type: text/plain', close]],
    ['with a body that is too large', 'payload_too_large', [start, host, json, close]],
    ['with headers that are too large', 'headers_too_large', [start, host, `X: ${'x'.repeat(20_000)}`]],
    ['for a tunnel', 'bad_request', ['CONNECT a.example:443 HTTP/1.1', host]],
    ['that is no HTTP', 'bad_request', ['hello?']],
  ])('%s', async (_what, code, lines) => {
    const { port } = await startServer(echo)
    expect(await answerTo(port, lines)).toMatch(new RegExp(`\r\nConnection: close\r\n[^]*"code":"${code}"`))
  })

  it('of a caller that nobody knows', async () => {
    const { port } = await startServer(echo, { serve: { authenticate: () => null } })
    expect(await answerTo(port, [start, host, json, close])).toContain('"code":"unauthenticated"')
  })
})
