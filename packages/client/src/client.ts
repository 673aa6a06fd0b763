import type {
  ChatResponse,
  CreateSessionRequest,
  Health,
  Message,
  Session,
  Status,
  Turn,
  TurnEvent,
  UpdateSessionRequest,
} from './contract-types.js'
import type {
  CallOptions,
  CancelTurnOptions,
  ChatInput,
  ChatOptions,
  ConversationOptions,
  ListMessagesOptions,
  ListSessionsOptions,
  ListTurnsOptions,
  SessionChatInput,
  StreamChatOptions,
  TurnEventsOptions,
} from './options.js'
import type { Paged } from './paged.js'
import type { TurnStream } from './turn-stream.js'

/**
 * A Colloquy server, as functions. Each fails with a `ColloquyError` of the kind of what went wrong, except that a call
 * stopped by its signal fails with an `AbortError`, and a wrong argument with a `TypeError` or `RangeError`. A call that
 * gets no answer, or one of a passing trouble, is made again; no chat interface is ever asked twice by that.
 */
export interface Client {
  /** Says something and waits for the whole answer. A turn that ends without one is a `TurnError`, with the problem's code. */
  send(input: ChatInput, options?: ChatOptions): Promise<ChatResponse>
  /**
   * Says something and reads the answer while it is made. The request is sent at once. A stream that breaks off is taken
   * up again behind the last event.
   */
  stream(input: ChatInput, options?: StreamChatOptions): TurnStream
  /** Keeps the session of what is said, from the first message on. Sends nothing by itself. */
  conversation(options?: ConversationOptions): Conversation
  /** A session by its id, to talk in it or to read it. Asks the server nothing by itself. */
  session(sessionId: string): SessionHandle
  readonly sessions: SessionsClient
  /** How the server and its components are doing. An unhealthy server's 503 is an answer, not an error. */
  health(options?: CallOptions): Promise<Health>
  /** What the server is and what it is doing. */
  status(options?: CallOptions): Promise<Status>
}

/** Messages of one session, which is made by the first and kept for the others. */
export interface Conversation {
  /** The session; undefined until the server has answered to the first message. */
  readonly sessionId: string | undefined
  /** As the client's `send`, in this conversation. */
  send(input: SessionChatInput, options?: ChatOptions): Promise<ChatResponse>
  /** As the client's `stream`, in this conversation. */
  stream(input: SessionChatInput, options?: StreamChatOptions): TurnStream
}

/** The sessions of a server. */
export interface SessionsClient {
  /** Makes an empty session. Without `ttl_seconds` it lives as long as the server's default says. */
  create(request?: CreateSessionRequest, options?: CallOptions): Promise<ChatSession>
  /** Reads a session. An unknown, expired or deleted one is a `session_not_found` error, here and below. */
  get(sessionId: string, options?: CallOptions): Promise<ChatSession>
  /** The sessions, the most recently active first: awaited, one page of them; iterated, all. */
  list(options?: ListSessionsOptions): Paged<Session>
}

/** What can be done with a session. */
export interface SessionHandle {
  readonly session_id: string
  /** As the client's `send`, in this session. */
  send(input: SessionChatInput, options?: ChatOptions): Promise<ChatResponse>
  /** As the client's `stream`, in this session. */
  stream(input: SessionChatInput, options?: StreamChatOptions): TurnStream
  /** Its messages, oldest first unless `order` is `desc`: awaited, one page of them; iterated, all. */
  messages(options?: ListMessagesOptions): Paged<Message>
  readonly turns: SessionTurns
  /** Reads it. */
  get(options?: CallOptions): Promise<ChatSession>
  /** Changes it: metadata is merged key by key, and null removes a key. */
  update(change: UpdateSessionRequest, options?: CallOptions): Promise<ChatSession>
  /** Deletes it and everything in it; its running turn is cancelled first. */
  delete(options?: CallOptions): Promise<void>
}

/** A session as it was read, and what can be done with it. Its fields stay as they are; `get` reads them anew. */
export interface ChatSession extends Session, SessionHandle {}

/** The turns of a session. An unknown turn is a `turn_not_found` error, or `session_not_found` when the session is gone. */
export interface SessionTurns {
  /** All of them, oldest first unless `order` is `desc`: awaited, one page; iterated, all. */
  list(options?: ListTurnsOptions): Paged<Turn>
  get(turnId: string, options?: CallOptions): Promise<Turn>
  /**
   * The events of a turn from the first, or `after` one of them, as `stream` yields them: those that are past, then
   * those that come, to the final one. None when the turn ended with the event `after`. Nothing is sent before it is
   * read; each `for await` reads anew.
   */
  events(turnId: string, options?: TurnEventsOptions): AsyncIterable<TurnEvent>
  /**
   * Asks a turn to stop, also one that waits; its final event follows soon. One that has already ended is a
   * `turn_not_cancellable` error.
   */
  cancel(turnId: string, options?: CancelTurnOptions): Promise<Turn>
}
