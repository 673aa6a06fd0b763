import { describe, expect, it } from 'vitest'
import type { ChatInterface } from '../../chat-interface.js'
import { findFailures, suiteFor } from './wrong-chats/find-failures.fixture.js'
import { createRightChat, scenarios } from './wrong-chats/right-chat.fixture.js'

/** Chat interfaces that note what is done to them, and answer in a given way. */
function noting(change: (right: ChatInterface) => Partial<ChatInterface> = () => ({})) {
  const lives: string[][] = []
  const signals: AbortSignal[] = []
  const create = (): ChatInterface => {
    const life: string[] = []
    lives.push(life)
    const right = createRightChat()
    const noted: ChatInterface = {
      ...right,
      start: () => void life.push('start'),
      stop: () => void life.push('stop'),
      reply(message, context) {
        life.push('reply')
        signals.push(context.signal)
        return right.reply(message, context)
      },
    }
    return { ...noted, ...change(noted) }
  }
  return { create, lives, signals }
}

describe('the chat interfaces that the suite makes', () => {
  it('are each started once, before anything is asked, and asked nothing after their stop', async () => {
    const { create, lives } = noting()
    expect(await findFailures(create, scenarios)).toEqual(new Map())
    expect(lives.length).toBeGreaterThan(60)
    for (const life of lives) {
      expect(life.join(' ')).toMatch(/^start( reply)*( stop){1,2}$/)
    }
  })

  it('are stopped once, but where it is tried to stop them twice', async () => {
    const { create, lives } = noting()
    await findFailures(create, scenarios)
    expect(lives.filter((life) => life.filter((deed) => deed === 'stop').length === 2)).toHaveLength(2)
  })

  it('are stopped when a test fails, and their replies are told to end', async () => {
    const { create, lives, signals } = noting(() => ({
      name: '',
      functions: [],
      health: () => ({ a: null }) as never,
    }))
    const failures = await findFailures(create, { ...scenarios, longMessage: 'Hello' })
    expect(failures.size).toBeGreaterThan(5)
    expect(lives.every((life) => life.at(-1) === 'stop')).toBe(true)
    expect(signals.every((signal) => signal.aborted)).toBe(true)
  })

  it('are not stopped when they could not be started', async () => {
    const stops: string[] = []
    const failures = await findFailures(
      () => ({
        ...createRightChat(),
        start: () => Promise.reject(new Error('no start')),
        stop: () => void stops.push('stop'),
      }),
      scenarios,
    )
    expect(failures.size).toBe(suiteFor(createRightChat, scenarios).tests.length)
    expect([...failures.values()].every((error) => String(error).includes('no start'))).toBe(true)
    expect(stops).toEqual([])
  })

  it('fail with what the test found, not with what their stop throws then', async () => {
    const { create } = noting(() => ({ name: '', stop: () => Promise.reject(new Error('no stop')) }))
    const failures = await findFailures(create, scenarios)
    expect(String(failures.get('what it says of itself: has a name'))).toContain('has no name')
    expect(String(failures.get('health: tells of nothing unhealthy once it has started'))).toContain(
      'no stop',
    )
  })

  it('may be missing: one that can not be made fails every test', async () => {
    const failures = await findFailures(() => Promise.reject(new Error('no chat')), scenarios)
    expect(failures.size).toBe(suiteFor(createRightChat, scenarios).tests.length)
  })
})
