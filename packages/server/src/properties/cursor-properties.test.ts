import { createRoutes, type Route, sessionPage } from '@colloquy/contract'
import { createManualClock } from '@colloquy/session/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { echo, startServer, type TestServer } from '../server.fixture.js'
import { checkAnswer } from './check-answer.fixture.js'
import { holdProperty, propertyTimeout } from './hold-property.fixture.js'

/** The routes that answer page by page, with the addresses of the lists behind them. */
const lists = Object.entries<Route>(createRoutes())
  .filter(
    ([
      ,
      {
        request: { query },
      },
    ]) => query !== undefined && 'shape' in query && hasCursor(query.shape),
  )
  .map(([name, route]) => ({ name, route, address: route.path.replaceAll(/\{\w+\}/g, '{session_id}') }))

function hasCursor(shape: unknown): boolean {
  return typeof shape === 'object' && shape !== null && 'cursor' in shape
}

/** A server with enough to list, and the cursors that lead to the second page of each of its lists. */
async function startLists() {
  const server = await startServer(echo)
  const { sessionId } = await server.manager.sessions.create()
  for (const message of ['a', 'b']) await (await server.manager.startTurn({ sessionId, message })).ended
  await server.manager.sessions.create()
  const orders = ['', '&order=asc', '&order=desc']
  const addresses = lists.flatMap(({ address, route }) =>
    orders.map((order) => ({ url: server.url + address.replace('{session_id}', sessionId), order, route })),
  )
  const pages = await Promise.all(
    addresses.map(async ({ url, order, route }) => {
      const { next_cursor } = (await (await fetch(`${url}?limit=1${order}`)).json()) as {
        next_cursor?: string
      }
      return { url, order, route, cursor: next_cursor }
    }),
  )
  return { server, pages: pages.filter(({ cursor }) => cursor !== undefined) }
}

const read = (url: string, order: string, cursor: string) =>
  fetch(`${url}?limit=1${order}&cursor=${encodeURIComponent(cursor)}`)

/** A cursor that was handed out, changed in one place. */
const damaged = (cursor: string) =>
  fc
    .tuple(
      fc.nat(cursor.length),
      fc.nat(2),
      fc.constantFrom('', 'A', 'z', '0', '_', '-', '=', ' ', '\0', 'ü', '%'),
    )
    .map(([at, cut, text]) => cursor.slice(0, at) + text + cursor.slice(at + cut))

describe('a cursor', () => {
  it.each(lists)(
    'of the list $name that was changed is a problem, or leads to a page',
    {
      timeout: propertyTimeout,
    },
    async ({ route }) => {
      const { server, pages } = await startLists()
      const given = fc.constantFrom(...pages.filter((page) => page.route.path === route.path))
      const changed = given.chain((page) =>
        fc
          .oneof(damaged(page.cursor ?? ''), fc.string({ unit: 'binary' }))
          .map((cursor) => ({ ...page, cursor })),
      )
      await holdProperty(
        fc.asyncProperty(changed, async ({ url, order, cursor }) => {
          const response = await read(url, order, cursor)
          expect([200, 400]).toContain(response.status)
          await checkAnswer(response, { route })
        }),
        200,
      )
      expect(server.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
    },
  )

  it('leads on in its own list, and nowhere in another', async () => {
    const { pages } = await startLists()
    const seen = await Promise.all(
      pages.flatMap((from) =>
        pages.map(async (to) => {
          const response = await read(to.url, to.order, from.cursor ?? '')
          return { isOwn: from.cursor === to.cursor, status: response.status }
        }),
      ),
    )
    expect(new Set(pages.map(({ cursor }) => cursor)).size).toBe(5) // of the sessions, and of the messages and turns either way
    for (const { isOwn, status } of seen) expect(status).toBe(isOwn ? 200 : 400)
  })

  it('shows every session once that nobody touches, whatever is done to the others between two pages', {
    timeout: propertyTimeout,
  }, async () => {
    const clock = createManualClock()
    const server = await startServer(echo, { manager: { clock } })
    const deed = fc.record({
      what: fc.constantFrom('create', 'delete', 'chat', 'wait'),
      n: fc.nat(9),
    })
    const deeds = fc.array(fc.array(deed, { maxLength: 3 }), { minLength: 1, maxLength: 12 })
    await holdProperty(
      fc.asyncProperty(deeds, fc.integer({ min: 1, max: 3 }), fc.nat(3), async (steps, limit, spread) => {
        const { sessions } = server.manager
        for (const { sessionId } of (await sessions.list({ limit: 200 })).data)
          await sessions.delete(sessionId)
        const untouched: string[] = []
        const others: string[] = []
        for (let made = 0; made < 10; made += 1) {
          const { sessionId } = await sessions.create()
          ;(made % 2 === 0 ? untouched : others).push(sessionId)
          if (made % (spread + 1) === 0) await clock.advance(1)
        }
        const found = await walk(server, limit, async (page) => {
          for (const { what, n } of steps[page] ?? []) {
            const id = others[n % Math.max(others.length, 1)]
            if (what === 'create') others.push((await sessions.create()).sessionId)
            else if (what === 'wait') await clock.advance(1)
            else if (id === undefined) continue
            else if (what === 'chat')
              await (await server.manager.startTurn({ sessionId: id, message: 'hi' })).ended
            else await sessions.delete(others.splice(others.indexOf(id), 1)[0] ?? '')
          }
        })
        const seen = found.filter((id) => untouched.includes(id))
        expect(seen.toSorted()).toEqual(untouched.toSorted())
      }),
      100,
    )
  })
})

/** Reads the list of sessions to its end, and does something after each page. */
async function walk(
  server: TestServer,
  limit: number,
  between: (page: number) => Promise<void>,
): Promise<string[]> {
  const found: string[] = []
  let cursor: string | null = null
  for (let page = 0; page === 0 || cursor !== null; page += 1) {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const response = await fetch(`${server.url}/api/v1/sessions?limit=${limit}${query}`)
    const { data, next_cursor } = sessionPage.parse(await response.json())
    found.push(...data.map(({ session_id }) => session_id))
    cursor = next_cursor
    await between(page)
  }
  return found
}
