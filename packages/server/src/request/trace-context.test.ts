import type { ChatContext } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { startServer } from '../server.fixture.js'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const valid = `00-${traceId}-00f067aa0ba902b7-01`

async function askWith(headers: Readonly<Record<string, string>>) {
  const traces: ChatContext['trace'][] = []
  const server = await startServer(async function* (_message, { trace }) {
    traces.push(trace)
    yield 'answer'
  })
  const response = await server.post('/api/v1/chat', { message: 'Hello', stream: true }, { headers })
  expect(response.status).toBe(200)
  await response.text()
  const [turn, request] = await Promise.all([
    server.line(({ msg }) => msg === 'turn completed'),
    server.line(({ route }) => route === '/api/v1/chat'),
  ])
  return { trace: traces[0], turn, request }
}

describe('a traced request', () => {
  it('hands its trace on to the chat interface, and its id to the log', async () => {
    const { trace, turn, request } = await askWith({ traceparent: valid, tracestate: 'vendor=value' })
    expect(trace).toEqual({ traceparent: valid, tracestate: 'vendor=value' })
    expect(turn).toMatchObject({ trace_id: traceId })
    expect(request).toMatchObject({ trace_id: traceId })
  })

  it('needs no state', async () => {
    expect((await askWith({ traceparent: valid })).trace).toEqual({ traceparent: valid })
  })

  it('may be of a later version, with more behind', async () => {
    const later = `cc-${traceId}-00f067aa0ba902b7-01-what-the-future-holds`
    expect((await askWith({ traceparent: later })).trace).toEqual({ traceparent: later })
  })

  it.each([
    `ff-${traceId}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    `${valid}-more`,
    `cc-${traceId}-00f067aa0ba902b7-01.more`,
    valid.slice(0, -1),
    `${valid}, ${valid}`,
    'none',
  ])('that says %j is none', async (traceparent) => {
    const { trace, turn, request } = await askWith({ traceparent, tracestate: 'vendor=value' })
    expect(trace).toBeUndefined()
    expect([turn, request]).toEqual([
      expect.not.objectContaining({ trace_id: expect.anything() }),
      expect.anything(),
    ])
  })
})
