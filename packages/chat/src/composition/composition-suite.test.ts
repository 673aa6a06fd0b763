import type { ChatInterface } from '@colloquy/session'
import { testChatInterface } from '@colloquy/session/testing'
import { describe, it } from 'vitest'
import { chatOf, patient } from './composition.fixture.js'
import { route, withConcurrency, withFallback, withRetry, withTimeout } from './index.js'

/** A chat that can do all that the suite asks for. */
const createAble = (): ChatInterface =>
  chatOf(
    async function* (message, { signal, state }) {
      switch (message) {
        case 'fail':
          throw new Error('It was told to fail.')
        case 'call':
          yield { type: 'functionCall', callId: 'call_1', name: 'count', arguments: { from: 1 } }
          yield { type: 'functionResult', callId: 'call_1', name: 'count', result: [1, 2] }
          yield 'I have counted.'
          break
        case 'long':
          for (const word of ['one ', 'two ', 'three ', 'four']) yield word
          break
        case 'endless':
          while (!signal.aborted) {
            yield 'on and '
            await new Promise((resolve) => setImmediate(resolve))
          }
          break
        default:
          yield `You said: ${message}`
      }
      yield { type: 'state', state: [state] }
      yield { type: 'usage', inputTokens: 1, outputTokens: 2 }
      yield { type: 'finish', reason: 'stop' }
    },
    {
      name: 'able',
      functions: [{ name: 'count', description: 'Counts.', parameters: { type: 'object' } }],
      start: () => {},
      stop: () => {},
      health: () => ({ able: { status: 'healthy' } }),
    },
  )

/** One that has a message to fall silent at, until it is stopped. */
function createSilent(): ChatInterface {
  const able = createAble()
  return {
    ...able,
    reply: (message, context) => (message === 'silent' ? patient() : able).reply(message, context),
  }
}

const scenarios = {
  longMessage: 'long',
  endlessMessage: 'endless',
  failingMessage: 'fail',
  callingMessage: 'call',
}

const compositions: Readonly<Record<string, (chat: ChatInterface) => ChatInterface>> = {
  withTimeout: (chat) => withTimeout(chat, { firstChunkMs: 60_000, chunkMs: 60_000, totalMs: 60_000 }),
  withRetry: (chat) => withRetry(chat),
  withFallback: (chat) => withFallback(chat, { ...createAble(), name: 'second' }),
  withConcurrency: (chat) => withConcurrency(chat, { max: 20, queue: 100 }),
  route: (chat) => route({ able: chat, second: createAble() }),
}

for (const [name, compose] of Object.entries(compositions)) {
  testChatInterface({ describe, it }, name, () => compose(createAble()), scenarios)
  testChatInterface({ describe, it }, `${name} of one that falls silent`, () => compose(createSilent()), {
    endlessMessage: 'silent',
  })
}

testChatInterface(
  { describe, it },
  'all compositions',
  () => Object.values(compositions).reduce((chat, compose) => compose(chat), createAble()),
  scenarios,
)
