import { createRoutes, type Route } from '@colloquy/contract'
import { describe, expect, it } from 'vitest'
import { echo, startServer } from '../server.fixture.js'

describe('the documentation', () => {
  it('is one OpenAPI document with every route, and with the limits that hold', async () => {
    const server = await startServer(echo, {
      manager: { limits: { maxMessageLength: 7 } },
      serve: { name: 'my shop', version: '1.2.3' },
    })
    const response = await fetch(`${server.url}/openapi.json`)
    expect(response.headers.get('content-type')).toBe('application/json')
    const document = await response.json()
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'my shop', version: '1.2.3' },
      servers: [{ url: '/' }],
      components: { schemas: { ChatRequest: { properties: { message: { maxLength: 7 } } } } },
    })
    const routes = Object.values<Route>(createRoutes()).filter(({ isInternal }) => isInternal !== true)
    expect(Object.keys((document as { paths: object }).paths).sort()).toEqual(
      [...new Set(routes.map(({ path }) => path))].sort(),
    )
  })

  it.each(['/docs', '/redoc'])('has the name of the service as the title of the page %s', async (path) => {
    const server = await startServer(echo, { serve: { name: 'Chairs & <Tables>' } })
    const html = await (await fetch(server.url + path)).text()
    expect(html).toContain('<title>Chairs &amp; &lt;Tables></title>')
  })

  it.each(['/docs', '/redoc'])('is shown by the page %s, which asks nobody but the server', async (path) => {
    const server = await startServer(echo)
    const page = await fetch(server.url + path)
    const html = await page.text()
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; connect-src 'self'")
    expect(html).not.toMatch(/https?:\/\//)
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, address = '']) => new URL(address, page.url),
    )
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      const answer = await fetch(file)
      expect([file.pathname, answer.status]).toEqual([file.pathname, 200])
      expect(answer.headers.get('content-type')).toMatch(/^(text\/(css|javascript)|image\/png)$/)
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100)
    }
  })

  it.each(['package.json', '..%2Fpackage.json', '..%2F..%2Fsrc%2Findex.ts', 'constructor', ''])(
    'has no file %j',
    async (file) => {
      const server = await startServer(echo)
      expect((await fetch(`${server.url}/docs/files/${file}`)).status).toBe(404)
    },
  )
})
