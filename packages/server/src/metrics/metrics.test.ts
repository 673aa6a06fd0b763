import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { createApp, createMetrics } from '../index.js'
import { echo, gate, startServer, type TestServerOptions } from '../server.fixture.js'
import { readMetrics, type Samples } from './read-metrics.fixture.js'

/** A server whose manager is observed, and a way to read its metrics. */
async function startMeasured(
  chat: Parameters<typeof startServer>[0] = echo,
  options: TestServerOptions = {},
) {
  const metrics = createMetrics({ version: '1.2.3' })
  const server = await startServer(chat, {
    manager: { observer: metrics.observer, ...options.manager },
    serve: { metrics, ...options.serve },
  })
  const read = () => readMetrics(server.url)
  /** Reads again until it is as wanted: what a client sees may come before the server has counted it. */
  const until = async (isWanted: (samples: Samples) => boolean): Promise<Samples> => {
    for (;;) {
      const samples = await read()
      if (isWanted(samples)) return samples
    }
  }
  return { ...server, metrics, read, until }
}

const chatLabels = 'method="POST",route="/api/v1/chat"'

describe('the metrics', () => {
  it('tell answers apart that take up to as long as a turn may', async () => {
    const server = await startMeasured()
    server.metrics.requestEnded({
      method: 'POST',
      route: '/api/v1/chat',
      status: 200,
      durationMs: 400_000,
      bytes: 0,
      isStream: true,
    })
    const samples = await server.read()
    const longest = [60, 120, 300, 600].map((le) => {
      const labels = `le="${le}",${chatLabels},status="200",stream="true"`
      return samples.get(`colloquy_http_request_duration_seconds_bucket{${labels}}`)
    })
    expect(longest).toEqual([0, 0, 0, 1])
  })

  it('tell of turns: how long they took, to their first event and to their end, and their events', async () => {
    const server = await startMeasured()
    await server.post('/api/v1/chat', { message: 'one two' })
    const samples = await server.until((samples) => samples.get('colloquy_turns_running') === 0)
    const count = 'colloquy_turn_duration_seconds_count{outcome="completed"}'
    expect(samples.get(count)).toBe(1)
    expect(samples.get('colloquy_turn_duration_seconds_sum{outcome="completed"}')).toBeLessThan(5)
    expect(samples.get('colloquy_turn_duration_seconds_bucket{le="600",outcome="completed"}')).toBe(1)
    expect(samples.get('colloquy_turn_first_event_seconds_count')).toBe(1)
    expect(samples.get('colloquy_turn_events_total{type="turn.started"}')).toBe(1)
    expect(samples.get('colloquy_turn_events_total{type="text.delta"}')).toBe(4)
    expect(samples.get('colloquy_turn_events_total{type="turn.completed"}')).toBe(1)
  })

  it('tell why turns failed', async () => {
    const server = await startMeasured(async function* () {
      yield 'a'
      throw new Error('boom')
    })
    await server.post('/api/v1/chat', { message: 'hi' })
    const samples = await server.until((samples) => samples.get('colloquy_turns_running') === 0)
    expect(samples.get('colloquy_turn_failures_total{code="chat_failed"}')).toBe(1)
    expect(samples.get('colloquy_turn_duration_seconds_count{outcome="failed"}')).toBe(1)
  })

  it('tell of running turns and open streams while they are', async () => {
    const { opened, open } = gate()
    const server = await startMeasured(async function* () {
      yield 'a'
      await opened
    })
    const stream = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    const during = await server.read()
    expect(during.get('colloquy_turns_running')).toBe(1)
    expect(during.get('colloquy_streams_active')).toBe(1)
    open()
    await stream.text()
    const after = await server.until((samples) => samples.get('colloquy_streams_active') === 0)
    expect(after.get('colloquy_turns_running')).toBe(0)
    const labels = `${chatLabels},status="200",stream="true"`
    expect(after.get(`colloquy_http_request_duration_seconds_count{${labels}}`)).toBe(1)
  })

  it('tell of turns that wait apart from those that run, also of one that never does', async () => {
    const { opened, open } = gate()
    const server = await startMeasured(async function* () {
      yield 'a'
      await opened
    })
    const first = await server.manager.startTurn({ message: 'first' })
    const { sessionId } = first
    const second = await server.manager.startTurn({ message: 'second', sessionId, onBusy: 'queue' })
    const third = await server.manager.startTurn({ message: 'third', sessionId, onBusy: 'queue' })
    const counts = (samples: Samples) => [
      samples.get('colloquy_turns_running'),
      samples.get('colloquy_turns_queued'),
    ]
    expect(counts(await server.until((samples) => counts(samples)[1] === 2))).toEqual([1, 2])
    await server.manager.cancelTurn(second)
    expect(counts(await server.until((samples) => counts(samples)[1] === 1))).toEqual([1, 1])
    open()
    await Promise.all([first.ended, third.ended])
    const samples = await server.until((samples) => counts(samples)[0] === 0)
    expect(counts(samples)).toEqual([0, 0])
    expect(samples.get('colloquy_turn_duration_seconds_count{outcome="cancelled"}')).toBe(1)
    expect(samples.get('colloquy_turn_duration_seconds_count{outcome="completed"}')).toBe(2)
    expect(samples.get('colloquy_turn_first_event_seconds_count')).toBe(2)
  })

  it('tell of what a chat interface says that was told to stop, also after its turn has ended', async () => {
    const { opened, open } = gate()
    const server = await startMeasured(
      async function* () {
        yield 'a'
        await opened // whatever its signal says
        try {
          yield 'late'
        } finally {
          yield 'later'
        }
      },
      { manager: { limits: { stopTimeoutMs: 1 } } },
    )
    const begun = await server.post('/api/v1/chat', { message: 'hi', stream: true })
    const [session, turn] = ['x-session-id', 'x-turn-id'].map((name) => begun.headers.get(name))
    const cancelled = await server.post(`/api/v1/sessions/${session}/turns/${turn}/cancel`, '')
    expect(cancelled.status).toBe(202)
    expect(await begun.text()).toContain('event: turn.cancelled')
    const discarded = (samples: Samples) => samples.get('colloquy_turn_chunks_discarded_total')
    expect(discarded(await server.read())).toBe(0)
    open()
    expect(discarded(await server.until((samples) => discarded(samples) !== 0))).toBe(2)
  })

  it('take a stream for closed when its client has gone', async () => {
    const server = await startMeasured(async function* (_message, { signal }) {
      yield 'a'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const leaving = new AbortController()
    await server.post('/api/v1/chat', { message: 'hi', stream: true }, { signal: leaving.signal })
    await server.until((samples) => samples.get('colloquy_streams_active') === 1)
    leaving.abort()
    const samples = await server.until((samples) => samples.get('colloquy_streams_active') === 0)
    const labels = `${chatLabels},status="200",stream="true"`
    expect(samples.get(`colloquy_http_request_duration_seconds_count{${labels}}`)).toBe(1)
  })

  it('tell of sessions: how many there are, were made, deleted and evicted', async () => {
    const server = await startMeasured(echo, { manager: { limits: { maxSessions: 2 } } })
    const made = await server.post('/api/v1/sessions', '')
    await fetch(server.url + (made.headers.get('location') ?? ''), { method: 'DELETE' })
    for (let n = 0; n < 3; n += 1) await server.post('/api/v1/sessions', '')
    const samples = await server.read()
    expect(samples.get('colloquy_sessions')).toBe(2)
    expect(samples.get('colloquy_sessions_created_total')).toBe(4)
    expect(samples.get('colloquy_sessions_deleted_total')).toBe(1)
    expect(samples.get('colloquy_sessions_evicted_total')).toBe(1)
    expect(samples.get('colloquy_sessions_expired_total')).toBe(0)
  })

  it('tell of the store: every call, and whether it failed', async () => {
    const store = Object.assign(createMemoryStore(), { getSession: () => Promise.reject(new Error('busy')) })
    const server = await startMeasured(echo, { manager: { store } })
    await server.post('/api/v1/chat', { message: 'hi' })
    await fetch(`${server.url}/api/v1/sessions/x`)
    const samples = await server.read()
    const count = 'colloquy_store_call_duration_seconds_count'
    expect(samples.get(`${count}{call="accept_turn",failed="false"}`)).toBe(1)
    expect(samples.get(`${count}{call="write_turns",failed="false"}`)).toBeGreaterThan(0)
    expect(samples.get(`${count}{call="get_session",failed="true"}`)).toBe(1)
  })

  it('tell of requests by method, route and status, and of nothing that a client can make up', async () => {
    const server = await startMeasured()
    await fetch(`${server.url}/api/v1/sessions/secret-id/messages?cursor=secret-cursor`)
    await fetch(`${server.url}/secret-path`)
    await fetch(`${server.url}/secret-path`, { method: 'PURGE' })
    await fetch(`${server.url}/health`, { method: 'DELETE' })
    const samples = await server.read()
    const count = 'colloquy_http_request_duration_seconds_count'
    const messages = 'method="GET",route="/api/v1/sessions/{session_id}/messages",status="400",stream="false"'
    expect(samples.get(`${count}{${messages}}`)).toBe(1)
    for (const labels of [
      'method="GET",route="unmatched",status="404"',
      'method="other",route="unmatched",status="404"',
      'method="DELETE",route="/health",status="405"',
    ]) {
      expect(samples.get(`${count}{${labels},stream="false"}`)).toBe(1)
    }
    expect([...samples.keys()].join('\n')).not.toContain('secret')
  })

  it('count the bytes of an answer with its head, also of answers that wait for each other', async () => {
    const server = await startMeasured()
    const { body, head } = await new Promise<{ body: string; head: string }>((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1')
      const host = `Host: 127.0.0.1:${server.port}`
      socket.write(`GET /health/live HTTP/1.1\r\n${host}\r\n\r\n`)
      socket.write(`GET /nothing HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`)
      let text = ''
      socket.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      socket.on('error', reject)
      socket.on('end', () => {
        const second = text.indexOf('HTTP/1.1 404')
        resolve({ head: text.slice(0, second), body: text.slice(second) })
      })
    })
    const samples = await server.read()
    const bytes = (route: string) =>
      samples.get(`colloquy_http_response_bytes_total{method="GET",route="${route}"}`)
    expect(bytes('/health/live')).toBe(Buffer.byteLength(head))
    expect(bytes('unmatched')).toBe(Buffer.byteLength(body))
  })

  it('take a request whose client left before there was an answer for one without a status', async () => {
    const { opened, open } = gate()
    const server = await startMeasured(async function* () {
      await opened
      yield 'a'
    })
    const leaving = new AbortController()
    const asking = server.post('/api/v1/chat', { message: 'hi' }, { signal: leaving.signal })
    await server.until((samples) => samples.get('colloquy_turns_running') === 1)
    leaving.abort()
    await expect(asking).rejects.toThrow('aborted')
    const labels = `${chatLabels},status="none",stream="false"`
    await server.until((samples) => samples.has(`colloquy_http_request_duration_seconds_count{${labels}}`))
    open()
    expect(await server.line(({ msg }) => msg === 'request left by its client')).toMatchObject({
      route: '/api/v1/chat',
      status: null,
    })
  })

  it('tell which version runs, and how the process is doing', async () => {
    const samples = await (await startMeasured()).read()
    expect(samples.get('colloquy_build_info{version="1.2.3"}')).toBe(1)
    expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
    expect(samples.has('nodejs_eventloop_lag_p99_seconds')).toBe(true)
  })

  it('are answered as Prometheus reads them, also to HEAD, and logged like probes', async () => {
    const server = await startMeasured()
    const response = await fetch(`${server.url}/metrics`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await response.text()).toMatch(/\n$/)
    const head = await fetch(`${server.url}/metrics`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1_000)
    expect(await server.line(({ route }) => route === '/metrics')).toMatchObject({ level: 20, status: 200 })
  })

  it('are those of an app alone when nobody made any: nothing of turns, which nobody would tell of', async () => {
    const server = await startServer(echo)
    await server.post('/api/v1/chat', { message: 'hi' })
    const samples = await readMetrics(server.url)
    const labels = `${chatLabels},status="200",stream="false"`
    expect(samples.get(`colloquy_http_request_duration_seconds_count{${labels}}`)).toBe(1)
    expect(samples.get('colloquy_sessions')).toBe(1)
    expect([...samples.keys()].filter((name) => /_turns?_|_store_/.test(name))).toEqual([])
  })

  it('of two apps in a process are apart', async () => {
    const one = await startMeasured()
    const other = await startMeasured()
    await one.post('/api/v1/sessions', '')
    expect((await one.read()).get('colloquy_sessions_created_total')).toBe(1)
    expect((await other.read()).get('colloquy_sessions_created_total')).toBe(0)
  })

  it('keep no process awake, and start nothing anew with every app', async () => {
    createMetrics() // what the process has once
    const before = process.getActiveResourcesInfo()
    for (let n = 0; n < 50; n += 1) {
      createApp({
        manager: createSessionManager({ store: createMemoryStore(), chat: { name: 'x', reply: echo } }),
      })
    }
    expect(process.getActiveResourcesInfo()).toEqual(before)
  })

  it('may have more, of those who embed the app', async () => {
    const server = await startMeasured()
    const { Counter } = await import('prom-client')
    new Counter({ name: 'shop_orders_total', help: 'Orders.', registers: [server.metrics.registry] }).inc(3)
    expect((await server.read()).get('shop_orders_total')).toBe(3)
  })
})

describe('a scrape', () => {
  /** An app over a manual clock, whose store counts as `count` says. */
  async function startClocked(count: () => Promise<number>) {
    const clock = createManualClock()
    const calls = { count: 0 }
    const store = Object.assign(createMemoryStore(), {
      countSessions: () => {
        calls.count += 1
        return count()
      },
    })
    const manager = createSessionManager({ store, chat: { name: 'echo', reply: echo }, clock })
    await manager.start()
    const server = createServer(createApp({ manager, clock })).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(async () => {
      server.close()
      server.closeAllConnections()
      await manager.close()
    })
    const { port } = server.address() as AddressInfo
    return { clock, calls, read: () => readMetrics(`http://127.0.0.1:${port}`) }
  }

  it('asks the store once in a second, however many there are', async () => {
    let sessions = 7
    const { clock, calls, read } = await startClocked(async () => sessions)
    const all = await Promise.all([read(), read(), read()])
    expect(all.map((samples) => samples.get('colloquy_sessions'))).toEqual([7, 7, 7])
    sessions = 8
    await clock.advance(999)
    expect((await read()).get('colloquy_sessions')).toBe(7)
    expect(calls.count).toBe(1)
    await clock.advance(1)
    expect((await read()).get('colloquy_sessions')).toBe(8)
    expect(calls.count).toBe(2)
  })

  it('leaves the number of sessions out when the store fails, until it does not', async () => {
    let isBroken = true
    const { clock, read } = await startClocked(async () => {
      if (isBroken) throw new Error('busy')
      return 3
    })
    const samples = await read()
    expect(samples.has('colloquy_sessions')).toBe(false)
    expect(samples.has('process_cpu_seconds_total')).toBe(true)
    isBroken = false
    await clock.advance(1_000)
    expect((await read()).get('colloquy_sessions')).toBe(3)
  })

  it('does not wait for a store that hangs, and does not ask it again before it has answered', async () => {
    const { promise, resolve } = Promise.withResolvers<number>()
    const asked = gate()
    const { clock, calls, read } = await startClocked(() => {
      asked.open()
      return promise
    })
    const first = read()
    await asked.opened
    await clock.advance(1_000)
    expect((await first).has('colloquy_sessions')).toBe(false)
    expect((await read()).has('colloquy_sessions')).toBe(false) // at once
    expect(calls.count).toBe(1)
    resolve(5)
    await clock.advance(1_000)
    expect((await read()).get('colloquy_sessions')).toBe(5)
    expect(calls.count).toBe(2)
  })
})

describe('metrics on a port of their own', () => {
  async function startApart(options: TestServerOptions = {}) {
    const server = await startMeasured(echo, { ...options, serve: { metricsPort: 0, ...options.serve } })
    return { ...server, apart: `http://127.0.0.1:${server.metricsPort}` }
  }

  it('are there and nowhere else, with nothing else beside them', async () => {
    const server = await startApart()
    await server.post('/api/v1/chat', { message: 'hi' })
    const samples = await readMetrics(server.apart)
    expect(samples.get('colloquy_sessions_created_total')).toBe(1)
    const labels = `${chatLabels},status="200",stream="false"`
    expect(samples.get(`colloquy_http_request_duration_seconds_count{${labels}}`)).toBe(1)
    expect((await fetch(`${server.apart}/metrics`, { method: 'HEAD' })).status).toBe(200)
    await problemOf(await fetch(`${server.url}/metrics`), 'not_found')
    for (const path of ['/', '/health', '/health/live', '/docs', '/openapi.json', '/api/v1/status']) {
      await problemOf(await fetch(server.apart + path), 'not_found')
    }
    await problemOf(await fetch(`${server.apart}/metrics`, { method: 'POST' }), 'method_not_allowed')
  })

  it('are not in the document of the main port', async () => {
    const paths = async (url: string) => {
      const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object }
      return Object.keys(document.paths)
    }
    expect(await paths((await startApart()).url)).not.toContain('/metrics')
    expect(await paths((await startMeasured()).url)).toContain('/metrics')
  })

  it('are for the same callers as the rest', async () => {
    const authenticate = ({ headers }: { headers: { authorization?: string | undefined } }) =>
      headers.authorization === 'Bearer right' ? { owner: 'me' } : null
    const server = await startApart({ serve: { authenticate } })
    await problemOf(await fetch(`${server.apart}/metrics`), 'unauthenticated')
    const headers = { Authorization: 'Bearer right' }
    expect((await fetch(`${server.apart}/metrics`, { headers })).status).toBe(200)
  })

  it("are, without keys, for this machine's names only", async () => {
    const server = await startApart()
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(server.metricsPort ?? 0, '127.0.0.1')
      socket.end('GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n')
      socket.setEncoding('utf8').once('data', resolve)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
  })

  it('are served until the server has closed', async () => {
    const server = await startApart()
    await server.close()
    await expect(fetch(server.apart)).rejects.toThrow('fetch failed')
  })

  it('keep a server from starting where their port is taken, or is the main one', async () => {
    const other = await startServer(echo)
    await expect(startApart({ serve: { metricsPort: other.port } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port: other.port,
    })
    const { port } = other
    await expect(startApart({ serve: { port, metricsPort: port } })).rejects.toThrow(
      `port and metricsPort are both ${port}: the metrics need a port of their own, or none.`,
    )
  })

  it('are closed again when the server does not start', async () => {
    const other = await startServer(echo)
    const free = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => free.once('listening', resolve))
    const { port: metricsPort } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    await expect(startApart({ serve: { port: other.port, metricsPort } })).rejects.toThrow('EADDRINUSE')
    await expect(fetch(`http://127.0.0.1:${metricsPort}/metrics`)).rejects.toThrow('fetch failed')
  })
})
