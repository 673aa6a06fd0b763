import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import express from 'express'
import { describe, expect, it, onTestFinished } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { createApp } from '../index.js'
import { echo, startServer } from '../server.fixture.js'

type Headers = Readonly<Record<string, string>>

/** Sends a request without a body, with headers that `fetch` would not send; its status. */
function statusOf(url: string, headers: Headers, method = 'POST'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
}

const open = { host: '0.0.0.0', allowUnauthenticated: true }

async function startOpen(serve: object = {}) {
  const { port } = await startServer(echo, { serve: { ...open, ...serve } })
  return `http://127.0.0.1:${port}/api/v1/sessions`
}

describe('what a page of another origin would change, where there are no keys, is forbidden', () => {
  it('also on a server that answers to every host name, and it is said how to allow it', async () => {
    const sessions = await startOpen()
    const headers = { Origin: 'https://other.example' }
    const { detail } = await problemOf(await fetch(sessions, { method: 'POST', headers }), 'forbidden')
    expect(detail).toBe(
      'Pages of this origin may not use this server. Its settings for cross-origin requests (CORS) can allow it.',
    )
    expect((await fetch(sessions, { headers })).status).toBe(200)
    expect((await fetch(sessions, { method: 'POST' })).status).toBe(201)
  })

  it.each([
    ['same-origin', 201],
    ['none', 201],
    ['same-site', 403],
    ['cross-site', 403],
    ['anything', 403],
  ])('by what the browser says: %s', async (site, status) => {
    const sessions = await startOpen()
    const { host } = new URL(sessions)
    expect(await statusOf(sessions, { 'Sec-Fetch-Site': site })).toBe(status)
    // What the browser says counts more than what can be concluded: a proxy may have changed the Host.
    for (const origin of [`http://${host}`, 'https://other.example', 'null']) {
      expect(await statusOf(sessions, { 'Sec-Fetch-Site': site, Origin: origin })).toBe(status)
    }
    expect(await statusOf(sessions, { 'Sec-Fetch-Site': site, Origin: 'https://other.example' }, 'GET')).toBe(
      200,
    )
  })

  it('unless CORS allows the origin', async () => {
    const origins = ['https://app.example', 'https://*.site.example']
    const sessions = await startOpen({ crossOrigin: { origins } })
    for (const [origin, status] of [
      ['https://app.example', 201],
      ['https://a.site.example', 201],
      ['https://other.example', 403],
    ] as const) {
      expect(await statusOf(sessions, { Origin: origin })).toBe(status)
      expect(await statusOf(sessions, { Origin: origin, 'Sec-Fetch-Site': 'cross-site' })).toBe(status)
    }
    const all = await startOpen({ crossOrigin: { origins: ['*'] } })
    expect(await statusOf(all, { Origin: 'https://any.example', 'Sec-Fetch-Site': 'cross-site' })).toBe(201)
  })

  it('in an application of somebody else, too, which may allow one origin and not all', async () => {
    const manager = createSessionManager({ store: createMemoryStore(), chat: { name: 'echo', reply: echo } })
    const host = express()
    host.use((_req, res, next) => {
      res.setHeader('Access-Control-Allow-Origin', 'https://app.example')
      next()
    })
    const server = createServer(host.use(createApp({ manager }))).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(async () => {
      server.close()
      server.closeAllConnections()
      await manager.close()
    })
    const sessions = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/sessions`
    expect(await statusOf(sessions, { Origin: 'https://app.example' })).toBe(201)
    expect(await statusOf(sessions, { Origin: 'https://other.example' })).toBe(403)
  })

  it('and where there are some, the key says who may', async () => {
    const sessions = await startOpen({ authenticate: () => ({ owner: 'me' }) })
    expect(
      await statusOf(sessions, { Origin: 'https://other.example', 'Sec-Fetch-Site': 'cross-site' }),
    ).toBe(201)
  })
})

describe('a host name that is not the server’s', () => {
  it.each(['GET', 'OPTIONS', 'PUT'])('is forbidden for %s on a route that there is', async (method) => {
    const { port } = await startServer(echo)
    const url = `http://127.0.0.1:${port}/health`
    const own = { GET: 200, OPTIONS: 204, PUT: 405 }[method]
    expect(await statusOf(url, { Host: 'other.example' }, method)).toBe(403)
    expect(await statusOf(url, { Host: `localhost:${port}` }, method)).toBe(own)
  })
})
