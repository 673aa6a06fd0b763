import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, vi } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { heldChat, startTurnServer } from '../handlers/turns.fixture.js'
import { echo } from '../server.fixture.js'
import { eventsOf, framesOf, reading, shortly } from './event-stream.fixture.js'

const all = ['1 turn.started', '2 You ', '3 said: ', '4 hi ', '5 there', '6 turn.completed']

/** A server with a turn of six events that has ended. */
async function startEnded() {
  const server = await startTurnServer(echo)
  const stream = await server.chat({ message: 'hi there' })
  return { server, stream, seen: await stream.rest() }
}

/** A server with a turn that is in the middle of its answer. */
async function startHeld(options: Parameters<typeof startTurnServer>[1] = {}) {
  const chat = heldChat()
  const server = await startTurnServer(chat.reply, options)
  const stream = await server.chat({ message: 'hi' })
  await stream.until('half')
  return { server, stream, release: () => chat.release('hi') }
}

const held = ['1 turn.started', '2 hi: half ', '3 whole', '4 turn.completed']

describe('the events of a turn that has ended', () => {
  it('are sent as they were seen, byte for byte', async () => {
    const { server, stream, seen } = await startEnded()
    expect(shortly(seen)).toEqual(all)
    const again = await server.get(stream, '/events')
    expect(again.status).toBe(200)
    expect(Object.fromEntries(again.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-session-id': stream.sessionId,
      'x-turn-id': stream.turnId,
    })
    expect(await again.text()).toBe(seen)
  })

  it.each([0, 1, 3, 5])('are sent from the one after Last-Event-ID or ?after=, here after %i', async (n) => {
    const { server, stream } = await startEnded()
    const byHeader = await server.get(stream, '/events', { headers: { 'Last-Event-ID': `${n}` } })
    const text = await byHeader.text()
    expect(shortly(text)).toEqual(all.slice(n))
    expect(framesOf(text)[0]).toMatch(new RegExp(`^retry: 1000\nid: ${n + 1}\n`))
    expect(text.match(/retry/g)).toHaveLength(1)
    expect(await (await server.get(stream, `/events?after=${n}`)).text()).toBe(text)
  })

  it('say nothing twice to who wants the final one briefly', async () => {
    const { server, stream, seen } = await startEnded()
    const headers = { Accept: 'text/event-stream;final=brief' }
    const text = await (await server.get(stream, '/events', { headers })).text()
    const before = (frames: string) => framesOf(frames).slice(0, -1)
    expect(before(text)).toEqual(before(seen))
    const [data = ''] = text.match(/(?<=event: turn.completed\ndata: ).*/) ?? []
    const { content, ...rest } = JSON.parse(/(?<=event: turn.completed\ndata: ).*/.exec(seen)?.[0] ?? '')
    expect(content).toBe('You said: hi there')
    expect(JSON.parse(data)).toEqual(rest)
  })

  it('are sent from where the header says when the query says something else', async () => {
    const { server, stream } = await startEnded()
    const response = await server.get(stream, '/events?after=1', { headers: { 'Last-Event-ID': '4' } })
    expect(shortly(await response.text())).toEqual(all.slice(4))
  })

  it.each(['GET', 'HEAD'])('are no more after the last one: 204, also to %s', async (method) => {
    const { server, stream } = await startEnded()
    const response = await server.get(stream, '/events', { method, headers: { 'Last-Event-ID': '6' } })
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(response.headers.get('content-type')).toBeNull()
    expect(response.headers.get('x-turn-id')).toBe(stream.turnId)
    expect(response.headers.get('server-timing')).toMatch(/^total;dur=/)
  })

  it.each(['-1', '1.5', '+1', '1e0', '0x1', 'last', '', ' ', '7', '99999999999999999999'])(
    'are not sent after %j: invalid_cursor',
    async (n) => {
      const { server, stream } = await startEnded()
      const byQuery = await server.get(stream, `/events?after=${encodeURIComponent(n)}`)
      expect((await problemOf(byQuery, 'invalid_cursor')).detail).toMatch(/event/)
      if (n.trim() !== n) return // a header has no space at its ends
      const byHeader = await server.get(stream, '/events', { headers: { 'Last-Event-ID': n } })
      await problemOf(byHeader, 'invalid_cursor')
    },
  )

  it('are those of a turn that is there: its faults come in order', async () => {
    const { server, stream } = await startEnded()
    const unknown = { ...stream, turnId: 'turn_unknown' }
    const nowhere = { ...stream, sessionId: 'sess_unknown' }
    await problemOf(await server.get(unknown, '/events?from=1'), 'validation_failed')
    await problemOf(await server.get(unknown, '/events?after=99'), 'turn_not_found')
    await problemOf(await server.get(nowhere, '/events'), 'session_not_found')
    await server.manager.sessions.delete(stream.sessionId)
    await problemOf(await server.get(stream, '/events'), 'session_not_found')
  })
})

describe('the events of a turn that runs', () => {
  it('are sent from the first one, then as they come, to everybody who reads', async () => {
    const { server, stream, release } = await startHeld()
    const late = reading(await server.get(stream, '/events'))
    const later = reading(await server.get(stream, '/events?after=1'))
    expect(shortly(await late.until('half'))).toEqual(held.slice(0, 2))
    expect(shortly(await later.until('half'))).toEqual(held.slice(1, 2))
    release()
    const seen = await stream.rest()
    expect(shortly(seen)).toEqual(held)
    expect(await late.rest()).toBe(seen)
    expect(shortly(await later.rest())).toEqual(held.slice(1))
  })

  it('are waited for by a reader who has seen all there are, and who is told at once that it may wait', async () => {
    const { server, stream, release } = await startHeld()
    const response = await server.get(stream, '/events', { headers: { 'Last-Event-ID': '2' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    release()
    const text = await response.text()
    expect(shortly(text)).toEqual(held.slice(2))
    expect(text).toMatch(/^retry: 1000\nid: 3\n/)
  })

  it('are not there after a number that has not come yet', async () => {
    const { server, stream } = await startHeld()
    const response = await server.get(stream, '/events?after=3')
    expect((await problemOf(response, 'invalid_cursor')).detail).toContain('2 events so far')
  })

  it('go on for those who stay when another reader leaves', async () => {
    const { server, stream, release } = await startHeld()
    const leaving = new AbortController()
    await reading(await server.get(stream, '/events', { signal: leaving.signal })).until('half')
    leaving.abort()
    await server.line(({ msg }) => msg === 'request left by its client')
    release()
    expect(shortly(await stream.rest())).toEqual(held)
  })

  it('are not sent to HEAD, which has the headers of a stream and nothing more', async () => {
    const { server, stream } = await startHeld()
    const response = await server.get(stream, '/events', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const line = await server.line(({ method }) => method === 'HEAD')
    expect(line).toMatchObject({ status: 200, turn_id: stream.turnId })
    expect(line).not.toHaveProperty('stream')
  })

  it('are kept apart by comments when nothing comes, also where nothing has come yet', async () => {
    const clock = createManualClock()
    const { server, stream, release } = await startHeld({ serve: { clock } })
    const reader = reading(await server.get(stream, '/events?after=2'))
    await clock.advance(15_000)
    expect(await reader.until(': keep-alive\n\n')).toBe(': keep-alive\n\n')
    release()
    const text = await reader.rest()
    expect(text).toMatch(/^: keep-alive\n\nretry: 1000\nid: 3\n/)
    expect(shortly(text)).toEqual(held.slice(2))
  })

  it('are encoded once, however many read them', async () => {
    const { server, stream, release } = await startHeld()
    const stringify = vi.spyOn(JSON, 'stringify')
    const readers = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const reader = reading(await server.get(stream, '/events?after=1'))
        await reader.until('half')
        return reader
      }),
    )
    release()
    const texts = await Promise.all([stream, ...readers].map(({ rest }) => rest()))
    const encoded = stringify.mock.calls.map(([value]) => value as unknown).filter((value) => isText(value))
    stringify.mockRestore()
    expect(texts.slice(1).every((text) => text === texts[1])).toBe(true)
    expect(shortly(texts[1] ?? '')).toEqual(held.slice(1))
    expect(encoded).toEqual(['hi: half ', 'whole']) // the first one once more: it was not kept for one reader alone
  })
})

describe('a server that shuts down', () => {
  it('lets turns be read, followed and stopped until the last one has ended, and makes no new ones', async () => {
    const { server, stream } = await startHeld()
    const ended = await server.chat({ message: 'other' })
    await server.cancel(ended)
    await ended.rest()
    const closing = server.close({ grace: 60_000 })
    const message = { message: 'one more', session_id: stream.sessionId, on_busy: 'queue' }
    await problemOf(await server.post('/api/v1/chat', message), 'shutting_down')
    expect(await server.turn(stream)).toMatchObject({ status: 'running', content: 'hi: half ' })
    expect(await server.turn(ended)).toMatchObject({ status: 'cancelled' })
    const resumed = reading(await server.get(stream, '/events?after=2'))
    expect((await server.get(ended, '/events')).status).toBe(200)
    expect((await server.cancel(stream, { reason: 'closing time' })).status).toBe(202)
    expect(shortly(await resumed.rest())).toEqual(['3 turn.cancelled closing time'])
    expect(eventsOf(await stream.rest())).toHaveLength(3)
    await closing
  })
})

/** Whether it is a text of the turn; other strings are made JSON of, too. */
function isText(value: unknown): boolean {
  return value === 'hi: half ' || value === 'whole'
}
