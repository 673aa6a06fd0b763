import type { RouteName } from '../routes.js'
import { exampleIds } from '../schemas/example-ids.js'
import type { CancelTurnRequest, ChatRequest, CreateSessionRequest, UpdateSessionRequest } from '../types.js'

/** An example, with its name for people. */
export interface Example<Value = unknown> {
  readonly summary: string
  readonly value: Value
}

type Examples<Value> = Readonly<Record<string, Example<Value>>>

const chat: Examples<ChatRequest> = {
  firstMessage: { summary: 'The first message of a session', value: { message: 'Show me some chairs' } },
  nextMessage: {
    summary: 'The next one',
    value: { message: 'Which one is the cheapest?', session_id: exampleIds.session },
  },
  streamed: { summary: 'Answered as a stream', value: { message: 'Show me some chairs', stream: true } },
  withMetadata: {
    summary: 'With metadata of the turn',
    value: { message: 'Show me some chairs', stream: false, metadata: { channel: 'web' } },
  },
  queued: {
    summary: 'That waits for the turn before it',
    value: { message: 'And some tables', session_id: exampleIds.session, on_busy: 'queue' },
  },
  interrupting: {
    summary: 'That takes the place of what runs, and is not answered for nobody',
    value: {
      message: 'No, tables!',
      session_id: exampleIds.session,
      stream: true,
      on_busy: 'interrupt',
      on_disconnect: 'cancel',
    },
  },
}

const cancelTurn: Examples<CancelTurnRequest> = {
  plain: { summary: 'As the client wishes', value: {} },
  withReason: { summary: 'With a reason', value: { reason: 'the user has changed their mind' } },
}

const createSession: Examples<CreateSessionRequest> = {
  withMetadata: { summary: 'With metadata', value: { metadata: { channel: 'web' } } },
  withLifeTime: { summary: 'That lives for a day', value: { ttl_seconds: 86_400 } },
  plain: { summary: 'As the server makes them', value: {} },
}

const updateSession: Examples<UpdateSessionRequest> = {
  metadata: {
    summary: 'Change one key, and remove another',
    value: { metadata: { channel: 'app', campaign: null } },
  },
  lifeTime: { summary: 'Let it live for an hour', value: { ttl_seconds: 3600 } },
}

/** What may be sent to the routes that take a body. */
export const requestExamples: Readonly<Partial<Record<RouteName, Examples<unknown>>>> = {
  chat,
  cancelTurn,
  createSession,
  updateSession,
}
