import { createRoutes, type Route } from '@colloquy/contract'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exchange } from '../connections/raw-exchange.fixture.js'
import { echo, startServer, type TestServer } from '../server.fixture.js'
import { checkAnswer } from './check-answer.fixture.js'
import { holdProperty, propertyTimeout } from './hold-property.fixture.js'
import { anyByte, type RawRequest, rawRequest, visibleText } from './raw-request.fixture.js'

const routes = Object.entries<Route>(createRoutes())

/** In place of the ids of a session and of a turn that exist. */
const realSession = '{real session}'
const realTurn = '{real turn}'

const ids = fc.oneof(
  fc.constantFrom(
    realSession,
    '__proto__',
    'constructor',
    '.',
    '..',
    '%00',
    '%2F',
    '%2e%2e',
    'sess_',
    '%F0%9F',
  ),
  visibleText(['%', '/', '?', '#', ';']),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => encodeURIComponent(text)),
)

const queries = fc.oneof(
  fc.constantFrom(
    '',
    '?',
    '?limit=1',
    '?limit=1&limit=2',
    '?cursor=',
    '?order=desc',
    '?after=2',
    '?after=1e9',
    '?__proto__=1',
    '?%ff=%zz',
  ),
  visibleText(['%', '&', '=', '+'], 60).map((text) => `?${text}`),
)

/** A path of the route, with anything in place of its parameters, and any query. */
function targetOf({ path }: Route): fc.Arbitrary<string> {
  const turn = fc.oneof(fc.constant(realTurn), ids)
  return fc
    .tuple(ids, turn, queries)
    .map(
      ([id, turnId, query]) =>
        path.replace('{turn_id}', () => turnId).replaceAll(/\{\w+\}/g, () => id) + query,
    )
}

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'M-SEARCH',
]

/** Sends a request, and holds its answer to the contract; its status. A client that breaks off may get none: null. */
async function ask(
  server: TestServer,
  { method, text, isBrokenOff }: RawRequest,
  route?: Route,
): Promise<number | null> {
  const isHead = method === 'HEAD'
  const isForRoute = route !== undefined && (isHead ? 'GET' : method) === route.method.toUpperCase()
  const answer = exchange(server.port, Buffer.from(text, 'latin1'), { isBrokenOff, isHead })
  const response = isBrokenOff ? await answer.catch(() => null) : await answer
  if (response === null) return null
  await checkAnswer(response, { isHead, ...(isForRoute ? { route } : {}) })
  return response.status
}

/** What has to hold however a server was spoken to. */
async function checkUnharmed(server: TestServer): Promise<void> {
  const answer = await server.post('/api/v1/chat', { message: 'still there?' })
  expect(await answer.json()).toMatchObject({ content: 'You said: still there?' })
  expect(server.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
}

describe('whatever is sent, a server answers with a problem or a success of the contract', () => {
  it.each(routes)('to the route %s', { timeout: propertyTimeout }, async (_name, route) => {
    const server = await startServer(echo)
    const method = fc.oneof(
      { weight: 4, arbitrary: fc.constant(route.method.toUpperCase()) },
      { weight: 1, arbitrary: fc.constantFrom(...methods) },
    )
    const property = fc.asyncProperty(rawRequest({ method, target: targetOf(route) }), async (request) => {
      const { sessionId, turnId, ended } = await server.manager.startTurn({ message: 'hi' })
      await ended
      const text = request.text.replace(realSession, sessionId).replace(realTurn, turnId)
      await ask(server, { ...request, text }, route)
    })
    await holdProperty(property, 60)
    await checkUnharmed(server)
  })

  it('to any path, by any method', { timeout: propertyTimeout }, async () => {
    const server = await startServer(echo)
    const target = fc.oneof(
      visibleText(['/', '%', '?', '.', ':', '@', '*'], 60).map((text) => `/${text}`),
      visibleText(['/', '%', '?', '.', ':', '@', '*'], 60),
      visibleText(['/', '%', '?', '.', ':', '@']).map((text) => `http://localhost${text}`),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
    )
    const method = fc.oneof(fc.constantFrom(...methods), visibleText(['G', 'P'], 8))
    await holdProperty(
      fc.asyncProperty(rawRequest({ method, target }), async (request) => {
        await ask(server, request)
      }),
      400,
    )
    await checkUnharmed(server)
  })

  it('as bytes that are no request at all', { timeout: propertyTimeout }, async () => {
    const server = await startServer(echo)
    await holdProperty(
      fc.asyncProperty(fc.string({ unit: anyByte, minLength: 1, maxLength: 300 }), async (text) => {
        await ask(server, { method: '', text, isBrokenOff: true })
      }),
      200,
    )
    await checkUnharmed(server)
  })
})

describe('whatever is sent, a server that wants a key', () => {
  it.each(routes.filter(([, { access }]) => access === 'key'))(
    'lets nobody without one in to the route %s',
    {
      timeout: propertyTimeout,
    },
    async (_name, route) => {
      const server = await startServer(echo, { serve: { authenticate: () => null } })
      const { sessionId } = await server.manager.sessions.create()
      const requests = rawRequest({
        method: fc.constant(route.method.toUpperCase()),
        target: targetOf(route),
      })
      await holdProperty(
        fc.asyncProperty(requests, async (request) => {
          const text = request.text.replace(realSession, sessionId)
          const status = await ask(server, { ...request, text }, route)
          expect(status ?? 401).toBeGreaterThan(399)
        }),
        30,
      )
      expect(await server.manager.sessions.get(sessionId)).toMatchObject({ messageCount: 0, metadata: {} })
    },
  )
})
