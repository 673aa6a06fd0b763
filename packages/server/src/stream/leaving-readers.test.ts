import { createMemoryStore } from '@colloquy/session/memory'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { heldChat, startTurnServer } from '../handlers/turns.fixture.js'
import { gate } from '../server.fixture.js'
import { reading, shortly } from './event-stream.fixture.js'

const left = 'request left by its client'
const cancel = { on_disconnect: 'cancel' } as const

/** A server on a clock that stands still, and a way to leave a stream. */
async function startClocked() {
  const { reply, ...chat } = heldChat()
  const clock = createManualClock()
  const server = await startTurnServer(reply, { manager: { clock } })
  let leavings = 0
  /** Ends with the connection gone, as the server has seen. */
  const leave = async (leaving: AbortController) => {
    leaving.abort()
    leavings += 1
    const lines = () => server.lines.filter(({ msg }) => msg === left)
    await server.line(() => lines().length >= leavings)
  }
  return { ...chat, server, clock, leave }
}

describe('a turn whose last reader has left', () => {
  it('goes on unless it was said otherwise', async () => {
    const { server, clock, leave, release } = await startClocked()
    const leaving = new AbortController()
    const stream = await server.chat({ message: 'hi' }, { signal: leaving.signal })
    await stream.until('half')
    await leave(leaving)
    await clock.advance(10_000)
    release('hi')
    await server.line(({ msg }) => msg === 'turn completed')
    expect(await server.turn(stream)).toMatchObject({ status: 'completed', content: 'hi: half whole' })
  })

  it('is cancelled five seconds later with on_disconnect: cancel, and keeps what it has said', async () => {
    const { server, clock, leave } = await startClocked()
    const leaving = new AbortController()
    const stream = await server.chat({ message: 'hi', ...cancel }, { signal: leaving.signal })
    await stream.until('half')
    await leave(leaving)
    await clock.advance(4_999)
    expect((await server.manager.turn(stream)).status).toBe('running')
    await clock.advance(1)
    await server.line(({ msg }) => msg === 'turn cancelled')
    const events = shortly(await (await server.get(stream, '/events')).text())
    expect(events).toEqual(['1 turn.started', '2 hi: half ', '3 turn.cancelled client_disconnected'])
  })

  it('goes on when one comes back in time, and is cancelled when that one leaves, too', async () => {
    const { server, clock, leave } = await startClocked()
    const leaving = new AbortController()
    const stream = await server.chat({ message: 'hi', ...cancel }, { signal: leaving.signal })
    await stream.until('half')
    await leave(leaving)
    await clock.advance(4_999)
    const leavingAgain = new AbortController()
    const { signal } = leavingAgain
    await reading(await server.get(stream, '/events?after=1', { signal })).until('half')
    await clock.advance(30_000)
    expect((await server.manager.turn(stream)).status).toBe('running')
    await leave(leavingAgain)
    await clock.advance(5_000)
    await server.line(({ msg }) => msg === 'turn cancelled')
  })

  it('goes on while another one reads', async () => {
    const { server, clock, leave, release } = await startClocked()
    const leaving = new AbortController()
    const stream = await server.chat({ message: 'hi', ...cancel }, { signal: leaving.signal })
    const other = reading(await server.get(stream, '/events'))
    await other.until('half')
    await leave(leaving)
    await clock.advance(5_000)
    release('hi')
    expect(shortly(await other.rest()).at(-1)).toBe('4 turn.completed')
  })

  it('is cancelled as well when that was a client who waited for JSON', async () => {
    const { server, clock, leave, begun } = await startClocked()
    const { sessionId } = await server.manager.sessions.create()
    const leaving = new AbortController()
    const { signal } = leaving
    const asking = server.post(
      '/api/v1/chat',
      { message: 'hi', session_id: sessionId, ...cancel },
      { signal },
    )
    await begun('hi')
    const turnId = (await server.manager.sessions.get(sessionId)).activeTurnId ?? ''
    await clock.advance(30_000) // nobody reads events, but somebody waits
    expect((await server.manager.turn({ sessionId, turnId })).status).toBe('running')
    await Promise.all([leave(leaving), expect(asking).rejects.toThrow('aborted')])
    await clock.advance(5_000)
    expect(await server.line(({ msg }) => msg === 'turn cancelled')).toMatchObject({
      reason: 'client_disconnected',
    })
  })

  it('goes on when a client that waited for JSON asks again with the same key', async () => {
    const { server, clock, leave, begun, release, asked } = await startClocked()
    const headers = { 'Idempotency-Key': 'k1' }
    const leaving = new AbortController()
    const body = { message: 'hi', ...cancel }
    const asking = server.post('/api/v1/chat', body, { headers, signal: leaving.signal })
    await begun('hi')
    await Promise.all([leave(leaving), expect(asking).rejects.toThrow('aborted')])
    await clock.advance(4_999)
    const again = server.chat(body, { headers })
    const stream = await again
    await stream.until('half')
    await clock.advance(5_000)
    release('hi')
    expect(shortly(await stream.rest()).at(-1)).toBe('4 turn.completed')
    expect(asked).toEqual(['hi'])
  })

  it('is cancelled when that was before the turn had been accepted', async () => {
    const { reply } = heldChat()
    const clock = createManualClock()
    const store = createMemoryStore()
    const [asked, accepting] = [gate(), gate()]
    const acceptTurn = store.acceptTurn.bind(store)
    store.acceptTurn = async (request) => {
      asked.open()
      await accepting.opened
      return acceptTurn(request)
    }
    const server = await startTurnServer(reply, { manager: { clock, store } })
    const leaving = new AbortController()
    const { signal } = leaving
    const asking = server.post('/api/v1/chat', { message: 'hi', stream: true, ...cancel }, { signal })
    await asked.opened
    leaving.abort()
    await expect(asking).rejects.toThrow('aborted')
    await server.line(({ msg }) => msg === left)
    accepting.open()
    await clock.advance(5_000)
    expect(await server.line(({ msg }) => msg === 'turn cancelled')).toMatchObject({
      reason: 'client_disconnected',
    })
  })

  it('leaves the line when it waited', async () => {
    const { server, clock, leave, release, asked } = await startClocked()
    const first = await server.chat({ message: 'first' })
    await first.until('half')
    const session_id = first.sessionId
    const leaving = new AbortController()
    const { signal } = leaving
    const second = await server.chat(
      { message: 'second', session_id, on_busy: 'queue', ...cancel },
      { signal },
    )
    await second.until('turn.queued')
    await leave(leaving)
    await clock.advance(5_000)
    await server.line(({ msg }) => msg === 'turn cancelled')
    release('first')
    await first.rest()
    expect(asked).toEqual(['first'])
  })
})
