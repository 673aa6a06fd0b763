import type {
  ChatResponse,
  CreateSessionRequest,
  Health,
  MessagePage,
  Session,
  SessionPage,
  Status,
  Turn,
  TurnEvent,
  TurnPage,
  UpdateSessionRequest,
} from './contract-types.js'
import type {
  CancelTurnOptions,
  ChatInput,
  ChatOptions,
  ListMessagesOptions,
  ListSessionsOptions,
  ListTurnsOptions,
  RequestOptions,
  StreamChatOptions,
  TurnEventsOptions,
  TurnRef,
} from './options.js'
import type { TurnStream } from './turn-stream.js'

/**
 * A Colloquy server, as functions. Each fails with a `ColloquyError`, except that a call stopped by its signal fails
 * with the signal's reason, and a wrong argument with a `TypeError` or `RangeError`.
 */
export interface Client {
  /**
   * Says something and waits for the whole answer. A turn that fails is an error, with the problem's code. A request
   * that gets no answer is sent again, with the same key: the chat interface is asked once.
   */
  chat(request: ChatInput, options?: ChatOptions): Promise<ChatResponse>
  /**
   * Says something and reads the answer while it is made. The request is sent at once. A stream that breaks off is taken
   * up again behind the last event.
   */
  streamChat(request: ChatInput, options?: StreamChatOptions): TurnStream
  readonly sessions: SessionsClient
  readonly turns: TurnsClient
  /** How the server and its components are doing. An unhealthy server's 503 is an answer, not an error. */
  health(options?: RequestOptions): Promise<Health>
  /** What the server is and what it is doing. */
  status(options?: RequestOptions): Promise<Status>
}

/** The sessions of a server. An unknown, expired or deleted session is a `session_not_found` error. */
export interface SessionsClient {
  /** Makes an empty session. Without `ttl_seconds` it lives as long as the server's default says. */
  create(request?: CreateSessionRequest, options?: RequestOptions): Promise<Session>
  get(sessionId: string, options?: RequestOptions): Promise<Session>
  /** One page of the sessions, the most recently active first; `next_cursor` leads to the next and is null on the last. */
  list(options?: ListSessionsOptions): Promise<SessionPage>
  /** Changes a session: metadata is merged key by key, and null removes a key. */
  update(sessionId: string, change: UpdateSessionRequest, options?: RequestOptions): Promise<Session>
  /** Deletes a session and everything in it; its running turn is cancelled first. */
  delete(sessionId: string, options?: RequestOptions): Promise<void>
  /** One page of a session's messages; `next_cursor` leads to the next and is null on the last. */
  messages(sessionId: string, options?: ListMessagesOptions): Promise<MessagePage>
}

/** The turns of sessions. An unknown turn is a `turn_not_found` error, or `session_not_found` when its session is gone. */
export interface TurnsClient {
  /** One page of a session's turns, oldest first unless `order` is `desc`; `next_cursor` is null on the last. */
  list(sessionId: string, options?: ListTurnsOptions): Promise<TurnPage>
  get(turn: TurnRef, options?: RequestOptions): Promise<Turn>
  /**
   * The events of a turn from the first, or `after` one of them, as `streamChat` yields them: those that are past, then
   * those that come, to the final one. None when the turn ended with the event `after`. Nothing is sent before it is
   * read; each `for await` reads anew.
   */
  events(turn: TurnRef, options?: TurnEventsOptions): AsyncIterable<TurnEvent>
  /**
   * Asks a turn to stop, also one that waits; its final event follows soon. One that has already ended is a
   * `turn_not_cancellable` error.
   */
  cancel(turn: TurnRef, options?: CancelTurnOptions): Promise<Turn>
}
