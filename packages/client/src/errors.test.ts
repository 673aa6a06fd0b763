import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { failureOf } from '../test/failure-of.js'
import { chatResponse, problem } from '../test/recorded.js'
import { sendJson, startServer } from '../test/start-server.js'
import { ColloquyError, createClient } from './index.js'

test('a problem becomes an error with all that it says', async () => {
  const answer = { ...problem, retry_after_seconds: 7, turn_id: 'turn_9' }
  const { url } = await startServer((response) => sendJson(response, answer, 422))
  const error = await failureOf(createClient({ baseUrl: url }).send('Hello'))
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    name: 'BadRequestError',
    code: 'validation_failed',
    status: 422,
    requestId: 'req_7',
    detail: 'The message is too long.',
    errors: [{ in: 'body', path: '/message', message: 'at most 32,000 characters' }],
    retryAfter: 7,
    problem: answer,
  })
  expect(error.message).toBe('The message is too long. (validation_failed, 422, req_7)')
})

test('a problem whose code this version does not know is an error with that code', async () => {
  const { url } = await startServer((response) => sendJson(response, { ...problem, code: 'new_code' }, 418))
  const session = createClient({ baseUrl: url }).session('sess_1')
  expect(await failureOf(session.delete())).toMatchObject({ code: 'new_code', status: 418 })
})

test.each([
  ['5', 5],
  [new Date(0).toUTCString(), undefined],
  ['soon', undefined],
])('the header Retry-After: %s is read where the problem says nothing', async (value, seconds) => {
  const { url } = await startServer((response) => sendJson(response, problem, 503, { 'retry-after': value }))
  const failure = failureOf(createClient({ baseUrl: url, maxRetries: 0 }).send('Hello'))
  expect((await failure).retryAfter).toBe(seconds)
})

test.each([502, 200])(
  'HTML with status %i is an unexpected response, and its text stays out of the error',
  async (status) => {
    const { url } = await startServer((response) => {
      const headers = { 'content-type': 'text/html', 'x-request-id': 'proxy-1', 'retry-after': '9' }
      response.writeHead(status, headers).end('<h1>What you sent: my secret</h1>')
    })
    const error = await failureOf(createClient({ baseUrl: url, maxRetries: 0 }).send('my secret'))
    expect(error).toMatchObject({
      code: 'unexpected_response',
      status,
      requestId: 'proxy-1',
      retryAfter: 9,
      errors: [],
    })
    expect(error.problem).toBeUndefined()
    expect(error.message).toContain(`(unexpected_response, ${status}, proxy-1)`)
    expect(String(error) + String(error.cause)).not.toContain('secret')
  },
)

test('JSON that is no problem document is an unexpected response', async () => {
  const { url } = await startServer((response) => sendJson(response, { message: 'Forbidden' }, 403))
  const failure = failureOf(createClient({ baseUrl: url }).send('Hello'))
  expect(await failure).toMatchObject({ code: 'unexpected_response', status: 403 })
})

test.each([[{ ...chatResponse, content: 1 }], [{}], [[]], [null], ['text']])(
  'the answer %j is an invalid response',
  async (answer) => {
    const { url } = await startServer((response) => sendJson(response, answer))
    const failure = failureOf(createClient({ baseUrl: url }).send('Hello'))
    expect(await failure).toMatchObject({ code: 'invalid_response', status: 200 })
  },
)

test('a server that refuses the connection is a network error with its cause', async () => {
  const placeholder = createServer().listen(0, '127.0.0.1')
  await once(placeholder, 'listening')
  const address = placeholder.address()
  placeholder.close()
  await once(placeholder, 'close')
  const port = typeof address === 'object' ? address?.port : undefined
  const client = createClient({ baseUrl: `http://127.0.0.1:${port}`, maxRetries: 0 })
  const error = await failureOf(client.send('my secret'))
  expect(error).toMatchObject({ code: 'network_error', status: 0, errors: [] })
  expect(error.requestId).toBeUndefined()
  expect(error.cause).toBeInstanceOf(TypeError)
  expect(error.message).not.toContain('secret')
})

test('a connection that is cut within a JSON answer is a network error', async () => {
  const { url } = await startServer((response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"session_id":', () => response.destroy())
  })
  const failure = failureOf(createClient({ baseUrl: url, maxRetries: 0 }).send('Hello'))
  expect(await failure).toMatchObject({ code: 'network_error', status: 0 })
})

test('an error can be made by hand, for the tests of a caller', () => {
  const error = new ColloquyError({ code: 'overloaded', detail: 'Busy.' })
  expect(error).toMatchObject({ message: 'Busy. (overloaded)', status: 0, errors: [] })
  expect(error).not.toHaveProperty('cause')
})
