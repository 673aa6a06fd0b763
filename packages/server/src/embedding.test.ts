import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { problem, status } from '@colloquy/contract'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import express, { type Express } from 'express'
import { pino } from 'pino'
import { pinoHttp } from 'pino-http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exchange } from './connections/raw-exchange.fixture.js'
import { type AppOptions, createApp } from './index.js'
import { echo, startServer } from './server.fixture.js'

const chat = { name: 'echo', reply: echo as never }

/** Listens with an application of somebody else's, in which `mount` puts ours. */
async function hostWith(
  mount: (host: Express, app: Express) => void,
  options: Pick<AppOptions, 'crossOrigin'> = {},
) {
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const manager = createSessionManager({ store: createMemoryStore(), chat })
  const host = express()
  mount(host, createApp({ manager, logger, ...options }))
  const server = createServer(host).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await manager.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, lines }
}

describe('an app in another one', () => {
  it('answers under any path, and leaves the rest to its host', async () => {
    const { url } = await hostWith((host, app) => {
      host.use('/bots/echo', app)
      host.get('/', (_req, res) => res.send('the host'))
    })
    const made = await fetch(`${url}/bots/echo/api/v1/sessions`, { method: 'POST' })
    const location = made.headers.get('location') ?? ''
    expect(location).toMatch(/^\/bots\/echo\/api\/v1\/sessions\/sess_/)
    expect((await fetch(url + location)).status).toBe(200)
    const missing = problem.parse(await (await fetch(`${url}/bots/echo/nothing`)).json())
    expect(missing).toMatchObject({ detail: 'There is no route GET /bots/echo/nothing.' })
    expect(await (await fetch(url)).text()).toBe('the host')
  })

  it('keeps to its own request ids where the host logs with pino-http', async () => {
    const { url } = await hostWith((host, app) => host.use(pinoHttp({ enabled: false }), app))
    const own = await fetch(`${url}/nothing`, { headers: { 'X-Request-Id': 'mine' } })
    expect(own.headers.get('x-request-id')).toBe('mine')
    expect(problem.parse(await own.json()).request_id).toBe('mine')
    const given = await fetch(`${url}/nothing`)
    expect(problem.parse(await given.json()).request_id).toBe(given.headers.get('x-request-id'))
  })

  it('takes the body that its host has read', async () => {
    const { url } = await hostWith((host, app) => host.use(express.json(), app))
    const answer = await fetch(`${url}/api/v1/chat`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"message":"hi"}',
    })
    expect(await answer.json()).toMatchObject({ content: 'You said: hi' })
  })

  it('refuses a body over its limit before it has come', async () => {
    const { url } = await hostWith((host, app) => host.use(app))
    const type = 'Content-Type: application/json'
    const answer = await exchange(
      Number(new URL(url).port),
      `POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\n${type}\r\nContent-Length: 1048577\r\n\r\n`,
    )
    expect([answer.status, answer.headers.get('connection')]).toEqual([413, 'close'])
  })

  it('has its headers where the host has put something in the place of writeHead that knows no lists', async () => {
    const { url } = await hostWith((host, app) => {
      // As `on-headers` did it up to 1.0: it is in sessions, compression and logs of many applications.
      host.use((_req, res, next) => {
        const write = res.writeHead.bind(res) as (status: number) => typeof res
        res.writeHead = ((status: number, headers: Record<string, string> | [string, string][] = {}) => {
          const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
          for (const [name, value] of pairs) res.setHeader(name, value)
          res.setHeader('X-Host', 'was here')
          return write(status)
        }) as typeof res.writeHead
        next()
      })
      host.use(app)
    })
    const response = await fetch(`${url}/health/live`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'live' }])
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'content-length': '17',
      'cache-control': 'no-store',
      'x-host': 'was here',
    })
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    expect([...response.headers.keys()].filter((name) => name.length === 1)).toEqual([])
  })

  it('adds to what the host says that its answers vary by', async () => {
    const crossOrigin = { origins: ['https://app.example.com'] }
    const { url } = await hostWith(
      (host, app) => {
        host.use((_req, res, next) => {
          res.vary('Accept-Encoding')
          next()
        })
        host.use(app)
      },
      { crossOrigin },
    )
    for (const headers of [{}, { Origin: 'https://app.example.com' }, { Origin: 'https://evil.example' }]) {
      const response = await fetch(`${url}/health/live`, { headers })
      expect(response.headers.get('vary')).toBe('Accept-Encoding, Origin')
    }
  })

  it('takes nothing of what the host keeps in res.locals', async () => {
    const { url, lines } = await hostWith((host, app) => {
      host.use((_req, res, next) => {
        Object.assign(res.locals, { session_id: 'host secret', tag: 'probe', route: 'host secret' })
        next()
      })
      host.use(app)
    })
    await fetch(`${url}/nothing`)
    expect(lines.join('')).toContain('"level":30')
    expect(lines.join('')).not.toContain('host secret')
  })
})

describe('a server', () => {
  it('lists the functions of a chat interface that are functions', async () => {
    const functions = [{ name: 'look', description: 'Looks.' }, null, 7, { name: 'x' }, 'abc']
    for (const [given, listed] of [
      [functions, 1],
      [{}, 0],
      ['abc', 0],
      [null, 0],
    ] as const) {
      const server = await startServer({ ...chat, functions: given as never })
      const body = status.parse(await (await fetch(`${server.url}/api/v1/status`)).json())
      expect(body.chat.available_functions).toHaveLength(listed)
    }
  })

  it('is ready also when its store can not count', async () => {
    const store = Object.assign(createMemoryStore(), {
      countSessions: () => Promise.reject(new Error('busy')),
    })
    const server = await startServer(chat, { manager: { store } })
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
    expect((await fetch(`${server.url}/api/v1/status`)).status).toBe(503)
  })

  it('closes the store when the chat interface does not start', async () => {
    let isClosed = false
    const close = async () => {
      isClosed = true
    }
    const store = Object.assign(createMemoryStore(), { close })
    const failing = { ...chat, start: () => Promise.reject(new Error('no model')) }
    await expect(startServer(failing, { manager: { store } })).rejects.toMatchObject({ code: 'not_ready' })
    expect(isClosed).toBe(true)
  })
})
