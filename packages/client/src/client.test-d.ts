import { expectTypeOf, test } from 'vitest'
import type {
  ChatInput,
  ChatRequest,
  ChatResponse,
  Client,
  ClientOptions,
  ColloquyError,
  Turn,
  TurnEvent,
  TurnProblem,
  TurnRef,
  TurnStream,
} from './index.js'

declare const client: Client

test('an event is narrowed by its type', async () => {
  for await (const event of client.stream('Hello')) {
    expectTypeOf(event).toEqualTypeOf<TurnEvent>()
    expectTypeOf(event.seq).toEqualTypeOf<number>()
    if (event.type === 'text.delta') expectTypeOf(event.data.text).toEqualTypeOf<string>()
    if (event.type === 'turn.completed') expectTypeOf(event.data).toEqualTypeOf<ChatResponse>()
    if (event.type === 'turn.failed') expectTypeOf(event.data).toEqualTypeOf<TurnProblem>()
    if (event.type === 'turn.cancelled') expectTypeOf(event.data.reason).toEqualTypeOf<string>()
    if (event.type === 'turn.queued') expectTypeOf(event.data.position).toEqualTypeOf<number>()
    // @ts-expect-error no event has this type
    if (event.type === 'text.delat') return
  }
})

test('the ids of a stream are promises of strings', () => {
  expectTypeOf(client.stream('Hello').sessionId).toEqualTypeOf<Promise<string>>()
  expectTypeOf(client.stream('Hello').turnId).toEqualTypeOf<Promise<string>>()
})

test('a chat takes a string or a request, and a misspelt field is an error', () => {
  expectTypeOf<string>().toExtend<ChatInput>()
  expectTypeOf<ChatRequest>().toExtend<ChatInput>()
  // @ts-expect-error the field is session_id
  void (() => client.send({ message: 'Hello', sessionId: 'sess_1' }))
})

test('how a chat is sent is said beside it, and a misspelt rule is an error', () => {
  const chat = () => client.send('Hello', { idempotencyKey: 'k1' })
  expectTypeOf(chat).returns.resolves.toEqualTypeOf<ChatResponse>()
  const stream = () => client.stream('Hello', { idempotencyKey: 'k1', maxReconnects: Infinity })
  expectTypeOf(stream).returns.toEqualTypeOf<TurnStream>()
  // @ts-expect-error there is no such rule
  void (() => client.send('Hello', { onBusy: 'wait' }))
})

test('whatever has the ids of a turn names it', () => {
  expectTypeOf<Turn>().toExtend<TurnRef>()
  expectTypeOf<ChatResponse>().toExtend<TurnRef>()
})

test('the global fetch can be handed in', () => {
  expectTypeOf<typeof globalThis.fetch>().toExtend<NonNullable<ClientOptions['fetch']>>()
})

test('a code is any string, so that new codes are no type errors', () => {
  expectTypeOf<ColloquyError['code']>().toExtend<string>()
  expectTypeOf<'new_code'>().toExtend<ColloquyError['code']>()
})
