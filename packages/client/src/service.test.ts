import { expect, test } from 'vitest'
import { failureOf } from '../test/failure-of.js'
import { health, problem, status } from '../test/recorded.js'
import { sendJson, startServer } from '../test/start-server.js'
import { createClient } from './index.js'

test.each([200, 503])('a health answer of %i is an answer', async (status) => {
  const { url, received } = await startServer((response) => sendJson(response, health, status))
  expect(await createClient({ baseUrl: url }).health()).toEqual(health)
  expect(received).toMatchObject([{ method: 'GET', url: '/health' }])
})

test('a 503 that says nothing about health is an error', async () => {
  const answer = { ...problem, status: 503, code: 'overloaded' }
  const { url } = await startServer((response) => sendJson(response, answer, 503))
  expect(await failureOf(createClient({ baseUrl: url }).health())).toMatchObject({
    code: 'overloaded',
    status: 503,
  })
})

test('a health answer with another error status is an error', async () => {
  const { url } = await startServer((response) => sendJson(response, health, 500))
  expect(await failureOf(createClient({ baseUrl: url }).health())).toMatchObject({
    code: 'unexpected_response',
  })
})

test.each([12, null])(
  'the status of the server is read, with its number of sessions: %j',
  async (session_count) => {
    const answer = { ...status, session_count }
    const { url, received } = await startServer((response) => sendJson(response, answer))
    expect(await createClient({ baseUrl: url }).status()).toEqual(answer)
    expect(received).toMatchObject([{ method: 'GET', url: '/api/v1/status' }])
  },
)
