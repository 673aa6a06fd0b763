import { messagePage, turn } from '@colloquy/contract'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { echo, gate } from '../server.fixture.js'
import { shortly } from '../stream/event-stream.fixture.js'
import { heldChat, idsOf, startTurnServer, type TurnServer } from './turns.fixture.js'

async function messagesOf(server: TurnServer, sessionId: string) {
  const response = await fetch(`${server.url}/api/v1/sessions/${sessionId}/messages`)
  const { data } = messagePage.parse(await response.json())
  return data.map(({ role, content, status }) => `${role} ${status} ${content}`)
}

describe('a turn that is cancelled', () => {
  it('in the middle of its answer, from another connection, ends and keeps what it has said', async () => {
    const server = await startTurnServer(heldChat().reply)
    const stream = await server.chat({ message: 'hi' })
    await stream.until('half')
    const response = await server.cancel(stream)
    expect(response.status).toBe(202)
    expect(turn.parse(await response.json())).toMatchObject({
      turn_id: stream.turnId,
      status: 'running',
      content: 'hi: half ',
      ended_at: null,
    })
    const events = shortly(await stream.rest())
    expect(events).toEqual(['1 turn.started', '2 hi: half ', '3 turn.cancelled client_request'])
    expect(await messagesOf(server, stream.sessionId)).toEqual([
      'user complete hi',
      'assistant partial hi: half ',
    ])
  })

  it('before its first event leaves the message, and no answer', async () => {
    const begun = gate()
    const server = await startTurnServer(async function* (_message, { signal }) {
      begun.open()
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      yield* []
    })
    const stream = await server.chat({ message: 'hi' })
    await begun.opened
    expect((await server.cancel(stream)).status).toBe(202)
    expect(shortly(await stream.rest())).toEqual(['1 turn.started', '2 turn.cancelled client_request'])
    expect(await messagesOf(server, stream.sessionId)).toEqual(['user complete hi'])
  })

  it('while it waits in line never runs, and the one that runs goes on', async () => {
    const { reply, release, asked } = heldChat()
    const server = await startTurnServer(reply)
    const running = await server.chat({ message: 'first' })
    await running.until('half')
    const session_id = running.sessionId
    const waiting = await server.chat({ message: 'second', session_id, on_busy: 'queue' })
    await waiting.until('turn.queued')
    const response = await server.cancel(waiting)
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({ status: 'queued', started_at: null, content: '' })
    expect(shortly(await waiting.rest())).toEqual(['1 turn.queued 1', '2 turn.cancelled client_request'])
    expect(await server.turn(waiting)).toMatchObject({ status: 'cancelled', started_at: null })
    release('first')
    expect(await running.rest()).toContain('turn.completed')
    expect(asked).toEqual(['first'])
  })

  it('for a reason tells it to everybody who reads, and to the chat that waits for JSON', async () => {
    const { reply, begun } = heldChat()
    const server = await startTurnServer(reply)
    const { sessionId } = await server.manager.sessions.create()
    const asking = server.post('/api/v1/chat', { message: 'hi', session_id: sessionId })
    await begun('hi')
    const turnId = (await server.manager.sessions.get(sessionId)).activeTurnId ?? ''
    const reader = server.get({ sessionId, turnId }, '/events')
    await server.cancel({ sessionId, turnId }, { reason: 'changed my mind' })
    const answer = await asking
    expect(await problemOf(answer, 'turn_cancelled')).toMatchObject({ content: 'hi: half ', turn_id: turnId })
    expect(idsOf(answer)).toEqual({ sessionId, turnId })
    expect(shortly(await (await reader).text()).at(-1)).toBe('3 turn.cancelled changed my mind')
  })

  it.each([[{}], [{ reason: '' }], ['' as const]])('with the body %j is so by request', async (body) => {
    const server = await startTurnServer(heldChat().reply)
    const stream = await server.chat({ message: 'hi' })
    await stream.until('half')
    await server.cancel(stream, body)
    expect(await stream.rest()).toContain('"reason":"client_request"')
  })

  it('again while it stops is answered in the same way, and ends for the first reason', async () => {
    const clock = createManualClock()
    const stubborn = gate()
    const server = await startTurnServer(
      async function* () {
        yield 'half'
        await stubborn.opened // whatever the signal says
      },
      { manager: { clock } },
    )
    const stream = await server.chat({ message: 'hi' })
    await stream.until('half')
    const [first, second] = [
      await server.cancel(stream, { reason: 'first' }),
      await server.cancel(stream, { reason: 'second' }),
    ]
    expect([first.status, second.status]).toEqual([202, 202])
    expect(await second.json()).toEqual(await first.json())
    await clock.advance(5_000) // a chat interface that does not stop is given up
    expect(shortly(await stream.rest())).toEqual(['1 turn.started', '2 half', '3 turn.cancelled first'])
    await problemOf(await server.cancel(stream), 'turn_not_cancellable')
    stubborn.open()
  })

  it('after its end is not: turn_not_cancellable, and nothing changes', async () => {
    const server = await startTurnServer(echo)
    const stream = await server.chat({ message: 'hi' })
    await stream.rest()
    const before = await server.turn(stream)
    const { turn_id } = await problemOf(await server.cancel(stream), 'turn_not_cancellable')
    expect(turn_id).toBe(stream.turnId)
    expect(await server.turn(stream)).toEqual(before)
  })

  it('for a reason that only the server gives goes on', async () => {
    const { reply, release } = heldChat()
    const server = await startTurnServer(reply)
    const stream = await server.chat({ message: 'hi' })
    await stream.until('half')
    const wrong = await server.cancel(stream, { reason: 'superseded' })
    const message =
      'Must be none of the reasons that the server gives itself: client_disconnected, superseded, session_deleted, ' +
      'shutdown, restart, lease_expired'
    expect((await problemOf(wrong, 'validation_failed')).errors).toEqual([
      { in: 'body', path: '/reason', message },
    ])
    release('hi')
    expect(await stream.rest()).toContain('turn.completed')
  })

  it('by a body that is wrong goes on', async () => {
    const { reply, release } = heldChat()
    const server = await startTurnServer(reply)
    const stream = await server.chat({ message: 'hi' })
    await stream.until('half')
    const wrong = await server.cancel(stream, { reason: 'x'.repeat(201), because: 1 })
    expect((await problemOf(wrong, 'validation_failed')).errors).toEqual([
      { in: 'body', path: '/reason', message: 'Must have at most 200 characters, and has 201' },
      { in: 'body', path: '/because', message: 'Unknown field' },
    ])
    release('hi')
    expect(await stream.rest()).toContain('turn.completed')
  })
})
