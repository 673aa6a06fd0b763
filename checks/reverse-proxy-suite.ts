import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { type ServeOptions, serve } from '@colloquy/server'
import { type ChatContext, type Chunk, createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from './free-port.ts'

/** A reverse proxy that has a documented snippet. */
export interface ProxyUnderTest {
  readonly name: string
  /** Why it can't be tested here; null when it can. */
  readonly missing: string | null
  /** After how long it drops an idle connection to the server, in milliseconds, as its snippet says. */
  readonly idleMs: number
  /** Starts it with the snippet, on a port of 127.0.0.1 and for a server on another. Resolves when it listens. */
  start(ports: ProxyPorts): Promise<{ close(): Promise<void> }>
}

/** What takes the place of the ports in a snippet. */
export interface ProxyPorts {
  readonly listen: number
  readonly server: number
}

/** The host name of the snippets. */
const host = 'chat.example.com'

/** What holds for the server behind any proxy that the deployment page has a snippet of. */
export function testReverseProxy(proxy: ProxyUnderTest): void {
  const why = proxy.missing === null ? '' : ` (skipped: ${proxy.missing})`
  describe.skipIf(proxy.missing !== null)(`the server behind ${proxy.name}, with its snippet${why}`, () => {
    it('answers as JSON, and knows the request by its id, its host and its client', async () => {
      const { post, seen } = await startBehind(proxy)
      const answer = await post(
        { message: 'hello' },
        { 'X-Request-Id': 'of-the-client', 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'gopher' },
      )
      const body = JSON.parse(await answer.text()) as Readonly<Record<string, unknown>>
      expect([answer.status, body['content']]).toEqual([200, 'You said 5 letters'])
      expect(answer.headers).toMatchObject({
        'x-request-id': 'of-the-client',
        'x-session-id': body['session_id'],
        'x-turn-id': body['turn_id'],
      })
      expect(seen).toHaveLength(1)
      expect(seen[0]).toMatchObject({
        host: expect.stringContaining(host),
        'x-request-id': 'of-the-client',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': expect.stringContaining(host),
      })
    })

    it('takes a page of its own for one, on any port, and no other', async () => {
      const { post, address, seen } = await startBehind(proxy)
      const fromPage = (origin: string) => post({ message: 'hello' }, { Origin: origin })
      expect((await fromPage(`http://${address}`)).status).toBe(200)
      expect(seen[0]?.host).toBe(address)
      expect((await fromPage(`http://${host}:1`)).status).toBe(403)
      expect((await fromPage('http://other.example')).status).toBe(403)
    })

    it('has an id for a request that came without one, or with one that is none', async () => {
      const { post } = await startBehind(proxy)
      for (const headers of [{}, { 'X-Request-Id': 'has spaces' }]) {
        const answer = await post({ message: 'hello' }, headers)
        expect(answer.headers['x-request-id']).toMatch(/^[\w-]{16,}$/)
        await answer.text()
      }
    })

    it('streams: each piece arrives while the turn still runs', async () => {
      const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const { post } = await startBehind(proxy, {
        async *reply() {
          yield 'one '
          await gates[0]?.promise
          yield 'two '
          await gates[1]?.promise
          yield 'three'
        },
      })
      const answer = await post({ message: 'count', stream: true })
      expect(answer.headers).toMatchObject({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store, no-transform',
        'x-session-id': expect.stringMatching(/^sess_/),
        'x-turn-id': expect.stringMatching(/^turn_/),
      })
      // Each gate opens only when the piece before it has arrived. If one was held back, nothing more would come.
      expect(await answer.until('data: {"text":"one "}\n\n')).toMatch(
        /^retry: 1000\nid: 1\nevent: turn.started\n/,
      )
      gates[0]?.resolve()
      expect(await answer.until('data: {"text":"two "}\n\n')).not.toContain('three')
      gates[1]?.resolve()
      const all = await answer.text()
      expect(all).toContain('data: {"text":"three"}\n\n')
      expect(all).toContain('event: turn.completed\n')
    })

    it('keeps a silent stream alive with comments', async () => {
      const clock = createManualClock()
      const end = Promise.withResolvers<void>()
      const { post } = await startBehind(proxy, {
        serve: { clock },
        async *reply() {
          yield 'first'
          await end.promise
        },
      })
      const answer = await post({ message: 'hold on', stream: true })
      await answer.until('"first"')
      await clock.advance(15_000)
      await answer.until(': keep-alive\n\n')
      end.resolve()
      expect(await answer.text()).toContain('event: turn.completed\n')
    })

    it.each([
      ['a stream', true],
      ['an answer as JSON', false],
    ])('tells the server when the client of %s has gone; the turn goes on', async (_what, stream) => {
      const running = Promise.withResolvers<void>()
      const end = Promise.withResolvers<void>()
      const wasStopped = Promise.withResolvers<boolean>()
      const { send, left } = await startBehind(proxy, {
        async *reply(_message, { signal }) {
          yield 'first'
          running.resolve()
          await end.promise
          wasStopped.resolve(signal.aborted)
        },
      })
      const asking = send({ message: 'bye', stream })
      asking.on('error', () => undefined) // it is broken off here
      await running.promise
      asking.destroy()
      await left
      end.resolve()
      expect(await wasStopped.promise).toBe(false)
    })

    it('takes a body up to the limit of the server, which itself refuses a larger one', async () => {
      const { post } = await startBehind(proxy)
      const message = 'x'.repeat(bodyLimit - JSON.stringify({ message: '' }).length)
      expect(JSON.parse(await (await post({ message })).text())).toMatchObject({
        content: `You said ${message.length} letters`,
      })
      const tooLarge = await post({ message: `${message}x` }, { 'X-Request-Id': 'large' })
      expect([tooLarge.status, tooLarge.headers['content-type']]).toEqual([413, 'application/problem+json'])
      expect(JSON.parse(await tooLarge.text())).toMatchObject({
        code: 'payload_too_large',
        request_id: 'large',
      })
    })

    it('never sends a message twice', async () => {
      const { post, seen } = await startBehind(proxy, { breakOff: true })
      const answer = await post({ message: 'hello' })
      expect(answer.status).toBe(502)
      expect(seen).toHaveLength(1)
    })

    it('is asked over connections that the proxy closes first when they idle', async () => {
      const { keepAliveTimeout } = await startBehind(proxy)
      expect(proxy.idleMs).toBeLessThan(keepAliveTimeout)
    })
  })
}

const bodyLimit = 1_048_576

interface Behind {
  readonly reply?: (message: string, context: ChatContext) => AsyncIterable<Chunk | string>
  readonly serve?: Partial<ServeOptions>
  /** Whether the server breaks every connection off instead of answering. Default: no. */
  readonly breakOff?: boolean
}

/** A server, with the proxy in front of it, until the test has ended. */
async function startBehind(proxy: ProxyUnderTest, options: Behind = {}) {
  const { reply = countLetters, breakOff = false } = options
  const seen: IncomingHttpHeaders[] = []
  const left = Promise.withResolvers<void>()
  const { clock } = options.serve ?? {}
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: { name: 'behind', reply },
    limits: { maxMessageLength: 2 * bodyLimit },
    ...(clock === undefined ? {} : { clock }),
  })
  // Only the name that the proxy passes on is allowed.
  const server = await serve({
    manager,
    host: '127.0.0.1',
    port: 0,
    bodyLimit,
    allowedHosts: [host],
    ...options.serve,
  })
  server.server.prependListener('request', (req, res) => {
    seen.push(req.headers)
    res.once('close', () => res.writableFinished || left.resolve())
    if (breakOff) req.socket.destroy()
  })
  onTestFinished(() => server.close({ grace: 0 }))
  const listen = await freePort()
  const running = await proxy.start({ listen, server: server.port })
  onTestFinished(() => running.close())

  const send = (body: unknown, headers: Readonly<Record<string, string>> = {}): ClientRequest =>
    request({
      port: listen,
      host: '127.0.0.1',
      path: '/api/v1/chat',
      method: 'POST',
      headers: { Host: `${host}:${listen}`, 'Content-Type': 'application/json', ...headers },
    }).end(JSON.stringify(body))
  return {
    seen,
    /** The host and port that clients ask. */
    address: `${host}:${listen}`,
    /** Resolves when the server was left by whom it was answering. */
    left: left.promise,
    keepAliveTimeout: server.server.keepAliveTimeout,
    send,
    post: (...message: Parameters<typeof send>): Promise<Answer> => answerTo(send(...message)),
  }
}

async function* countLetters(message: string): AsyncGenerator<string, void, undefined> {
  yield `You said ${message.length} letters`
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  /** Reads on until the wanted text has come; all that has come so far. */
  until(wanted: string): Promise<string>
  /** Reads to the end; all that came. */
  text(): Promise<string>
}

function answerTo(asking: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    asking.once('error', reject)
    asking.once('response', (res: IncomingMessage) => {
      const pieces: AsyncIterator<string> = res.setEncoding('utf8')[Symbol.asyncIterator]()
      let text = ''
      const readWhile = async (isWanted: () => boolean): Promise<boolean> => {
        while (isWanted()) {
          const { done, value } = await pieces.next()
          if (done === true) return false
          text += value
        }
        return true
      }
      resolve({
        status: res.statusCode,
        headers: res.headers,
        async until(wanted) {
          if (await readWhile(() => !text.includes(wanted))) return text
          throw new Error(`The answer ended without ${JSON.stringify(wanted)}: ${text}`)
        },
        async text() {
          await readWhile(() => true)
          return text
        },
      })
    })
  })
}
