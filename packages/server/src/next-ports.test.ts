import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { echo, startServer } from './server.fixture.js'

async function take(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return server
}

/** Takes ports that follow one another, with a free one behind them. */
async function takeRow(count: number): Promise<number> {
  for (;;) {
    const first = ((await take(0)).address() as AddressInfo).port
    try {
      for (let n = 1; n < count; n += 1) await take(first + n)
      const free = await take(first + count)
      free.close()
      await once(free, 'close')
      return first
    } catch {
      // somebody else has one of them
    }
  }
}

describe('a port that is taken', () => {
  it('is passed over for the next free one, where that is wanted', async () => {
    const port = await takeRow(2)
    const server = await startServer(echo, { serve: { port, nextPorts: 2 } })
    expect(server.port).toBe(port + 2)
    expect(server.url).toBe(`http://127.0.0.1:${port + 2}`)
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
  })

  it('is told, and not the last one that was tried, when all of them are taken', async () => {
    const port = await takeRow(2)
    await expect(startServer(echo, { serve: { port, nextPorts: 1 } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    })
  })

  it('is an error where the next ones are not wanted', async () => {
    const port = await takeRow(1)
    await expect(startServer(echo, { serve: { port } })).rejects.toMatchObject({ code: 'EADDRINUSE', port })
  })

  it('does not give way to that of the metrics', async () => {
    const port = await takeRow(1)
    const server = await startServer(echo, { serve: { port, nextPorts: 20, metricsPort: port + 1 } })
    expect(server.metricsPort).toBe(port + 1)
    expect(server.port).toBeGreaterThan(port + 1)
  })

  it('has no next one behind the last there is', async () => {
    const last = 65_535
    await take(last).catch(() => undefined) // somebody else may have it
    await expect(startServer(echo, { serve: { port: last, nextPorts: 20 } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port: last,
    })
  })

  it('is the only reason to try the next one', async () => {
    const options = { host: '192.0.2.1', allowUnauthenticated: true, port: 8000, nextPorts: 2 }
    await expect(startServer(echo, { serve: options })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' })
  })
})
