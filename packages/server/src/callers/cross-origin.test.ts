import { describe, expect, it } from 'vitest'
import { createApp } from '../index.js'
import { echo, startServer } from '../server.fixture.js'

/** What the answer allows a page of this origin. */
async function allowed(url: string, origin: string) {
  const response = await fetch(`${url}/health/live`, { headers: { Origin: origin } })
  const { headers } = response
  return {
    status: response.status,
    origin: headers.get('access-control-allow-origin'),
    credentials: headers.get('access-control-allow-credentials'),
    exposed: headers.get('access-control-expose-headers'),
    vary: headers.get('vary'),
  }
}

describe('pages of other origins', () => {
  it('may not read anything when nothing was said', async () => {
    const server = await startServer(echo)
    expect(await allowed(server.url, 'https://app.example.com')).toMatchObject({ status: 200, origin: null })
  })

  it('may use the API when their origin, or a pattern of it, was allowed', async () => {
    const origins = ['https://app.example.com', 'https://*.example.org', 'http://localhost:5173']
    const server = await startServer(echo, { serve: { crossOrigin: { origins } } })
    for (const origin of [
      'https://app.example.com',
      'https://a.example.org',
      'https://a.b.example.org',
      'http://localhost:5173',
    ]) {
      expect(await allowed(server.url, origin)).toMatchObject({ origin, credentials: null, vary: 'Origin' })
    }
    for (const origin of [
      'https://example.com',
      'http://app.example.com',
      'https://app.example.com:8443',
      'https://app.example.com.evil.example',
      'https://example.org',
      'https://evilexample.org',
      'https://evil.example/.example.org',
      'http://localhost:5174',
      'null',
    ]) {
      expect([origin, (await allowed(server.url, origin)).origin]).toEqual([origin, null])
    }
  })

  it('of an origin that is not allowed are told nothing, and no cache takes one answer for another', async () => {
    const origins = ['https://app.example.com']
    const server = await startServer(echo, { serve: { crossOrigin: { origins, credentials: true } } })
    const preflight = { 'Access-Control-Request-Method': 'PATCH' }
    const ask = async (headers: Record<string, string>, method = 'GET') => {
      const response = await fetch(`${server.url}/api/v1/sessions`, { method, headers })
      const names = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'))
      return { status: response.status, names, vary: response.headers.get('vary') }
    }
    const told = { names: [], vary: 'Origin' }
    expect(await ask({})).toMatchObject(told)
    expect(await ask({ Origin: 'https://evil.example' })).toMatchObject({ ...told, status: 200 })
    expect(await ask({ Origin: 'https://evil.example', ...preflight }, 'OPTIONS')).toMatchObject({
      ...told,
      status: 204,
    })
    const allowed = await ask({ Origin: 'https://app.example.com', ...preflight }, 'OPTIONS')
    expect(allowed).toMatchObject({ status: 204, vary: 'Origin' })
    expect(allowed.names).toContain('access-control-allow-origin')
  })

  it('may use the API when their origin was allowed with the port that it has anyway', async () => {
    const origins = ['https://a.example:443', 'http://B.example:80', 'https://*.example.org:443']
    const server = await startServer(echo, { serve: { crossOrigin: { origins } } })
    for (const origin of ['https://a.example', 'http://b.example', 'https://x.example.org'])
      expect(await allowed(server.url, origin)).toMatchObject({ origin })
    for (const origin of ['http://a.example', 'https://b.example', 'https://a.example:8443'])
      expect(await allowed(server.url, origin)).toMatchObject({ origin: null })
  })

  it('may read our headers, and keep a preflight', async () => {
    const server = await startServer(echo, { serve: { crossOrigin: { origins: ['*'] } } })
    const { origin, exposed } = await allowed(server.url, 'https://any.example')
    expect(origin).toBe('*')
    expect(exposed).toContain('X-Session-Id,X-Turn-Id')
    expect(exposed).toContain('Idempotency-Replayed')
    const headers = { Origin: 'https://any.example', 'Access-Control-Request-Method': 'PATCH' }
    const preflight = await fetch(`${server.url}/api/v1/sessions/x`, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
    const allowedHeaders = preflight.headers.get('access-control-allow-headers')
    for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID'])
      expect(allowedHeaders?.split(',')).toContain(name)
    expect(preflight.headers.get('access-control-max-age')).toBe('86400')
    const plain = await fetch(`${server.url}/api/v1/sessions/x`, { method: 'OPTIONS' })
    expect([plain.status, plain.headers.get('allow')]).toEqual([204, 'GET, HEAD, PATCH, DELETE, OPTIONS'])
  })

  it('may read errors too', async () => {
    const server = await startServer(echo, { serve: { crossOrigin: { origins: ['*'] } } })
    const response = await fetch(`${server.url}/api/v1/sessions/x`, {
      headers: { Origin: 'https://any.example' },
    })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([404, '*'])
  })

  it('may send credentials when that was allowed, and never all of them', async () => {
    const origins = ['https://app.example.com']
    const server = await startServer(echo, { serve: { crossOrigin: { origins, credentials: true } } })
    expect(await allowed(server.url, 'https://app.example.com')).toMatchObject({ credentials: 'true' })
    const { manager } = server
    expect(() => createApp({ manager, crossOrigin: { origins: ['*'], credentials: true } })).toThrow(
      'need a list of origins',
    )
    for (const origin of [
      'app.example.com',
      'https://app.example.com/',
      'https://*',
      'https://a*.example.com',
      'ftp://a.example',
      '',
    ]) {
      expect(() => createApp({ manager, crossOrigin: { origins: [origin] } })).toThrow('is no origin')
    }
  })
})
