import { turnPage } from '@colloquy/contract'
import { describe, expect, it } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import type { Authenticate } from '../index.js'
import { echo } from '../server.fixture.js'
import { heldChat, startTurnServer } from './turns.fixture.js'

describe('a turn', () => {
  it('that has completed is read with its answer, as the chat was answered', async () => {
    const server = await startTurnServer(async function* () {
      yield { type: 'functionCall', callId: 'c1', name: 'price', arguments: { of: 'chair' } }
      yield { type: 'functionResult', callId: 'c1', name: 'price', result: 99 }
      yield '99 EUR'
      yield { type: 'usage', inputTokens: 12, outputTokens: 3 }
      yield { type: 'finish', reason: 'length' }
    })
    const response = await server.post('/api/v1/chat', { message: 'how much?', metadata: { channel: 'web' } })
    const answer = (await response.json()) as Record<string, unknown>
    const ids = { sessionId: String(answer['session_id']), turnId: String(answer['turn_id']) }
    const { session_id, turn_id, content, functions_called, finish_reason, usage, timestamp } = answer
    expect(await server.turn(ids)).toEqual({
      turn_id,
      session_id,
      status: 'completed',
      created_at: expect.any(String),
      started_at: expect.any(String),
      ended_at: timestamp,
      content,
      functions_called,
      finish_reason,
      usage,
      error: null,
      metadata: { channel: 'web' },
    })
    expect([content, finish_reason]).toEqual(['99 EUR', 'length'])
  })

  it('that runs is read with what it has said and done so far', async () => {
    const { reply, release } = heldChat()
    const server = await startTurnServer(async function* (message, context) {
      yield { type: 'functionCall', callId: 'c1', name: 'look', arguments: null }
      yield { type: 'functionResult', callId: 'c1', name: 'look', error: 'too dark' }
      yield { type: 'functionCall', callId: 'c2', name: 'light', arguments: {} }
      yield* reply(message, context)
    })
    const stream = await server.chat({ message: 'hi' })
    await stream.until('half')
    expect(await server.turn(stream)).toMatchObject({
      status: 'running',
      started_at: expect.any(String),
      ended_at: null,
      content: 'hi: half ',
      functions_called: [
        { call_id: 'c1', name: 'look', arguments: null, error: 'too dark' },
        { call_id: 'c2', name: 'light', arguments: {} },
      ],
      finish_reason: null,
      usage: null,
      error: null,
    })
    release('hi')
    await stream.rest()
    expect(await server.turn(stream)).toMatchObject({ status: 'completed', content: 'hi: half whole' })
  })

  it('that runs is read whole however much it has said', async () => {
    const { reply, begun } = heldChat()
    const piece = 'x'.repeat(100)
    const server = await startTurnServer(async function* (message, context) {
      for (let n = 0; n < 2_000; n += 1) yield piece
      yield* reply(message, context)
    })
    const stream = await server.chat({ message: 'hi' })
    await begun('hi')
    await stream.until('half')
    expect((await server.turn(stream)).content).toBe(`${piece.repeat(2_000)}hi: half `)
  })

  it('that has failed is read with the problem that the JSON form is', async () => {
    const server = await startTurnServer(async function* () {
      yield 'so far'
      throw new Error('secret')
    })
    const response = await server.post('/api/v1/chat', { message: 'hi' })
    const { request_id, ...problem } = await problemOf(response, 'chat_failed')
    const ids = { sessionId: problem.session_id ?? '', turnId: problem.turn_id ?? '' }
    const read = await server.turn(ids)
    expect(read).toMatchObject({ status: 'failed', content: 'so far', finish_reason: null, usage: null })
    expect(read.error).toEqual(problem)
    expect(request_id).not.toBe('')
  })

  it('that was stopped has no error, and what there is of its answer', async () => {
    const server = await startTurnServer(heldChat().reply)
    const stream = await server.chat({ message: 'hi' })
    await stream.until('half')
    await server.cancel(stream)
    await stream.rest()
    expect(await server.turn(stream)).toMatchObject({
      status: 'cancelled',
      content: 'hi: half ',
      ended_at: expect.any(String),
      error: null,
    })
  })

  it('that its session does not have is turn_not_found; where there is no session, session_not_found', async () => {
    const server = await startTurnServer(echo)
    const one = await server.chat({ message: 'hi' })
    const other = await server.chat({ message: 'hi' })
    for (const turnId of ['turn_unknown', 'no id at all', '__proto__', other.turnId]) {
      const { detail } = await problemOf(await server.get({ ...one, turnId }), 'turn_not_found')
      expect(detail).toBe('There is no such turn.')
    }
    const nowhere = { ...one, sessionId: 'sess_unknown' }
    await problemOf(await server.get(nowhere), 'session_not_found')
    await problemOf(await server.cancel(nowhere), 'session_not_found')
    await problemOf(await server.cancel({ ...one, turnId: other.turnId }), 'turn_not_found')
  })
})

describe('the turns of a session', () => {
  it('are listed whatever their status, the oldest first or last, page by page', async () => {
    const { reply } = heldChat()
    const server = await startTurnServer(async function* (message, context) {
      if (message === 'fail') throw new Error('boom')
      if (message === 'first') yield 'answer'
      else yield* reply(message, context)
    })
    const first = await server.chat({ message: 'first' })
    await first.rest()
    const session_id = first.sessionId
    await (await server.chat({ message: 'fail', session_id })).rest()
    await (await server.chat({ message: 'runs', session_id })).until('half')
    await (await server.chat({ message: 'waits', session_id, on_busy: 'queue' })).until('turn.queued')

    const list = async (query: string) => {
      const response = await fetch(`${server.url}/api/v1/sessions/${session_id}/turns${query}`)
      return turnPage.parse(await response.json())
    }
    const whole = await list('')
    expect(whole.data.map(({ status, content }) => [status, content])).toEqual([
      ['completed', 'answer'],
      ['failed', ''],
      ['running', 'runs: half '],
      ['queued', ''],
    ])
    expect(whole.next_cursor).toBeNull()
    expect((await list('?order=desc')).data).toEqual(whole.data.toReversed())
    const page = await list('?limit=3')
    const { data, next_cursor } = await list(`?limit=3&cursor=${page.next_cursor}`)
    expect([...page.data, ...data]).toEqual(whole.data)
    expect(next_cursor).toBeNull()
  })

  it('are none in a new session, and those of no session are not found', async () => {
    const server = await startTurnServer(echo)
    const { sessionId } = await server.manager.sessions.create()
    const ask = (id: string, query = '') => fetch(`${server.url}/api/v1/sessions/${id}/turns${query}`)
    expect(await (await ask(sessionId)).json()).toEqual({ data: [], next_cursor: null })
    await problemOf(await ask('sess_unknown'), 'session_not_found')
    await problemOf(await ask(sessionId, '?cursor=nonsense'), 'invalid_cursor')
    await problemOf(await ask(sessionId, '?limit=0&page=2'), 'validation_failed')
  })
})

describe("another caller's turn", () => {
  const authenticate: Authenticate = ({ headers }) => ({ owner: headers.authorization ?? '' })

  it('does not exist: it is neither read, followed nor stopped, and is told apart from nothing', async () => {
    const { reply, release } = heldChat()
    const server = await startTurnServer(reply, { serve: { authenticate } })
    const mine = { Authorization: 'me' }
    const stream = await server.chat({ message: 'hi' }, { headers: mine })
    await stream.until('half')
    const theirs = { headers: { Authorization: 'them' } }
    const own = await server.manager.ownedBy('them').sessions.create()
    const cancelled = (sessionId: string) =>
      server.post(`/api/v1/sessions/${sessionId}/turns/${stream.turnId}/cancel`, '', theirs)
    await problemOf(await server.get(stream, '', theirs), 'session_not_found')
    await problemOf(await server.get(stream, '/events', theirs), 'session_not_found')
    await problemOf(await server.get(stream, '/events?after=99', theirs), 'session_not_found')
    await problemOf(await cancelled(stream.sessionId), 'session_not_found')
    await problemOf(await cancelled(own.sessionId), 'turn_not_found')
    const list = `${server.url}/api/v1/sessions/${stream.sessionId}/turns`
    await problemOf(await fetch(list, theirs), 'session_not_found')
    release('hi')
    expect(await stream.rest()).toContain('turn.completed')
    expect((await server.get(stream, '', { headers: mine })).status).toBe(200)
  })
})
