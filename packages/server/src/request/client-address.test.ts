import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import express from 'express'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../index.js'
import { echo, type LogLine, startServer } from '../server.fixture.js'

describe('the address of a client in the log', () => {
  const loggedBy = async (
    options: { trustProxy?: boolean | number | readonly string[] },
    forwarded = '192.0.2.7, 198.51.100.1',
  ): Promise<LogLine> => {
    const { url, line } = await startServer(echo, { serve: options })
    await fetch(`${url}/api/v1/sessions`, { headers: { 'X-Forwarded-For': forwarded } })
    return line(({ route }) => route === '/api/v1/sessions')
  }

  it('is the one that the connection comes from, whatever is claimed', async () => {
    expect(await loggedBy({})).toMatchObject({ client: '127.0.0.1' })
    expect(await loggedBy({ trustProxy: ['10.0.0.0/8'] })).toMatchObject({ client: '127.0.0.1' })
  })

  it('is the one that trusted proxies tell', async () => {
    expect(await loggedBy({ trustProxy: 1 })).toMatchObject({ client: '198.51.100.1' })
    expect(await loggedBy({ trustProxy: 2 })).toMatchObject({ client: '192.0.2.7' })
    expect(await loggedBy({ trustProxy: ['loopback', '198.51.100.0/24'] })).toMatchObject({
      client: '192.0.2.7',
    })
    for (const address of ['2001:DB8::1', '2001:DB8::1%a-secret']) {
      expect(await loggedBy({ trustProxy: 1 }, address)).toMatchObject({ client: '2001:DB8::1' })
    }
  })

  it.each([
    'a-secret',
    '192.0.2.7 a-secret',
    '192.0.2.7:a-secret',
    '192.0.2.256-a-secret',
    'unknown',
    '_a-secret',
    '"[2001:db8::1]:a-secret"',
  ])('is none where a client writes %j in its place', async (forwarded) => {
    for (const trustProxy of [true, 1, ['loopback']]) {
      const line = await loggedBy({ trustProxy }, forwarded)
      expect(JSON.stringify(line)).not.toContain('a-secret')
      expect(line).not.toHaveProperty('client')
    }
  })

  it('is there also when the client has gone', async () => {
    const server = await startServer(async function* (_message, { signal }) {
      yield 'half'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const leaving = new AbortController()
    await server.post('/api/v1/chat', { message: 'hi', stream: true }, { signal: leaving.signal })
    leaving.abort()
    expect(await server.line(({ msg }) => msg === 'request left by its client')).toMatchObject({
      client: '127.0.0.1',
    })
  })

  it('is told by the proxies that the app trusts, and not by those of the application that it is in', async () => {
    const lines: string[] = []
    const logger = pino({}, { write: (line: string) => void lines.push(line) })
    const manager = createSessionManager({ store: createMemoryStore(), chat: { name: 'echo', reply: echo } })
    const host = express()
      .enable('trust proxy')
      .use(createApp({ manager, logger, trustProxy: 1 }))
    const server = createServer(host).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(async () => {
      server.close()
      server.closeAllConnections()
      await manager.close()
    })
    const { port } = server.address() as AddressInfo
    const headers = { 'X-Forwarded-For': '192.0.2.7, 198.51.100.1' }
    await (await fetch(`http://127.0.0.1:${port}/nothing`, { headers })).text()
    expect(lines.map((line) => (JSON.parse(line) as LogLine)['client'])).toEqual(['198.51.100.1'])
  })
})
