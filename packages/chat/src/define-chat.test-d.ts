import type { ChatContext, ChatInterface, Chunk, HistoryMessage, JsonValue } from '@colloquy/session'
import { describe, expectTypeOf, it } from 'vitest'
import { type ChatDefinition, type ChatFunction, defineChat, loadChat, type Reply } from './index.js'

describe('the types of defineChat', () => {
  it('infers the parameters of every form of function', () => {
    defineChat(async function* (message, { history, signal, state }) {
      expectTypeOf(message).toEqualTypeOf<string>()
      expectTypeOf(history).toEqualTypeOf<readonly HistoryMessage[]>()
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      expectTypeOf(state).toEqualTypeOf<JsonValue>()
      yield 'text'
      yield { type: 'text', text: message }
      yield { type: 'state', state: { asked: [message] } }
    })
    defineChat(function* (message, context) {
      expectTypeOf(message).toEqualTypeOf<string>()
      expectTypeOf(context).toEqualTypeOf<ChatContext>()
      yield { type: 'text', text: message }
    })
    defineChat((message) => message.toUpperCase())
    defineChat(async (message, { session }) => `${session.id}: ${message}`)
    defineChat((message) => ['a', { type: 'text', text: message }])
    defineChat(async (message) => [
      { type: 'text', text: message },
      { type: 'finish', reason: 'stop' },
    ])
    defineChat((message) => ({ type: 'text', text: message }))
    defineChat(async (message) => ({ type: 'text', text: message }))
    defineChat(() => new ReadableStream<string>())
  })

  it('infers the parameters of an object with reply', () => {
    const chat = defineChat({
      name: 'dice',
      functions: [{ name: 'roll', description: 'Rolls dice.', parameters: { type: 'object' } }],
      async start() {},
      health: () => ({ dice: { status: 'healthy' } }),
      async *reply(message, { turnId }) {
        expectTypeOf(message).toEqualTypeOf<string>()
        expectTypeOf(turnId).toEqualTypeOf<string>()
        yield { type: 'functionCall', callId: '1', name: 'roll', arguments: {} }
        yield { type: 'functionResult', callId: '1', name: 'roll', result: 4 }
      },
    })
    expectTypeOf(chat).toEqualTypeOf<ChatInterface>()
    defineChat({ reply: (message) => message })
  })

  it('takes an instance of a class as it is', () => {
    class Bot {
      readonly #greeting = 'Hello'
      async reply(message: string): Promise<string> {
        return `${this.#greeting}, ${message}`
      }
    }
    expectTypeOf(defineChat(new Bot())).toEqualTypeOf<ChatInterface>()
    expectTypeOf<ChatInterface>().toExtend<ChatDefinition>()
  })

  it('refuses what is no answer', () => {
    expectTypeOf<() => number>().not.toExtend<ChatFunction>()
    expectTypeOf<() => Promise<void>>().not.toExtend<ChatFunction>()
    expectTypeOf<() => { type: 'text' }>().not.toExtend<ChatFunction>()
    expectTypeOf<() => AsyncGenerator<number>>().not.toExtend<ChatFunction>()
    expectTypeOf<{ name: 'silent' }>().not.toExtend<ChatDefinition>()
    expectTypeOf<{ reply: string }>().not.toExtend<ChatDefinition>()
  })

  it('names what a function may answer', () => {
    expectTypeOf<ChatFunction>().returns.toEqualTypeOf<Reply | PromiseLike<Reply>>()
    expectTypeOf<AsyncGenerator<Chunk>>().toExtend<Reply>()
    expectTypeOf(loadChat).returns.resolves.toEqualTypeOf<ChatInterface>()
  })
})
