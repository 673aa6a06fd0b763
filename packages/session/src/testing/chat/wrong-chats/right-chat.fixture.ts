import { ChatError } from '../../../chat-error.js'
import type { ChatContext, ChatInterface, Chunk } from '../../../chat-interface.js'
import type { ChatScenarios } from '../chat-scenarios.js'

/** What a right chat interface, and so each wrong one, is tried with. */
export const scenarios = {
  message: 'Hello',
  longMessage: 'Tell me all',
  endlessMessage: 'Never stop',
  failingMessage: 'Break',
  callingMessage: 'Look it up',
} as const satisfies ChatScenarios

/** An answer, as a generator makes it. */
export type Answering = AsyncGenerator<Chunk | string, void, undefined>

/** A chat interface that keeps every promise, with functions, a state, a failure and an answer without end. */
export function createRightChat(): ChatInterface {
  return {
    name: 'right',
    functions: [
      {
        name: 'lookup',
        description: 'Looks something up.',
        parameters: { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] },
      },
    ],
    async start() {},
    async stop() {},
    health: () => ({ model: { status: 'healthy', detail: 'well' } }),
    reply: (message, context) => answer(message, context),
  }
}

async function* answer(message: string, context: ChatContext): Answering {
  switch (message) {
    case scenarios.longMessage:
      for (let n = 0; n < 8 && !context.signal.aborted; n += 1) {
        yield `piece ${n}, `
        await tick()
      }
      break
    case scenarios.endlessMessage:
      while (!context.signal.aborted) {
        yield 'and on '
        await tick()
      }
      return
    case scenarios.failingMessage:
      yield 'I '
      throw new ChatError('rate_limited', 'The model wants fewer requests.', { retryAfterSeconds: 3 })
    case scenarios.callingMessage:
      yield* call(context)
      break
    default:
      yield* ['Good ', { type: 'text', text: 'day 🪑' }] as const
  }
  yield { type: 'usage', inputTokens: 3, outputTokens: 4 }
  yield { type: 'finish', reason: 'stop' }
}

async function* call({ state }: ChatContext): Answering {
  yield { type: 'functionCall', callId: 'c1', name: 'lookup', arguments: { q: 'chair' } }
  yield { type: 'functionCall', callId: 'c2', name: 'lookup', arguments: { q: 'table' } }
  yield { type: 'functionResult', callId: 'c2', name: 'lookup', error: 'no such thing' }
  yield { type: 'functionResult', callId: 'c1', name: 'lookup', result: { price: 120, tags: ['a', null] } }
  yield { type: 'data', name: 'sources', data: ['shop'] }
  const { calls } = (state ?? { calls: 0 }) as { readonly calls: number }
  yield { type: 'state', state: { calls: calls + 1 } }
  yield 'It costs 120.'
}

/** Lets the event loop go round. */
export function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
