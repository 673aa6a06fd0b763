import { runInNewContext } from 'node:vm'
import type { ChatInterface, Chunk } from '../../../chat-interface.js'
import type { JsonValue } from '../../../json.js'
import type { ChatScenarios } from '../chat-scenarios.js'
import { createFetchingChat } from './fetching-chat.fixture.js'
import { scenarios, tick } from './right-chat.fixture.js'

/** A chat interface that keeps the promises, and what it can be tried with. */
export interface RightChat {
  readonly create: () => ChatInterface | Promise<ChatInterface>
  readonly scenarios?: ChatScenarios
}

const { message, longMessage, endlessMessage, failingMessage } = scenarios

/** Every one keeps the promises in a way of its own. */
export const rightChats: Readonly<Record<string, RightChat>> = {
  'says one text, and does not look at the signal': {
    create: () => ({
      name: 'echo',
      async *reply(message) {
        yield `You said: ${message}`
      },
    }),
  },
  'is made later, with a name and functions that it learns at its start': {
    create: async () => {
      let names: readonly string[] = []
      return {
        name: 'late',
        start() {
          names = ['lookup', 'order']
        },
        get functions() {
          return names.map((name) => ({ name, description: '', parameters: {} }))
        },
        async *reply() {
          if (names.length === 0) throw new Error('it has not started')
          yield { type: 'text', text: 'Hello' }
        },
      }
    },
  },
  'has an iterator of its own, which nobody can leave': {
    create: () => ({ name: 'iterator', reply: (_message, { signal }) => countdown(6, signal) }),
    scenarios: { longMessage: 'count' },
  },
  'never says anything until it is stopped, and throws then': {
    create: () => ({
      name: 'silent',
      async *reply(message, { signal }) {
        if (message === 'wait') await aborted(signal)
        yield 'Hello'
      },
    }),
    scenarios: { endlessMessage: 'wait', canBeLeftWaiting: false, stopWithinMs: 100 },
  },
  'never says anything until it is stopped or left': {
    create: () => ({
      name: 'leavable',
      reply(message, { signal }) {
        const own = new AbortController()
        const both = AbortSignal.any([signal, own.signal])
        const chunks = (async function* () {
          if (message === 'wait') await aborted(both)
          yield 'Hello'
        })()
        const leave = async () => {
          own.abort(new Error('the reader has left'))
          return chunks.return()
        }
        return { [Symbol.asyncIterator]: () => ({ next: () => chunks.next(), return: leave }) }
      },
    }),
    scenarios: { endlessMessage: 'wait', stopWithinMs: 100 },
  },
  'answers in other words each time': {
    create: () => {
      let count = 0
      return {
        name: 'fickle',
        async *reply() {
          count += 1
          yield* ['This ', 'is answer ', `${count}.`]
        },
      }
    },
    scenarios: { longMessage: 'tell' },
  },
  'answers with one of some texts, by chance': {
    create: () => ({
      name: 'dice',
      async *reply() {
        yield `${Math.floor(Math.random() * 20)}`
      },
    }),
  },
  'throws an Error at once, as any function can': {
    create: () => ({
      name: 'thrower',
      reply(message) {
        if (message === 'fail') throw new Error('There is no model.')
        return countdown(1)
      },
    }),
    scenarios: { failingMessage: 'fail' },
  },
  'is several, between which sessions choose': {
    create: () => ({
      name: 'several',
      chats: ['a', 'b'].map((name) => ({ name, functions: [] })),
      async *reply(_message, { session }) {
        if (session.chat !== 'a' && session.chat !== 'b') throw new Error('nobody was chosen')
        yield `This is ${session.chat}.`
      },
    }),
  },
  'yields data of another realm, and of no prototype': {
    create: () => ({
      name: 'realms',
      async *reply(): AsyncGenerator<Chunk> {
        const data: unknown = runInNewContext('({ list: [1, { a: null }] })')
        yield { type: 'data', name: 'far', data: data as JsonValue }
        yield {
          type: 'data',
          name: 'bare',
          data: Object.assign(Object.create(null), { a: -0 }) as string,
        }
        yield { type: 'text', text: 'Hello' }
      },
    }),
  },
  'cuts a character between two chunks': {
    create: () => ({
      name: 'cutter',
      async *reply() {
        yield* ['🪑'.slice(0, 1), '🪑'.slice(1), 'and more', '']
      },
    }),
    scenarios: { longMessage: 'cut' },
  },
  'asks a server, and is told to stop by a fetch that rejects': {
    create: createFetchingChat,
    scenarios: { message, longMessage, endlessMessage, failingMessage },
  },
}

/** Counts down, in an iterator without `return()`. */
function countdown(from: number, signal?: AbortSignal): AsyncIterable<string> {
  let left = from
  const next = async () => {
    await tick()
    if (left === 0 || signal?.aborted === true) return { done: true, value: undefined } as const
    left -= 1
    return { done: false, value: `${left + 1}… ` } as const
  }
  return { [Symbol.asyncIterator]: () => ({ next }) }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
