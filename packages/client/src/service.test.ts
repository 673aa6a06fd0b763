import { expect, test } from 'vitest'
import { failureOf } from '../test/failure-of.js'
import { problem } from '../test/recorded.js'
import { sendJson, startServer } from '../test/start-server.js'
import { createClient } from './index.js'

const health = {
  status: 'unhealthy',
  components: { store: { status: 'unhealthy', detail: 'no answer', latency_ms: 5 } },
  timestamp: '2026-01-02T03:04:05.678Z',
}

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
    const status = {
      name: 'colloquy',
      version: '1.0.0',
      ready: true,
      uptime_seconds: 1.5,
      chat: { name: 'echo', available_functions: [] },
      chats: [],
      session_count,
      turns: { running: 0, queued: 0 },
      components: {},
      store: { kind: 'memory' },
      process: { memory_rss_bytes: 1, node_version: 'v26.0.0', pid: 1 },
    }
    const { url, received } = await startServer((response) => sendJson(response, status))
    expect(await createClient({ baseUrl: url }).status()).toEqual(status)
    expect(received).toMatchObject([{ method: 'GET', url: '/api/v1/status' }])
  },
)
