import { describe, expect, it } from 'vitest'
import {
  type AccessRules,
  cancelTurnRequest,
  chatHeaders,
  chatRequest,
  checksHost,
  createRoutes,
  createSessionRequest,
  listQuery,
  metadata,
  needsKey,
  problemTable,
  type Route,
} from './index.js'

const faults = (result: {
  error?: { issues: readonly { path: PropertyKey[]; message: string }[] } | undefined
}) => result.error?.issues.map(({ path, message }) => `/${path.join('/')} ${message}`) ?? []

describe('the public names of @colloquy/contract', () => {
  it('are these', async () => {
    expect(Object.keys(await import('./index.js')).sort()).toMatchInlineSnapshot(`
      [
        "cancelTurnRequest",
        "chatHeaders",
        "chatRequest",
        "chatResponse",
        "checksHost",
        "commonProblems",
        "createRoutes",
        "createSessionRequest",
        "finishReason",
        "functionCall",
        "health",
        "healthStatus",
        "listQuery",
        "listSessionsQuery",
        "liveness",
        "message",
        "messagePage",
        "metadata",
        "metadataChange",
        "needsKey",
        "problem",
        "problemError",
        "problemKind",
        "problemTable",
        "readiness",
        "session",
        "sessionPage",
        "sessionPath",
        "status",
        "turn",
        "turnEvent",
        "turnEventsHeaders",
        "turnEventsQuery",
        "turnPage",
        "turnPath",
        "turnProblem",
        "updateSessionRequest",
        "usage",
      ]
    `)
    expect(Object.keys(await import('./types.js'))).toEqual([])
  })
})

describe('a chat request', () => {
  const chair = (count: number) => '🪑'.repeat(count)

  it('has a message of 1 to 32,000 code points', () => {
    const schema = chatRequest()
    expect(schema.safeParse({ message: chair(32_000) }).success).toBe(true)
    expect(faults(schema.safeParse({ message: chair(32_001) }))).toEqual([
      '/message Must have at most 32000 characters, and has 32001',
    ])
    expect(faults(schema.safeParse({ message: '' }))).toEqual(['/message Must not be empty'])
    expect(faults(schema.safeParse({ message: 'a\ud83d' }))).toEqual([
      '/message Must not have half of a surrogate pair',
    ])
  })

  it('has a message within the limit that the server sets', () => {
    const schema = chatRequest({ maxMessageLength: 5 })
    expect(schema.safeParse({ message: 'hello' }).success).toBe(true)
    expect(schema.safeParse({ message: 'hello!' }).success).toBe(false)
  })

  it('names every fault at once, also unknown fields', () => {
    const result = chatRequest().safeParse({
      session_id: null,
      stream: 'yes',
      metadata: { a: 1, '': 'x' },
      mesage: 'hi',
    })
    expect(faults(result)).toEqual([
      '/message Invalid input: expected string, received undefined',
      '/session_id Invalid input: expected string, received null',
      '/stream Invalid input: expected boolean, received string',
      '/metadata/a Must be a string',
      '/metadata/ The key: Must not be empty',
      '/ Unrecognized key: "mesage"',
    ])
  })

  it.each([
    ['on_busy', 'reject', true],
    ['on_busy', 'queue', true],
    ['on_busy', 'interrupt', true],
    ['on_busy', 'wait', false],
    ['on_busy', null, false],
    ['on_disconnect', 'continue', true],
    ['on_disconnect', 'cancel', true],
    ['on_disconnect', 'stop', false],
    ['on_disconnect', true, false],
  ])('with %s: %j is accepted: %j', (field, value, accepted) => {
    expect(chatRequest().safeParse({ message: 'hi', [field]: value }).success).toBe(accepted)
  })

  it.each([
    ['a', true],
    ['!~', true],
    ['k'.repeat(255), true],
    ['k'.repeat(256), false],
    ['', false],
    ['a b', false],
    ['a, b', false],
    ['schlüssel', false],
    ['tab\t', false],
  ])('with the idempotency key %j is accepted: %j', (key, accepted) => {
    expect(chatHeaders.safeParse({ 'Idempotency-Key': key, 'X-Other': 'anything' }).success).toBe(accepted)
  })

  it.each([[null], [[]], ['text'], [7]])('is an object, and not %j', (input) => {
    expect(chatRequest().safeParse(input).success).toBe(false)
  })
})

describe('metadata', () => {
  it('has at most 16 pairs, keys of up to 64 and values of up to 512 code points', () => {
    const pairs = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`key ${n}`, '🪑'.repeat(512)]))
    expect(metadata.safeParse(pairs(16)).success).toBe(true)
    expect(faults(metadata.safeParse(pairs(17)))).toEqual(['/ Must have at most 16 pairs, and has 17'])
    expect(metadata.safeParse({ ['k'.repeat(64)]: 'x' }).success).toBe(true)
    expect(metadata.safeParse({ ['k'.repeat(65)]: 'x' }).success).toBe(false)
    expect(metadata.safeParse({ key: 'x'.repeat(513) }).success).toBe(false)
  })

  it.each([[null], [[]], ['text']])('is an object, and not %j', (input) => {
    expect(metadata.safeParse(input).success).toBe(false)
  })
})

describe('a request to create a session', () => {
  it.each([
    [1, true],
    [2_592_000, true],
    [0, false],
    [2_592_001, false],
    [1.5, false],
    ['60', false],
    [null, false],
  ])('with ttl_seconds %j is accepted: %j', (ttl_seconds, accepted) => {
    expect(createSessionRequest.safeParse({ ttl_seconds }).success).toBe(accepted)
  })
})

describe('a request to cancel a turn', () => {
  it.each([
    [{}, true],
    [{ reason: '' }, true],
    [{ reason: '🪑'.repeat(200) }, true],
    [{ reason: '🪑'.repeat(201) }, false],
    [{ reason: null }, false],
    [{ why: 'because' }, false],
  ])('%j is accepted: %j', (request, accepted) => {
    expect(cancelTurnRequest.safeParse(request).success).toBe(accepted)
  })

  it.each(['client_disconnected', 'superseded', 'session_deleted', 'shutdown', 'restart', 'lease_expired'])(
    'is not for the reason %s, which is what the server says',
    (reason) => {
      expect(faults(cancelTurnRequest.safeParse({ reason }))).toEqual([
        '/reason Must be none of the reasons that the server gives itself: client_disconnected, superseded, ' +
          'session_deleted, shutdown, restart, lease_expired',
      ])
      for (const other of [`${reason} `, `not ${reason}`, reason.toUpperCase(), 'client_request'])
        expect(cancelTurnRequest.safeParse({ reason: other }).success).toBe(true)
    },
  )
})

describe('the query of a list', () => {
  it('has defaults, and bounds for its limit', () => {
    expect(listQuery.parse({})).toEqual({ limit: 50, order: 'asc' })
    expect(listQuery.parse({ limit: '200', order: 'desc' })).toEqual({ limit: 200, order: 'desc' })
    for (const limit of ['0', '201', '1.5', 'many', '', '0x10', '1e2', ' 5 '])
      expect(listQuery.safeParse({ limit }).success).toBe(false)
    expect(listQuery.safeParse({ page: '2' }).success).toBe(false)
  })

  it.each(['201', '9999999999', '9'.repeat(30)])('says of the limit %s that it is too large', (limit) => {
    expect(faults(listQuery.safeParse({ limit }))).toEqual(['/limit Too big: expected number to be <=200'])
  })
})

describe('who may ask', () => {
  const { getSession, health, docs } = createRoutes()
  const all = [getSession, health, docs]

  it('needs a key for all but health, and for the documentation where the server keeps it', () => {
    const wanted = (rules?: AccessRules) => all.map((route) => needsKey(route, rules))
    expect(wanted()).toEqual([true, false, false])
    expect(wanted({ documentation: 'key' })).toEqual([true, false, true])
    expect(wanted({ authentication: 'none', documentation: 'key' })).toEqual([false, false, false])
  })

  it('is asked for the right host, but for health where callers need keys', () => {
    expect(all.map((route) => checksHost(route))).toEqual([true, false, true])
    expect(all.map((route) => checksHost(route, { authentication: 'none' }))).toEqual([true, true, true])
  })
})

describe('the route table', () => {
  const routes: [string, Route][] = Object.entries(createRoutes())

  it('has no two routes of the same method and path, and no trailing slash', () => {
    const all = routes.map(([, { method, path }]) => `${method} ${path}`)
    expect(new Set(all).size).toBe(all.length)
    expect(all.filter((route) => route.endsWith('/'))).toEqual([])
  })

  it('describes the parameters that its paths have, and no others', () => {
    for (const [name, { path, request }] of routes) {
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
      expect([
        name,
        Object.keys(request.params === undefined ? {} : ((request.params as { shape?: object }).shape ?? {})),
      ]).toEqual([name, parameters])
    }
  })
})

describe('the problem table', () => {
  it('gives every problem that may pass a time to try again', () => {
    for (const [code, kind] of Object.entries(problemTable)) {
      expect([code, 'retryAfterSeconds' in kind]).toEqual([code, kind.status === 503])
    }
  })
})
