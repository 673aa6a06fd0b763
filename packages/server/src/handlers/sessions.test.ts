import { messagePage, session, sessionPage } from '@colloquy/contract'
import { describe, expect, it } from 'vitest'
import { echo, startServer } from '../server.fixture.js'

describe('sessions', () => {
  it('are made, read and deleted', async () => {
    const server = await startServer(echo)
    const made = await server.post('/api/v1/sessions', { metadata: { shop: 'north' }, ttl_seconds: 60 })
    expect(made.status).toBe(201)
    const body = session.parse(await made.json())
    expect(body).toMatchObject({
      ttl_seconds: 60,
      message_count: 0,
      active_turn_id: null,
      metadata: { shop: 'north' },
    })
    expect(Date.parse(body.expires_at ?? '')).toBe(Date.parse(body.created_at) + 60_000)
    const location = made.headers.get('location') ?? ''
    expect(location).toBe(`/api/v1/sessions/${body.session_id}`)
    expect(await (await fetch(server.url + location)).json()).toEqual(body)
    const deleted = await fetch(server.url + location, { method: 'DELETE' })
    expect([deleted.status, await deleted.text()]).toEqual([204, ''])
    expect((await fetch(server.url + location)).status).toBe(404)
    expect((await fetch(server.url + location, { method: 'DELETE' })).status).toBe(404)
  })

  it('are listed, the most recently active first, page by page', async () => {
    const server = await startServer(echo)
    const ids: string[] = []
    for (let n = 0; n < 5; n += 1) {
      const { sessionId } = await server.manager.sessions.create()
      await (await server.manager.startTurn({ sessionId, message: 'hello' })).ended
      ids.push(sessionId)
    }
    const found: string[] = []
    for (let query = '?limit=2'; query !== ''; ) {
      const page = sessionPage.parse(await (await fetch(`${server.url}/api/v1/sessions${query}`)).json())
      expect(page.data.length).toBeLessThanOrEqual(2)
      found.push(...page.data.map(({ session_id }) => session_id))
      query = page.next_cursor === null ? '' : `?limit=2&cursor=${encodeURIComponent(page.next_cursor)}`
    }
    expect(found.toSorted()).toEqual(ids.toSorted())
    const statusOf = async (query: string) => (await fetch(`${server.url}/api/v1/sessions${query}`)).status
    expect(await Promise.all(['?limit=0', '?order=asc', '?cursor=x', '?cursor='].map(statusOf))).toEqual([
      422, 422, 400, 400,
    ])
  })

  it('are changed key by key, and told how long to live', async () => {
    const server = await startServer(echo)
    const { sessionId } = await server.manager.sessions.create({ metadata: { a: '1', b: '2' } })
    const patch = (body: unknown) =>
      fetch(`${server.url}/api/v1/sessions/${sessionId}`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    const changed = session.parse(
      await (await patch({ metadata: { a: null, c: '3' }, ttl_seconds: 60 })).json(),
    )
    expect(changed).toMatchObject({ metadata: { b: '2', c: '3' }, ttl_seconds: 60 })
    expect(Date.parse(changed.expires_at ?? '')).toBe(Date.parse(changed.last_active_at) + 60_000)
    expect((await patch({})).status).toBe(200)
    for (const wrong of [
      { metadata: null },
      { metadata: { a: 1 } },
      { ttl_seconds: 0 },
      { message_count: 1 },
      null,
    ]) {
      expect([wrong, (await patch(wrong)).status]).toEqual([wrong, 422])
    }
    const full = await patch({
      metadata: Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`key ${n}`, 'x'])),
    })
    expect(await full.json()).toMatchObject({
      code: 'validation_failed',
      errors: [{ in: 'body', path: '/metadata', message: 'would have 17 pairs; at most 16 are allowed' }],
    })
  })

  it.each([
    ['no body', undefined],
    ['a body of no bytes', ''],
    ['an empty object', '{}'],
  ])('are made from %s', async (_what, body) => {
    const server = await startServer(echo)
    const headers = { 'Content-Type': 'application/json' }
    const made = await fetch(`${server.url}/api/v1/sessions`, {
      method: 'POST',
      ...(body === undefined ? {} : { body, headers }),
    })
    expect(session.parse(await made.json())).toMatchObject({ ttl_seconds: 1_800, metadata: {} })
  })

  it('are made from a chunked body of no bytes', async () => {
    const server = await startServer(echo)
    const body = new ReadableStream({ start: (controller) => controller.close() })
    const headers = { 'Content-Type': 'application/json' }
    const made = await fetch(`${server.url}/api/v1/sessions`, {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    })
    expect(made.status).toBe(201)
  })

  it('take metadata and ttl_seconds at their bounds, and not beyond', async () => {
    const server = await startServer(echo)
    const pairs = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`key ${n}`, 'x'.repeat(512)]))
    const status = async (body: object) => (await server.post('/api/v1/sessions', body)).status
    expect(await status({ metadata: pairs(16), ttl_seconds: 2_592_000 })).toBe(201)
    expect(await status({ metadata: pairs(17) })).toBe(422)
    expect(await status({ metadata: { key: 'x'.repeat(513) } })).toBe(422)
    for (const ttl_seconds of [0, -1, 2_592_001, 1.5, null, '60'])
      expect(await status({ ttl_seconds })).toBe(422)
  })

  it('list their messages page by page', async () => {
    const server = await startServer(echo)
    const { sessionId } = await server.manager.sessions.create()
    for (const message of ['a', 'b', 'c'])
      await (await server.manager.startTurn({ sessionId, message })).ended
    const contents: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page = await fetch(`${server.url}/api/v1/sessions/${sessionId}/messages?limit=4${query}`)
      const { data, next_cursor } = messagePage.parse(await page.json())
      contents.push(...data.map(({ content }) => content))
      cursor = next_cursor
    }
    expect(contents).toEqual(['a', 'You said: a', 'b', 'You said: b', 'c', 'You said: c'])
  })
})
