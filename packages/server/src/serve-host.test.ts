import { lookup } from 'node:dns/promises'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { createSessionManager, type SessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { exchange } from './connections/raw-exchange.fixture.js'
import { createApp, type ServeOptions, serve } from './index.js'
import { echo, startServer } from './server.fixture.js'

vi.mock('node:dns/promises', { spy: true })

const managerOf = (): SessionManager =>
  createSessionManager({ store: createMemoryStore(), chat: { name: 'x', reply: echo as never } })

/** Serves until the test has ended. */
async function serveOn(options: Omit<ServeOptions, 'manager' | 'port'>) {
  const server = await serve({ manager: managerOf(), port: 0, ...options })
  onTestFinished(() => server.close())
  return server
}

const [zone = ''] = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
  addresses.some(({ address }) => address === '::1') ? [name] : [],
)

describe('where a server listens', () => {
  it.each(['', 'a b', 'http://localhost'])('is not %j: nothing is started then', async (host) => {
    const manager = managerOf()
    await expect(serve({ manager, port: 0, host, authenticate: () => null })).rejects.toThrow(
      /host|URL|ENOTFOUND|EAI_AGAIN/,
    )
    expect(manager.state).toBe('starting')
  })

  it('is told to be missing where it is empty', async () => {
    await expect(serveOn({ host: '' })).rejects.toThrow(
      new RangeError('The host is empty: give a name or an address of this machine, such as localhost.'),
    )
  })

  it.skipIf(zone === '')('may be an address with a zone, which is no part of the URL', async () => {
    for (const options of [{}, { authenticate: () => ({ owner: 'x' }) }]) {
      const { url, port } = await serveOn({ host: `::1%${zone}`, ...options })
      expect(url).toBe(`http://[::1]:${port}`)
      expect((await fetch(`${url}/health/live`)).status).toBe(200)
    }
  })

  it('is the address that was judged, whatever the name says when it is looked up again', async () => {
    // A name that nobody else knows.
    vi.mocked(lookup).mockResolvedValueOnce({ address: '127.0.0.1', family: 4 })
    const { server, port, url } = await serveOn({ host: 'chat.invalid' })
    expect((server.address() as AddressInfo).address).toBe('127.0.0.1')
    expect(url).toBe(`http://chat.invalid:${port}`)
    const statusOf = async (host: string) =>
      (await exchange(port, `GET /api/v1/status HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).status
    expect([await statusOf('chat.invalid'), await statusOf('other.invalid')]).toEqual([200, 403])
  })
})

describe('options that are there and undefined', () => {
  it('are as good as left out: a server that only this machine reaches answers to its names alone', async () => {
    const allowedHosts = undefined as unknown as string[] // what a program without types could do
    const { port } = await startServer(echo, { serve: { allowedHosts } })
    const answer = await exchange(port, 'GET /api/v1/status HTTP/1.1\r\nHost: evil.example\r\n\r\n')
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ detail: 'This server does not answer to this host name.' })
  })
})

describe('documentation for callers with a key', () => {
  it('is refused where nobody can have one: it would be open, or locked for good', async () => {
    const manager = managerOf()
    expect(() => createApp({ manager, documentation: 'key' })).toThrow(RangeError)
    await expect(serve({ manager, port: 0, documentation: 'key' })).rejects.toThrow(/authenticate.*open/)
    expect(manager.state).toBe('starting')
  })
})
