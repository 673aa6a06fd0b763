import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { createApp } from '../index.js'
import { checkAnswer } from '../properties/check-answer.fixture.js'
import { holdProperty, propertyTimeout } from '../properties/hold-property.fixture.js'
import { visibleText } from '../properties/raw-request.fixture.js'
import { echo, gate } from '../server.fixture.js'
import { createHttpServer } from './create-http-server.js'
import { exchange } from './raw-exchange.fixture.js'

/** The port of a server of its own. */
async function listen(reply: typeof echo = echo): Promise<number> {
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: { name: 'echo', reply: reply as never },
  })
  const server = createHttpServer(createApp({ manager }), { requestTimeoutMs: 60_000 }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await manager.close()
  })
  return (server.address() as AddressInfo).port
}

const host = 'Host: localhost\r\n'

/** What every answer has, whoever gives it. */
const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
}

describe('an HTTP server answers with a problem document', () => {
  it.each([
    ['a request without a host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['a request with two hosts', `GET /health HTTP/1.1\r\n${host}${host}\r\n`],
    ['a request with an empty host', 'GET /health HTTP/1.1\r\nHost: \r\n\r\n'],
    ['a request with a host of a user', 'GET /health HTTP/1.1\r\nHost: x@localhost\r\n\r\n'],
    ['a request with an address as its host', 'GET /health HTTP/1.1\r\nHost: http://localhost\r\n\r\n'],
    ['a request with a list of hosts', 'GET /health HTTP/1.1\r\nHost: localhost, a b\r\n\r\n'],
    ['a request with a port that is none', 'GET /health HTTP/1.1\r\nHost: localhost:http\r\n\r\n'],
    ['a request with half an address', 'GET /health HTTP/1.1\r\nHost: [::1\r\n\r\n'],
    ['a request with an address that is none', 'GET /health HTTP/1.1\r\nHost: [::g]\r\n\r\n'],
    ['a request with a broken encoding in its host', 'GET /health HTTP/1.1\r\nHost: a%zz\r\n\r\n'],
    ['a request of HTTP/1.0 with two hosts', `GET /health HTTP/1.0\r\n${host}Host: b\r\n\r\n`],
    ['a request for a tunnel', `CONNECT example.com:443 HTTP/1.1\r\n${host}\r\n`],
    ['an address without a host', `GET http:// HTTP/1.1\r\n${host}\r\n`],
    ['an address without a port that has a colon', `GET http://localhost:/health HTTP/1.1\r\n${host}\r\n`],
    ['an address whose host is none', `GET http://:!/health HTTP/1.1\r\n${host}\r\n`],
    ['an address with a user', `GET http://localhost@/health HTTP/1.1\r\n${host}\r\n`],
    ['an address of something else', `GET ftp://localhost/health HTTP/1.1\r\n${host}\r\n`],
    ['a path with a fragment', `GET //:@# HTTP/1.1\r\n${host}\r\n`],
    ['a whole address with a fragment', `GET http://localhost/health#top HTTP/1.1\r\n${host}\r\n`],
    ['what is no HTTP', 'hello?\r\n\r\n'],
  ])('to %s', async (_what, request) => {
    const answer = await exchange(await listen(), request)
    expect(answer.headers.get('connection')).toBe('close')
    expect(Object.fromEntries(answer.headers)).toMatchObject(commonHeaders)
    await problemOf(answer, 'bad_request')
  })

  it.each(['*', '/', 'http://localhost', 'http://localhost?a=b'])(
    'to %s, which no route has',
    async (target) => {
      const answer = await exchange(await listen(), `OPTIONS ${target} HTTP/1.1\r\n${host}\r\n`)
      await problemOf(answer, 'not_found')
    },
  )

  it('to any address in place of a path', { timeout: propertyTimeout }, async () => {
    const port = await listen()
    const address = fc
      .tuple(
        fc.constantFrom('http://', 'https://', 'HTTP://', 'http:', 'ws://', ''),
        fc.constantFrom('localhost', 'localhost:1', '[::1]', 'localhost@', ':', ''),
        visibleText(['/', '%', '?', '.', ':', '@', '#']),
      )
      .map((parts) => parts.join(''))
    await holdProperty(
      fc.asyncProperty(address, fc.constantFrom('GET', 'OPTIONS', 'POST'), async (target, method) => {
        const request = `${method} ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`
        await checkAnswer(await exchange(port, request))
      }),
      200,
    )
  })
})

describe('an HTTP server gives back the id of a request that it answers itself', () => {
  it.each([
    ['without a host', 'GET /health HTTP/1.1\r\n'],
    ['for a tunnel', `CONNECT example.com:443 HTTP/1.1\r\n${host}`],
    ['for an address of something else', `GET ftp://localhost/health HTTP/1.1\r\n${host}`],
  ])('%s', async (_what, start) => {
    const port = await listen()
    const answer = await exchange(port, `${start}X-Request-Id: mine\r\n\r\n`)
    expect(await problemOf(answer, 'bad_request')).toMatchObject({ request_id: 'mine' })
    const other = await exchange(port, `${start}X-Request-Id: not mine\r\n\r\n`)
    expect((await problemOf(other, 'bad_request')).request_id).toMatch(/^[\da-f-]{36}$/)
  })
})

describe('an HTTP server answers all requests that came before on the same connection', () => {
  const chat = (message: string) => {
    const body = JSON.stringify({ message })
    const headers = `${host}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`
    return `POST /api/v1/chat HTTP/1.1\r\n${headers}\r\n${body}`
  }

  it.each([
    ['what is no HTTP', 'hello?\r\n\r\n', 400],
    ['a request for a tunnel', `CONNECT a:1 HTTP/1.1\r\n${host}\r\n`, 400],
    ['a header that is too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('before it refuses %s', async (_what, wrong, status) => {
    const socket = connect({ port: await listen(), host: '127.0.0.1' })
    onTestFinished(() => void socket.destroy())
    socket.write(`${chat('one')}${chat('two')}${wrong}`)
    socket.write(wrong)
    let received = ''
    for await (const part of socket.setEncoding('utf8')) received += part
    const statuses = Array.from(received.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, text]) => Number(text))
    expect(statuses).toEqual([200, 200, status])
    expect(received).toMatch(/You said: one[^]*You said: two[^]*Connection: close/)
  })
})

describe('an HTTP server goes on', () => {
  it('when a client that has asked for a tunnel resets its connection before the answer', async () => {
    const { opened, open } = gate()
    const begun = gate()
    const port = await listen(async function* () {
      begun.open()
      await opened
      yield 'late'
    })
    const body = '{"message":"hi"}'
    const chat = `POST /api/v1/chat HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 16\r\n\r\n${body}`
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {})
    socket.write(`${chat}CONNECT a.example:443 HTTP/1.1\r\n${host}\r\n`)
    await begun.opened
    socket.resetAndDestroy()
    await once(socket, 'close')
    // Each takes a turn of the event loop, and more: the server has noticed.
    for (let count = 0; count < 5; count += 1)
      expect((await exchange(port, `GET /health/live HTTP/1.1\r\n${host}\r\n`)).status).toBe(200)
    open()
  })
})

describe('an HTTP server answers as ever', () => {
  it.each([
    [
      'a request with an expectation that it does not know',
      `GET /health/live HTTP/1.1\r\n${host}Expect: tea\r\n\r\n`,
    ],
    ['a request of HTTP/1.0, which needs no host', 'GET /health/live HTTP/1.0\r\n\r\n'],
    ...['localhost:', 'a.example:8000', '[::1]:80', '[v7.a:b]', 'a%20b', 'x_1.example.', '192.0.2.1'].map(
      (name): [string, string] => [`the host ${name}`, `GET /health/live HTTP/1.1\r\nHost: ${name}\r\n\r\n`],
    ),
    ['a whole address', `GET http://localhost/health/live HTTP/1.1\r\n${host}\r\n`],
  ])('to %s', async (_what, request) => {
    expect(await (await exchange(await listen(), request)).json()).toEqual({ status: 'live' })
  })

  it('to a client that waits to be told that it may send its body', async () => {
    const body = '{"message":"hi"}'
    const headers = `${host}Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n`
    const answer = await exchange(await listen(), `POST /api/v1/chat HTTP/1.1\r\n${headers}\r\n${body}`)
    expect(await answer.json()).toMatchObject({ content: 'You said: hi' })
  })
})
