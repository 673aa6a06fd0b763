import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Faults } from '../report/faults.ts'
import { closedLoop } from './closed-loop.ts'
import { Connection } from './connection.ts'
import { encodeGet, postEncoder } from './encode-request.ts'
import { type Exchange, wrongStatus } from './exchange.ts'
import { jsonTurns, messageOf } from './json-turns.ts'
import { openLoop } from './open-loop.ts'

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

async function connect(port: number, count: number): Promise<Connection[]> {
  const connections = await Connection.openMany(port, count)
  onTestFinished(() => {
    for (const connection of connections) connection.close()
  })
  return connections
}

/** Answers a chat by saying what it was told, unless `change` makes something else of it. */
function echo(change: (answer: object, n: number) => object = (answer) => answer): RequestListener {
  let n = 0
  return (req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const { message, session_id } = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>
      n += 1
      const text = JSON.stringify(change({ session_id, content: message }, n))
      res.writeHead(200, { 'Content-Length': text.length }).end(text)
    })
  }
}

const sessions = ['sess_1', 'sess_2', 'sess_3', 'sess_4']

describe('connections that ask again and again', () => {
  it('ask as often as they are told to, and tell how long each answer took', async () => {
    const port = await serve(echo())
    const faults = new Faults()
    const times = await closedLoop(await connect(port, 2), 100, jsonTurns(port, sessions, 2), faults)
    expect(times).toHaveLength(100)
    expect(times).toEqual(times.toSorted())
    expect(times[0]).toBeGreaterThan(0)
    expect(faults.told).toEqual([])
  })

  it.each<[what: string, change: (answer: object, n: number) => object]>([
    ['the answer to another message', (answer) => ({ ...answer, content: messageOf(4_711) })],
    ['an answer in another session', (answer) => ({ ...answer, session_id: 'sess_9' })],
    ['no answer', () => ({})],
  ])('find every wrong answer: %s', async (_, change) => {
    const port = await serve(echo((answer, n) => (n % 10 === 0 ? change(answer, n) : answer)))
    const faults = new Faults()
    faults.at('json-turn')
    await closedLoop(await connect(port, 2), 100, jsonTurns(port, sessions, 2), faults)
    expect(faults.count).toBe(10)
    expect(faults.told).toHaveLength(5)
    expect(faults.told[0]).toMatch(/^json-turn: not what was asked: \{/)
  })

  it('find every wrong status', async () => {
    const port = await serve((_req, res) => res.writeHead(503, { 'Content-Length': 4 }).end('busy'))
    const faults = new Faults()
    await closedLoop(await connect(port, 1), 3, jsonTurns(port, sessions, 1), faults)
    expect(faults.count).toBe(3)
    expect(faults.told[0]).toContain('status 503 instead of 200: busy')
  })

  it('give up when a connection breaks', async () => {
    const port = await serve((req) => req.socket.destroy())
    const asking = closedLoop(await connect(port, 1), 1, jsonTurns(port, sessions, 1), new Faults())
    await expect(asking).rejects.toThrow('The server closed the connection.')
  })

  it('give up when a connection had broken before', async () => {
    const port = await serve(echo())
    const [connection] = await connect(port, 1)
    if (connection === undefined) throw new Error('no connection')
    const ask = () => closedLoop([connection], 1, jsonTurns(port, sessions, 1), new Faults())
    await ask()
    connection.close()
    await expect(ask()).rejects.toThrow('The connection was closed.')
  })

  it('never ask twice in one session at the same time', async () => {
    const open = new Set<string>()
    const port = await serve((req, res) => {
      const chunks: Buffer[] = []
      req.on('data', (chunk: Buffer) => chunks.push(chunk))
      req.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>
        const { message: content, session_id: sessionId = '' } = body
        const isFree = !open.has(sessionId)
        open.add(sessionId)
        setImmediate(() => {
          open.delete(sessionId)
          const text = JSON.stringify({ session_id: sessionId, content: isFree ? content : 'busy' })
          res.writeHead(200, { 'Content-Length': text.length }).end(text)
        })
      })
    })
    const faults = new Faults()
    await closedLoop(await connect(port, 4), 200, jsonTurns(port, sessions, 4), faults)
    expect(faults.told).toEqual([])
  })

  it('can not share a session', () => {
    expect(() => jsonTurns(1, sessions, 5)).toThrow('4 sessions are too few for 5 connections.')
  })
})

describe('requests that come by the clock', () => {
  const gets = (port: number, onRequest: () => void): Exchange => ({
    request() {
      onRequest()
      return encodeGet(port, '/')
    },
    faultOf: (answer) => wrongStatus(answer, 200),
  })

  it('go on until they are told to stop, and all have their answer then', async () => {
    const port = await serve((_req, res) => res.writeHead(200, { 'Content-Length': 2 }).end('ok'))
    const end = new AbortController()
    const faults = new Faults()
    let sent = 0
    const exchange = gets(port, () => {
      sent += 1
      if (sent === 20) end.abort()
    })
    const connections = await connect(port, 50)
    const load = { perSecond: 1_000, signal: end.signal, exchange }
    const { answers } = await openLoop(connections, load, faults)
    expect(answers).toHaveLength(sent)
    expect(answers.every(({ status, ms }) => status === 200 && ms > 0)).toBe(true)
    expect(faults.count).toBe(0)
  })

  it('are counted when no connection was free for them', async () => {
    const end = new AbortController()
    const port = await serve((_req, res) => {
      // While this answer is not there, the time of others comes.
      setTimeout(() => {
        end.abort()
        res.writeHead(200, { 'Content-Length': 2 }).end('ok')
      }, 50)
    })
    const load = { perSecond: 1_000, signal: end.signal, exchange: gets(port, () => {}) }
    const { answers, missed } = await openLoop(await connect(port, 1), load, new Faults())
    expect(answers).toHaveLength(1)
    expect(missed).toBeGreaterThan(0)
  })

  it('end when a connection breaks', async () => {
    const port = await serve((req) => req.socket.destroy())
    const load = { perSecond: 1_000, signal: new AbortController().signal, exchange: gets(port, () => {}) }
    await expect(openLoop(await connect(port, 1), load, new Faults())).rejects.toThrow('closed')
  })
})

describe('a request', () => {
  it('is a head and a body', () => {
    expect(postEncoder(8000, '/chat', { 'X-Id': '1' })('{"a":1}')).toBe(
      'POST /chat HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nContent-Type: application/json\r\nX-Id: 1\r\nContent-Length: 7\r\n\r\n{"a":1}',
    )
    expect(encodeGet(8000, '/health')).toBe('GET /health HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n')
  })

  it('has a message of 200 characters that no other has', () => {
    const messages = Array.from({ length: 2_000 }, (_, n) => messageOf(n))
    expect(new Set(messages).size).toBe(2_000)
    expect(messages.every(({ length }) => length === 200)).toBe(true)
  })
})
