import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { answerInTurn, hang, refuse } from '../test/answer-in-turn.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { events, problem, stream } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { problemHeaders } from '../test/start-server.js'
import * as face from './index.js'
import { ColloquyError, createClient } from './index.js'

const baseUrl = 'http://localhost'

/** Every class, with its name as it is exported. */
const classes = Object.entries(face).filter(
  (entry): entry is [string, typeof ColloquyError] => entry[1] === ColloquyError || isKind(entry[1]),
)

function isKind(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof ColloquyError
}

/** The names of the classes that an error is of. */
function kindsOf(error: unknown): string[] {
  return classes.filter(([, Kind]) => error instanceof Kind).map(([name]) => name)
}

describe('each status is a kind', () => {
  const kinds: readonly [number, string][] = [
    [400, 'BadRequestError'],
    [401, 'AuthenticationError'],
    [403, 'PermissionDeniedError'],
    [404, 'NotFoundError'],
    [405, 'BadRequestError'],
    [408, 'BadRequestError'],
    [409, 'ConflictError'],
    [413, 'BadRequestError'],
    [415, 'BadRequestError'],
    [418, 'BadRequestError'],
    [422, 'BadRequestError'],
    [429, 'RateLimitError'],
    [431, 'BadRequestError'],
    [500, 'ServerError'],
    [501, 'ServerError'],
    [502, 'ServerError'],
    [503, 'ServerError'],
    [504, 'ServerError'],
    [599, 'ServerError'],
  ]

  test.each(kinds)('%i is a %s, with all that the problem says', async (status, name) => {
    const document = { ...problem, status, retry_after_seconds: 61 }
    const fetch = async () => Response.json(document, { status, headers: problemHeaders(document) })
    const error = await failureOf(createClient({ baseUrl, fetch }).send('Hello'))
    expect(kindsOf(error)).toEqual(['ColloquyError', name].toSorted())
    expect(error).toMatchObject({
      name,
      status,
      code: problem.code,
      detail: problem.detail,
      requestId: 'req_7',
      errors: problem.errors,
      retryAfter: 61,
      problem: document,
    })
    expect(error.lastEventId).toBeUndefined()
  })

  test.each(kinds)('%i without a problem document is a %s, too', async (status, name) => {
    const headers = { 'content-type': 'text/html', 'x-request-id': 'proxy-1', 'retry-after': '61' }
    const fetch = async () => new Response('<h1>Sorry</h1>', { status, headers })
    const error = await failureOf(createClient({ baseUrl, fetch }).send('Hello'))
    expect(error).toMatchObject({
      name,
      status,
      code: 'unexpected_response',
      requestId: 'proxy-1',
      retryAfter: 61,
      errors: [],
    })
    expect(error.problem).toBeUndefined()
  })
})

describe('what no status says is a kind', () => {
  const recorded = recordWaits()

  test('no connection is a ConnectionError', async () => {
    const client = createClient({ baseUrl, fetch: refuse, ...recorded })
    const error = await failureOf(client.send('Hello'))
    expect(kindsOf(error)).toEqual(['ColloquyError', 'ConnectionError'])
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'network_error', status: 0 })
  })

  test('no answer in time is a TimeoutError', async () => {
    const error = await failureOf(createClient({ baseUrl, fetch: hang, timeout: 1 }).send('Hello'))
    expect(kindsOf(error)).toEqual(['ColloquyError', 'TimeoutError'])
    expect(error).toMatchObject({ name: 'TimeoutError', code: 'timeout', status: 0 })
  })

  test.each([
    ['JSON of another shape', 'invalid_response', async () => Response.json({})],
    ['HTML', 'unexpected_response', async () => new Response('<h1>Hello</h1>')],
  ])('%s is an InvalidResponseError', async (_, code, fetch) => {
    const error = await failureOf(createClient({ baseUrl, fetch }).send('Hello'))
    expect(kindsOf(error)).toEqual(['ColloquyError', 'InvalidResponseError'])
    expect(error).toMatchObject({ name: 'InvalidResponseError', code, status: 200 })
  })

  test('an event of another shape is an InvalidResponseError, with the last event before it', async () => {
    const fetch = answerInChunks([stream(events.slice(0, 2)), 'id: 3\nevent: text.delta\ndata: {}\n\n'])
    const error = await failureOf(readAll(createClient({ baseUrl, fetch }).stream('Hello')))
    expect(kindsOf(error)).toEqual(['ColloquyError', 'InvalidResponseError'])
    expect(error).toMatchObject({ code: 'invalid_response', lastEventId: 2, requestId: 'req_1' })
  })

  test.each([409, 429, 500, 502, 503, 504])(
    'a turn that was made and ended with %i is a TurnError, with its text so far',
    async (status) => {
      const document = { ...problem, status, code: 'chat_failed', turn_id: 'turn_1', content: 'so far' }
      const { fetch, requests } = answerInTurn(async () => Response.json(document, { status }))
      const error = await failureOf(createClient({ baseUrl, fetch, ...recorded }).send('Hello'))
      expect(kindsOf(error)).toEqual(['ColloquyError', 'TurnError'])
      expect(error).toMatchObject({ name: 'TurnError', status, problem: { content: 'so far' } })
      expect(requests).toHaveLength(1)
    },
  )
})

test('every class says its name, which is its own, and can be made by hand', () => {
  expect(classes).toHaveLength(12)
  for (const [name, Kind] of classes) {
    const error = new Kind({ code: 'overloaded', detail: 'Busy.', status: 503, requestId: 'req_1' })
    expect(error).toMatchObject({ name, message: 'Busy. (overloaded, 503, req_1)' })
    expect(String(error)).toBe(`${name}: Busy. (overloaded, 503, req_1)`)
    expect(error.stack).toContain('error-kinds.test')
    expect(kindsOf(error)).toContain(name)
  }
})

test('what an error is told of in a log has its fields', () => {
  const cause = new Error('ECONNREFUSED')
  const error = new ColloquyError({ code: 'network_error', detail: 'Lost.', cause, lastEventId: 3 })
  expect(error.cause).toBe(cause)
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'ColloquyError',
    code: 'network_error',
    detail: 'Lost.',
    status: 0,
    errors: [],
    lastEventId: 3,
  })
})

test('kinds keep their names when they are minified', async () => {
  const source = new URL('./colloquy-error.ts', import.meta.url)
  const { outputFiles } = await build({
    stdin: { contents: readFileSync(source, 'utf8'), loader: 'ts' },
    minify: true,
    format: 'esm',
    write: false,
  })
  const code = outputFiles.map(({ text }) => text).join('')
  const minified = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as typeof face
  const error = new minified.NotFoundError({ code: 'turn_not_found', detail: 'Gone.' })
  expect(error.constructor.name).not.toBe('NotFoundError')
  expect(String(error)).toBe('NotFoundError: Gone. (turn_not_found)')
})

describe('whatever the reason of its signal, what is stopped by it fails with an AbortError', () => {
  const reasons: readonly [string, unknown][] = [
    ['none', undefined],
    ['an error', new Error('enough')],
    ['a text', 'enough'],
    ['null', null],
    ['a time-out', new DOMException('Too late', 'TimeoutError')],
  ]

  test.each(reasons)('%s, before the call', async (_, reason) => {
    const signal = AbortSignal.abort(reason)
    const client = createClient({ baseUrl, fetch: hang })
    const calls = [
      () => client.send('Hello', { signal }),
      () => readAll(client.stream('Hello', { signal })),
      () => client.stream('Hello', { signal }).turnId,
      () => client.stream('Hello', { signal }).final(),
      () => client.sessions.list({ signal }),
      () => client.health({ signal }),
      () => readAll(client.session('sess_1').turns.events('turn_1', { signal })),
    ]
    for (const call of calls) {
      const error = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toMatchObject({ name: 'AbortError' })
      expect(error).toBeInstanceOf(DOMException)
      expect(error).not.toBeInstanceOf(ColloquyError)
    }
  })

  test.each(reasons)('%s, while the answer is waited for', async (_, reason) => {
    const stop = new AbortController()
    const client = createClient({ baseUrl, fetch: hang })
    const calls = [
      client.send('Hello', { signal: stop.signal }),
      readAll(client.stream('Hello', { signal: stop.signal })),
    ]
    const failures = Promise.allSettled(calls)
    stop.abort(reason)
    for (const { status, ...rest } of await failures) {
      expect(status).toBe('rejected')
      expect(rest).toMatchObject({ reason: { name: 'AbortError' } })
    }
  })

  test('AbortSignal.timeout', async () => {
    const client = createClient({ baseUrl, fetch: hang })
    const signal = AbortSignal.timeout(1)
    await expect(client.send('Hello', { signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})
