// A chat interface of one's own, held to everything that a chat interface promises. Run it: node --test examples/own-chat.test.ts
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { ChatContext, ChatInterface, Chunk } from '@colloquy/session'
import { testChatInterface } from '@colloquy/session/testing'

/** Counts, one number at a time, up to the one in the message; without one, until it is told to stop. */
async function* count(message: string, { signal, state }: ChatContext): AsyncGenerator<Chunk | string> {
  const [digits] = /\d+/.exec(message) ?? []
  if (message.startsWith('Look up')) {
    yield { type: 'functionCall', callId: '1', name: 'counts', arguments: {} }
    yield { type: 'functionResult', callId: '1', name: 'counts', result: state ?? 0 }
  } else if (digits === undefined && message !== 'Count') {
    throw new Error('There is no number in the message.')
  }
  const last = Number(digits ?? Number.POSITIVE_INFINITY)
  for (let n = 1; n <= last && !signal.aborted; n += 1) {
    yield `${n} `
    await setImmediate()
  }
  yield { type: 'state', state: Number(state ?? 0) + 1 }
}

function createCounter(): ChatInterface {
  const parameters = { type: 'object', properties: {} }
  return {
    name: 'counter',
    functions: [{ name: 'counts', description: 'How often it has counted.', parameters }],
    reply: count,
  }
}

// Each test gets a new one. Any framework will do that has describe() and it(): vitest, mocha, node:test.
testChatInterface({ describe, it }, 'a counter', createCounter, {
  message: 'Count to 1',
  longMessage: 'Count to 10',
  endlessMessage: 'Count',
  failingMessage: 'Hello',
  callingMessage: 'Look up how often, and count to 2',
})
