import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkAnswer } from './check-answer.fixture.js'
import { createHttpServer } from './create-http-server.js'
import { holdProperty, propertyTimeout } from './hold-property.fixture.js'
import { createApp } from './index.js'
import { problemOf } from './problem-of.fixture.js'
import { exchange } from './raw-exchange.fixture.js'
import { visibleText } from './raw-request.fixture.js'
import { echo } from './server.fixture.js'

/** The port of a server of its own. */
async function listen(): Promise<number> {
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: { name: 'echo', reply: echo as never },
  })
  const server = createHttpServer(createApp({ manager })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await manager.close()
  })
  return (server.address() as AddressInfo).port
}

const host = 'Host: localhost\r\n'

describe('an HTTP server answers with a problem document', () => {
  it.each([
    ['a request without a host', 'GET /health HTTP/1.1\r\n\r\n'],
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

describe('an HTTP server answers as ever', () => {
  it.each([
    [
      'a request with an expectation that it does not know',
      `GET /health/live HTTP/1.1\r\n${host}Expect: tea\r\n\r\n`,
    ],
    ['a request of HTTP/1.0, which needs no host', 'GET /health/live HTTP/1.0\r\n\r\n'],
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
