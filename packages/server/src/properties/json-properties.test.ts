import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createRoutes, type Route } from '@colloquy/contract'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { echo, startServer, type TestServer } from '../server.fixture.js'
import { checkAnswer } from './check-answer.fixture.js'
import { holdProperty, propertyTimeout } from './hold-property.fixture.js'
import { jsonText } from './json-text.fixture.js'

/** The routes that take a body, with the names of its fields. */
const routes = Object.entries<Route>(createRoutes()).flatMap(([name, route]) => {
  const schema = route.request.body?.schema
  return schema instanceof z.ZodObject ? [[name, route, Object.keys(schema.shape)] as const] : []
})

const encodings = {
  identity: (text: string) => Buffer.from(text),
  gzip: (text: string) => gzipSync(text),
  deflate: (text: string) => deflateSync(text),
  br: (text: string) => brotliCompressSync(text),
}

async function send(server: TestServer, { method, path }: Route, body: Buffer, encoding = 'identity') {
  const { sessionId } = await server.manager.sessions.create()
  const headers = { 'Content-Type': 'application/json', 'Content-Encoding': encoding }
  return fetch(server.url + path.replace('{session_id}', sessionId), {
    method: method.toUpperCase(),
    headers,
    body,
  })
}

/** The names of the fields that a text has as JSON; null where it is no object. */
function fieldsOf(text: string): string[] | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : null
  } catch {
    return null
  }
}

describe('whatever its JSON, a body is answered with a problem or a success of the contract', () => {
  it('on every route that takes one', () => {
    const withBody = Object.values<Route>(createRoutes()).filter(({ request }) => request.body !== undefined)
    expect(routes).toHaveLength(withBody.length)
  })

  it.each(routes)('on the route %s', { timeout: propertyTimeout }, async (_name, route, fields) => {
    const server = await startServer(echo)
    const encoding = fc.constantFrom(
      'identity',
      'identity',
      'identity',
      ...(Object.keys(encodings) as never[]),
    )
    await holdProperty(
      fc.asyncProperty(jsonText(fields), encoding, async (text, encoding: keyof typeof encodings) => {
        const response = await send(server, route, encodings[encoding](text), encoding)
        const { status } = response
        await checkAnswer(response, { route })
        const sent = text === '' && route.request.body?.required === false ? [] : fieldsOf(text)
        const mayPass = sent?.every((name) => fields.includes(name)) === true
        expect(status < 300 && !mayPass).toBe(false)
      }),
      300,
    )
    expect(await (await server.post('/api/v1/chat', { message: 'still there?' })).json()).toMatchObject({
      content: 'You said: still there?',
    })
    expect(server.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it.each(routes)('on the route %s, also when it is much larger than it looks', async (_name, route) => {
    const server = await startServer(echo)
    const text = `{"message":"${'x'.repeat(4_000_000)}"}`
    for (const [encoding, encode] of Object.entries(encodings)) {
      if (encoding === 'identity') continue
      const response = await send(server, route, encode(text), encoding)
      expect([encoding, response.status]).toEqual([encoding, 413])
      await checkAnswer(response, { route })
    }
  })
})
