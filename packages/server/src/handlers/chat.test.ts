import { chatResponse, messagePage, problem } from '@colloquy/contract'
import { describe, expect, it } from 'vitest'
import { echo, gate, startServer } from '../server.fixture.js'

describe('POST /api/v1/chat', () => {
  it('answers in a new session, as the contract says', async () => {
    const server = await startServer(echo)
    const response = await server.post('/api/v1/chat', {
      message: 'hello there',
      metadata: { channel: 'web' },
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const body = chatResponse.parse(await response.json())
    expect(body).toMatchObject({
      content: 'You said: hello there',
      functions_called: [],
      finish_reason: 'stop',
      usage: null,
    })
    expect(response.headers.get('x-session-id')).toBe(body.session_id)
    expect(response.headers.get('x-turn-id')).toBe(body.turn_id)
    expect(await server.manager.turn({ sessionId: body.session_id, turnId: body.turn_id })).toMatchObject({
      metadata: { channel: 'web' },
    })
  })

  it('goes on in a session, whose history the chat interface is given', async () => {
    const server = await startServer(async function* (_message, { history }) {
      yield history.map(({ content }) => content).join(' | ')
    })
    const first = chatResponse.parse(await (await server.post('/api/v1/chat', { message: 'one' })).json())
    const next = await server.post('/api/v1/chat', { message: 'two', session_id: first.session_id })
    expect(await next.json()).toMatchObject({ session_id: first.session_id, content: 'one | ' })
    const page = messagePage.parse(
      await (await fetch(`${server.url}/api/v1/sessions/${first.session_id}/messages`)).json(),
    )
    expect(page.data.map(({ role, content, status }) => [role, content, status])).toEqual([
      ['user', 'one', 'complete'],
      ['assistant', '', 'complete'],
      ['user', 'two', 'complete'],
      ['assistant', 'one | ', 'complete'],
    ])
  })

  it('tells which functions were called, and what it cost', async () => {
    const server = await startServer(async function* () {
      yield { type: 'functionCall', callId: 'c1', name: 'price', arguments: { of: 'chair' } }
      yield { type: 'functionResult', callId: 'c1', name: 'price', result: 99 }
      yield { type: 'functionCall', callId: 'c2', name: 'price', arguments: { of: 'moon' } }
      yield { type: 'functionResult', callId: 'c2', name: 'price', error: 'not for sale' }
      yield '99 EUR'
      yield { type: 'usage', inputTokens: 12, outputTokens: 3 }
      yield { type: 'finish', reason: 'length' }
    })
    const body = chatResponse.parse(
      await (await server.post('/api/v1/chat', { message: 'how much?' })).json(),
    )
    expect(body).toMatchObject({
      content: '99 EUR',
      functions_called: [
        { call_id: 'c1', name: 'price', arguments: { of: 'chair' }, result: 99 },
        { call_id: 'c2', name: 'price', arguments: { of: 'moon' }, error: 'not for sale' },
      ],
      usage: { input_tokens: 12, output_tokens: 3 },
      finish_reason: 'length',
    })
    const page = await fetch(`${server.url}/api/v1/sessions/${body.session_id}/messages?order=desc&limit=1`)
    expect(messagePage.parse(await page.json()).data[0]?.functions_called).toEqual(body.functions_called)
  })

  it('refuses a second message while a turn of the session runs, and names that turn', async () => {
    const { opened, open } = gate()
    const server = await startServer(async function* () {
      await opened
      yield 'done'
    })
    const turn = await server.manager.startTurn({ message: 'first' })
    const refused = await server.post('/api/v1/chat', { message: 'second', session_id: turn.sessionId })
    expect(refused.status).toBe(409)
    expect(problem.parse(await refused.json())).toMatchObject({
      code: 'turn_in_progress',
      turn_id: turn.turnId,
      session_id: turn.sessionId,
    })
    open()
    await turn.ended
    expect((await server.post('/api/v1/chat', { message: 'third', session_id: turn.sessionId })).status).toBe(
      200,
    )
  })

  it('finishes a turn whose client has gone', async () => {
    const { opened, open } = gate()
    const { opened: begun, open: begin } = gate()
    const server = await startServer(async function* () {
      begin()
      await opened
      yield 'the whole answer'
    })
    const { session_id } = (await (await server.post('/api/v1/sessions', '')).json()) as {
      session_id: string
    }
    const controller = new AbortController()
    const asking = server.post(
      '/api/v1/chat',
      { message: 'hello', session_id },
      { signal: controller.signal },
    )
    await begun
    controller.abort()
    await expect(asking).rejects.toThrow('aborted')
    await server.line(({ msg }) => msg === 'request left by its client')
    open()
    await server.line(({ msg }) => msg === 'turn completed')
    const { data } = await server.manager.sessions.messages(session_id)
    expect(data[1]).toMatchObject({ content: 'the whole answer', status: 'complete' })
  })

  it.each([
    ['cancelled', 409, 'turn_cancelled'],
    ['interrupted', 503, 'shutting_down'],
  ])('says so when the turn is %s before it is whole', async (how, status, code) => {
    const { opened: begun, open: begin } = gate()
    const server = await startServer(async function* (_message, { signal, turnId, session }) {
      yield 'half'
      if (how === 'cancelled') await server.manager.cancelTurn({ sessionId: session.id, turnId })
      begin()
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const asking = server.post('/api/v1/chat', { message: 'hello' })
    await begun
    if (how === 'interrupted') void server.close({ grace: 0 })
    const response = await asking
    expect(response.status).toBe(status)
    expect(problem.parse(await response.json())).toMatchObject({
      code,
      content: 'half',
      turn_id: expect.any(String),
    })
  })
})
