import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { gate, startServer } from '../server.fixture.js'

/** A server whose chats wait, each at the gate that its message names. */
async function startWaiting() {
  const gates = { first: gate(), second: gate() }
  const begun = { first: gate(), second: gate() }
  const server = await startServer(async function* (message) {
    const name = message === 'first' ? 'first' : 'second'
    begun[name].open()
    yield 'a'
    await gates[name].opened
    yield 'b'
  })
  return { server, gates, begun }
}

/** Asks on a connection of its own, which is kept alive; resolves with the head of the answer. */
async function ask(port: number, path: string, body?: object) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const method = body === undefined ? 'GET' : 'POST'
  const headers = { 'Content-Type': 'application/json' }
  const req = request({ host: '127.0.0.1', port, path, agent, method, headers })
  req.end(body === undefined ? undefined : JSON.stringify(body))
  const [res] = (await once(req, 'response')) as [IncomingMessage]
  return { res, closed: once(res.socket, 'close') }
}

describe('a shutdown and its connections', () => {
  it('closes those that are idle at once, while a turn still runs', async () => {
    const { server, gates } = await startWaiting()
    const idle = await ask(server.port, '/health/live')
    expect(idle.res.headers.connection).toBe('keep-alive')
    await text(idle.res)
    const running = await ask(server.port, '/api/v1/chat', { message: 'first', stream: true })
    const closing = server.close()
    await idle.closed
    gates.first.open()
    expect(await text(running.res)).toContain('event: turn.completed')
    await closing
  })

  it('ends each other with its answer, also one that comes meanwhile; the answers say so', async () => {
    const { server, gates, begun } = await startWaiting()
    const waiting = ask(server.port, '/api/v1/chat', { message: 'first' })
    await begun.first.opened
    const closing = server.close()
    const late = await ask(server.port, '/health/ready')
    expect([late.res.statusCode, late.res.headers.connection]).toEqual([503, 'close'])
    await text(late.res)
    await late.closed
    gates.first.open()
    const { res, closed } = await waiting
    expect([res.statusCode, res.headers.connection]).toEqual([200, 'close'])
    await text(res)
    await closed
    await closing
  })

  it('closes that of a stream when the stream has ended, while another turn still runs', async () => {
    const { server, gates } = await startWaiting()
    const first = await ask(server.port, '/api/v1/chat', { message: 'first', stream: true })
    const second = await ask(server.port, '/api/v1/chat', { message: 'second', stream: true })
    const closing = server.close()
    gates.first.open()
    expect(await text(first.res)).toContain('event: turn.completed')
    await first.closed
    gates.second.open()
    expect(await text(second.res)).toContain('event: turn.completed')
    await closing
  })

  it('answers the first request of a connection that was there before, and closes one on which nothing comes', async () => {
    const { server, gates, begun } = await startWaiting()
    const waiting = ask(server.port, '/api/v1/chat', { message: 'first' })
    await begun.first.opened
    const [socket, silent] = [connect(server.port, '127.0.0.1'), connect(server.port, '127.0.0.1')]
    onTestFinished(() => void socket.destroy())
    for (let count = 0; count < 2; count += 1) await once(server.server, 'connection')
    const silentClosed = once(silent.resume(), 'close')
    const closing = server.close()
    const late = await ask(server.port, '/health/ready')
    await text(late.res)
    await late.closed
    socket.write('GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 503 [^]*\r\nConnection: close\r\n/)
    gates.first.open()
    await text((await waiting).res)
    await closing
    await silentClosed
  })

  it('closes the chat interface and the store before the last connections', async () => {
    const steps: string[] = []
    const chat = {
      name: 'x',
      async *reply() {},
      stop: () => void steps.push('chat stopped'),
    }
    const server = await startServer(chat)
    server.server.on('close', () => steps.push('server closed'))
    await server.close()
    expect(steps).toEqual(['chat stopped', 'server closed'])
  })
})
