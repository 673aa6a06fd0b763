import { describe, expectTypeOf, test } from 'vitest'
import type {
  ChatInput,
  ChatOptions,
  ChatRequest,
  ChatResponse,
  ChatSession,
  Client,
  ClientOptions,
  ColloquyError,
  ColloquyErrorFacts,
  Conversation,
  ConversationOptions,
  CreateSessionRequest,
  Health,
  Message,
  NotFoundError,
  Page,
  Paged,
  Problem,
  ProblemError,
  RateLimitError,
  Session,
  SessionChatInput,
  SessionHandle,
  Status,
  Turn,
  TurnError,
  TurnEvent,
  TurnProblem,
  TurnRef,
  TurnStream,
  UpdateSessionRequest,
} from './index.js'

declare const client: Client

describe('a client', () => {
  test('is made of where the server is; all else has a default', () => {
    expectTypeOf<{ baseUrl: string }>().toExtend<ClientOptions>()
    expectTypeOf<{ baseUrl: URL }>().toExtend<ClientOptions>()
    expectTypeOf<{ apiKey: string }>().not.toExtend<ClientOptions>()
    expectTypeOf<typeof globalThis.fetch>().toExtend<NonNullable<ClientOptions['fetch']>>()
    // @ts-expect-error it is baseUrl
    const wrong: ClientOptions = { baseURL: '' }
    void wrong
  })

  test('answers with what the contract says', () => {
    expectTypeOf<Client['send']>().returns.resolves.toEqualTypeOf<ChatResponse>()
    expectTypeOf<Client['health']>().returns.resolves.toEqualTypeOf<Health>()
    expectTypeOf<Client['status']>().returns.resolves.toEqualTypeOf<Status>()
    expectTypeOf<Client['sessions']['create']>().returns.resolves.toEqualTypeOf<ChatSession>()
    expectTypeOf<Client['sessions']['get']>().returns.resolves.toEqualTypeOf<ChatSession>()
    expectTypeOf<Client['sessions']['list']>().returns.toEqualTypeOf<Paged<Session>>()
    expectTypeOf<Client['sessions']['create']>()
      .parameter(0)
      .toEqualTypeOf<CreateSessionRequest | undefined>()
  })

  test('a chat takes a string or a request, and a misspelt field is an error', () => {
    expectTypeOf<string>().toExtend<ChatInput>()
    expectTypeOf<ChatRequest>().toExtend<ChatInput>()
    // @ts-expect-error the field is session_id
    void (() => client.send({ message: 'Hello', sessionId: 'sess_1' }))
    // @ts-expect-error whether it streams is decided by the method
    void (() => client.send({ message: 'Hello', stream: true }))
    // @ts-expect-error there is no such rule
    void (() => client.send({ message: 'Hello', on_busy: 'wait' }))
  })

  test('how a chat is sent is said beside it, and a misspelt option is an error', () => {
    const stream = () => client.stream('Hello', { idempotencyKey: 'k1', maxReconnects: Infinity })
    expectTypeOf(stream).returns.toEqualTypeOf<TurnStream>()
    expectTypeOf<{ signal: AbortSignal; headers: { a: string }; timeout: number }>().toExtend<ChatOptions>()
    // @ts-expect-error on_busy is a field of the request
    void (() => client.send('Hello', { onBusy: 'queue' }))
    // @ts-expect-error an answer that is no stream is not taken up again
    void (() => client.send('Hello', { maxReconnects: 1 }))
  })
})

describe('a session', () => {
  test('is its fields, and what can be done with it', () => {
    expectTypeOf<ChatSession>().toExtend<Session>()
    expectTypeOf<ChatSession>().toExtend<SessionHandle>()
    expectTypeOf<Client['session']>().returns.toEqualTypeOf<SessionHandle>()
    expectTypeOf<SessionHandle['messages']>().returns.toEqualTypeOf<Paged<Message>>()
    expectTypeOf<SessionHandle['delete']>().returns.resolves.toEqualTypeOf<void>()
    expectTypeOf<SessionHandle['turns']['list']>().returns.toEqualTypeOf<Paged<Turn>>()
    expectTypeOf<SessionHandle['turns']['get']>().returns.resolves.toEqualTypeOf<Turn>()
    expectTypeOf<SessionHandle['turns']['cancel']>().returns.resolves.toEqualTypeOf<Turn>()
    expectTypeOf<SessionHandle['turns']['events']>().returns.toEqualTypeOf<AsyncIterable<TurnEvent>>()
  })

  test('its fields cannot be set', () => {
    expectTypeOf<Pick<ChatSession, 'message_count'>>().toEqualTypeOf<{ readonly message_count: number }>()
  })

  test('what is said in it names no session, and no chat', () => {
    expectTypeOf<{ message: string; on_busy: 'queue' }>().toExtend<SessionChatInput>()
    const session = client.session('sess_1')
    // @ts-expect-error it is this one
    void (() => session.send({ message: 'Hello', session_id: 'sess_2' }))
    // @ts-expect-error it has one
    void (() => session.stream({ message: 'Hello', chat: 'help' }))
  })

  test('a change may remove a key, and change nothing else', () => {
    expectTypeOf<SessionHandle['update']>().parameter(0).toEqualTypeOf<UpdateSessionRequest>()
    expectTypeOf<{ metadata: { shop: null } }>().toExtend<UpdateSessionRequest>()
  })
})

describe('a conversation', () => {
  test('knows its session when it has one', () => {
    expectTypeOf<Client['conversation']>().returns.toEqualTypeOf<Conversation>()
    expectTypeOf<Conversation['sessionId']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Conversation['send']>().returns.resolves.toEqualTypeOf<ChatResponse>()
    expectTypeOf<Conversation['stream']>().returns.toEqualTypeOf<TurnStream>()
    expectTypeOf<{ session_id: string }>().toExtend<ConversationOptions>()
    expectTypeOf<CreateSessionRequest>().toExtend<ConversationOptions>()
  })
})

describe('a list', () => {
  test('awaited is a page, iterated its items', async () => {
    const list = client.sessions.list({ limit: 2 })
    expectTypeOf(await list).toEqualTypeOf<Page<Session>>()
    for await (const session of list) expectTypeOf(session).toEqualTypeOf<Session>()
    // @ts-expect-error sessions have one order
    void (() => client.sessions.list({ order: 'asc' }))
  })
})

describe('a stream', () => {
  const stream = () => client.stream('Hello')

  test('an event is narrowed by its type', async () => {
    for await (const event of stream()) {
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

  test('has a type for each event, and no other', () => {
    expectTypeOf<TurnEvent['type']>().toEqualTypeOf<
      | 'turn.queued'
      | 'turn.started'
      | 'text.delta'
      | 'function.called'
      | 'function.returned'
      | 'data'
      | 'turn.completed'
      | 'turn.failed'
      | 'turn.cancelled'
      | 'turn.interrupted'
    >()
  })

  test('says whose events they are, and what they come to', () => {
    expectTypeOf(stream().sessionId).toEqualTypeOf<Promise<string>>()
    expectTypeOf(stream().turnId).toEqualTypeOf<Promise<string>>()
    expectTypeOf(stream().textStream).toEqualTypeOf<AsyncIterable<string>>()
    expectTypeOf<TurnStream['final']>().returns.resolves.toEqualTypeOf<ChatResponse>()
    expectTypeOf<TurnStream['text']>().returns.resolves.toEqualTypeOf<string>()
    expectTypeOf<TurnStream['cancel']>().returns.resolves.toEqualTypeOf<void>()
    expectTypeOf<{ reason: string }>().toExtend<NonNullable<Parameters<TurnStream['cancel']>[0]>>()
  })

  test('whatever has the ids of a turn names it', () => {
    expectTypeOf<Turn>().toExtend<TurnRef>()
    expectTypeOf<ChatResponse>().toExtend<TurnRef>()
  })
})

describe('an error', () => {
  test('of each kind is one, and has all fields', () => {
    expectTypeOf<NotFoundError>().toExtend<ColloquyError>()
    expectTypeOf<RateLimitError>().toExtend<ColloquyError>()
    expectTypeOf<TurnError>().toExtend<Error>()
    expectTypeOf<ColloquyError['status']>().toEqualTypeOf<number>()
    expectTypeOf<ColloquyError['detail']>().toEqualTypeOf<string>()
    expectTypeOf<ColloquyError['requestId']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<ColloquyError['errors']>().toEqualTypeOf<readonly ProblemError[]>()
    expectTypeOf<ColloquyError['retryAfter']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<ColloquyError['problem']>().toEqualTypeOf<Partial<Problem> | undefined>()
    expectTypeOf<ColloquyError['lastEventId']>().toEqualTypeOf<number | undefined>()
  })

  test('a code is any string, so that new codes are no type errors', () => {
    expectTypeOf<ColloquyError['code']>().toExtend<string>()
    expectTypeOf<'new_code'>().toExtend<ColloquyError['code']>()
    expectTypeOf<{ code: 'overloaded'; detail: string }>().toExtend<ColloquyErrorFacts>()
  })
})
