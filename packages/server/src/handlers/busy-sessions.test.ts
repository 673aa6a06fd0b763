import { status } from '@colloquy/contract'
import { describe, expect, it } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { shortly } from '../stream/event-stream.fixture.js'
import { heldChat, startTurnServer } from './turns.fixture.js'

/** A server with a session whose turn for `first` is in the middle of its answer. */
async function startBusy(options: Parameters<typeof startTurnServer>[1] = {}) {
  const { reply, ...chat } = heldChat()
  const server = await startTurnServer(reply, options)
  const first = await server.chat({ message: 'first' })
  await first.until('half')
  return { ...chat, server, first, session_id: first.sessionId }
}

const queue = { on_busy: 'queue' } as const
const interrupt = { on_busy: 'interrupt' } as const

describe('a message to a session whose turn runs', () => {
  it('is refused with the turn that runs when on_busy is reject, whatever the server is set to', async () => {
    const { server, first, session_id } = await startBusy({ manager: { limits: { onBusy: 'queue' } } })
    const response = await server.post('/api/v1/chat', { message: 'no', session_id, on_busy: 'reject' })
    expect(await problemOf(response, 'turn_in_progress')).toMatchObject({
      turn_id: first.turnId,
      session_id,
    })
  })

  it('waits when on_busy is queue: told its place, and again when one before it leaves, and answered in order', async () => {
    const { server, first, session_id, release, asked } = await startBusy()
    const second = await server.chat({ message: 'second', session_id, ...queue })
    await second.until('turn.queued')
    const third = await server.chat({ message: 'third', session_id, ...queue })
    await third.until('"position":2')
    const fourth = await server.chat({ message: 'fourth', session_id, ...queue })
    await fourth.until('"position":3')
    const during = await (await fetch(`${server.url}/api/v1/status`)).json()
    expect(status.parse(during).turns).toEqual({ running: 1, queued: 3 })

    await server.cancel(second)
    await third.until('"position":1')
    await fourth.until('"position":2')
    release('first')
    await third.until('half')
    release('third')
    await fourth.until('half')
    release('fourth')
    expect(shortly(await first.rest()).at(-1)).toBe('4 turn.completed')
    expect(shortly(await second.rest())).toEqual(['1 turn.queued 1', '2 turn.cancelled client_request'])
    expect(shortly(await third.rest())).toEqual([
      '1 turn.queued 2',
      '2 turn.queued 1',
      '3 turn.started',
      '4 third: half ',
      '5 whole',
      '6 turn.completed',
    ])
    const places = shortly(await fourth.rest()).filter((event) => event.includes('queued'))
    expect(places).toEqual(['1 turn.queued 3', '2 turn.queued 2', '3 turn.queued 1'])
    expect(asked).toEqual(['first', 'third', 'fourth'])
    const after = await (await fetch(`${server.url}/api/v1/status`)).json()
    expect(status.parse(after).turns).toEqual({ running: 0, queued: 0 })
  })

  it('waits for its JSON answer as well', async () => {
    const { server, session_id, begun, release } = await startBusy()
    const asking = server.post('/api/v1/chat', { message: 'second', session_id, ...queue })
    release('first')
    await begun('second')
    release('second')
    expect(await (await asking).json()).toMatchObject({ content: 'second: half whole' })
  })

  it('is refused with queue_full when as many wait as may', async () => {
    const { server, session_id } = await startBusy({ manager: { limits: { queueLimit: 1 } } })
    await (await server.chat({ message: 'second', session_id, ...queue })).until('turn.queued')
    const third = await server.post('/api/v1/chat', { message: 'third', session_id, ...queue })
    expect(await problemOf(third, 'queue_full')).toMatchObject({ session_id })
  })

  it('takes its place when on_busy is interrupt: that one ends as superseded, with what it has said', async () => {
    const { server, first, session_id, release } = await startBusy()
    const second = await server.chat({ message: 'second', session_id, ...interrupt })
    await second.until('half')
    release('second')
    expect(shortly(await first.rest())).toEqual([
      '1 turn.started',
      '2 first: half ',
      '3 turn.cancelled superseded',
    ])
    expect(shortly(await second.rest())).toEqual([
      '1 turn.queued 1',
      '2 turn.started',
      '3 second: half ',
      '4 whole',
      '5 turn.completed',
    ])
    const { data } = await server.manager.sessions.messages(session_id)
    expect(data.map(({ content, status }) => [content, status])).toEqual([
      ['first', 'complete'],
      ['second', 'complete'],
      ['first: half ', 'partial'],
      ['second: half whole', 'complete'],
    ])
  })

  it('takes the place of the one that runs before those that wait', async () => {
    const { server, session_id, release, asked } = await startBusy()
    const waiting = await server.chat({ message: 'second', session_id, ...queue })
    await waiting.until('turn.queued')
    const urgent = await server.chat({ message: 'third', session_id, ...interrupt })
    await urgent.until('half')
    await waiting.until('"position":1')
    release('third')
    await waiting.until('half')
    release('second')
    await Promise.all([urgent.rest(), waiting.rest()])
    expect(asked).toEqual(['first', 'third', 'second'])
  })

  it.each([
    ['reject', 409, '"code":"turn_in_progress"', ['running']],
    ['queue', 200, 'turn.queued', ['running', 'queued']],
    ['interrupt', 200, 'half', ['cancelled', 'running']],
  ] as const)('is treated as the server is set to where it does not say: %s', async (...row) => {
    const [onBusy, status, text, statuses] = row
    const { server, session_id } = await startBusy({ manager: { limits: { onBusy } } })
    const second = await server.chat({ message: 'second', session_id })
    expect(second.response.status).toBe(status)
    await second.until(text)
    const { data } = await server.manager.turns(session_id)
    expect(data.map((turn) => turn.status)).toEqual(statuses)
  })
})
