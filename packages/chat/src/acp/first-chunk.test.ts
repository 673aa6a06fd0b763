import { ChatError } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { chatOf } from '../composition/composition.fixture.js'
import { withFallback, withRetry, withTimeout } from '../composition/index.js'
import {
  chunksOf,
  contextOf,
  inSession,
  replyOf,
  said,
  script,
  startedChat,
  stateOf,
  textOf,
} from './talk.fixture.js'

const failing = script({ fail: -32_603, message: 'broken' })
/** A session that was begun before this agent was: it gets a new one of the agent, and its client is told. */
const renewed = () => contextOf({ history: [said('user', 'before')] })
const renewal = { type: 'data', name: 'session.renewed', data: {} }

describe('an agent that fails or is late before it has said anything', () => {
  it('has said nothing of the session either: another one can answer', async () => {
    const spare = chatOf(async function* () {
      yield 'spare'
    })
    const chat = withFallback(await startedChat(), spare)
    expect(await chunksOf(chat, failing, renewed())).toEqual([{ type: 'text', text: 'spare' }])
  })

  it('can be asked again, and then tells of its session once', async () => {
    let asked = 0
    const agent = await startedChat()
    const flaky = chatOf((message, context) => {
      asked += 1
      return agent.reply(asked === 1 ? failing : message, context)
    })
    const chat = withRetry(flaky, { delayMs: 1, isRetryable: () => true })
    const chunks = await chunksOf(chat, 'Hello', renewed())
    expect(asked).toBe(2)
    expect(textOf(chunks)).toBe('You said: Hello')
    expect(chunks.filter(({ type }) => type === 'state')).toHaveLength(1)
  })

  it('is too late for its first chunk', async () => {
    const clock = createManualClock()
    const chat = withTimeout(await startedChat(), { firstChunkMs: 100, clock })
    const next = replyOf(chat, [{ endless: 'silent' }], renewed()).next()
    next.catch(() => {})
    while (clock.timers === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(100)
    await expect(next).rejects.toMatchObject({ code: 'timeout' })
    await expect(next).rejects.toBeInstanceOf(ChatError)
  })
})

describe('what is told of the session of an agent', () => {
  it('comes before the first thing that it says', async () => {
    const chat = await startedChat()
    const chunks = await chunksOf(chat, 'Hello', renewed())
    expect(chunks.map(({ type }) => type)).toEqual(['state', 'data', 'text', 'finish'])
    expect(chunks[1]).toEqual(renewal)
  })

  it('comes at the end, when it says nothing', async () => {
    const chat = await startedChat()
    const chunks = await chunksOf(chat, script({ stop: 'end_turn' }), renewed())
    expect(chunks.map(({ type }) => type)).toEqual(['state', 'data', 'finish'])
  })

  it('is not told again when the state has it', async () => {
    const chat = await startedChat()
    const state = stateOf(await chunksOf(chat, 'Hello'))
    const chunks = await chunksOf(chat, 'Hello', inSession('sess_1', { state }))
    expect(chunks.map(({ type }) => type)).toEqual(['text', 'finish'])
  })
})
