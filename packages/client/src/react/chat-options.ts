import type { Client } from '../client.js'
import type { CreateSessionRequest, TurnEvent } from '../contract-types.js'
import type { ClientOptions, SessionChatInput } from '../options.js'
import type { ChatActions, ChatMessage, ChatState } from './chat.js'
import type { FinalTurnEvent } from './take-event.js'

/** Where the id of the session is kept over a reload: a part of the web's `Storage`. It may throw. */
export interface ChatStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** A message to be shown from the start. */
export type InitialMessage = Pick<ChatMessage, 'role' | 'content'> & Partial<ChatMessage>

/** The end of a turn that was followed. */
export interface ChatEnd {
  /** The answer, complete or partial; undefined when the turn ended without one. */
  readonly message: ChatMessage | undefined
  /** The turn's final event: `turn.completed` has what it cost, the others why there is no more. */
  readonly event: FinalTurnEvent
}

/** What `createChat` takes; `chat`, `metadata` and `ttl_seconds` are for the session that the first message makes. */
export interface CreateChatOptions extends CreateSessionRequest {
  /**
   * The session to go on in. One that is gone is an error then. Default: the one that is kept in `storage`, or a new one.
   */
  readonly sessionId?: string | undefined
  /** What the session's id is kept by in `storage`. Default: `colloquy:` and the name of the `chat`. */
  readonly storageKey?: string | undefined
  /** Keeps the session's id; null keeps it nowhere. Default: the page's `sessionStorage`. */
  readonly storage?: ChatStorage | null | undefined
  /** How many of the session's latest messages are read: 1 to 200. Default: 200. */
  readonly history?: number | undefined
  /** Shown before the session's messages, and never sent; left out are those that the session has, by their `id`. Default: none. */
  readonly initialMessages?: readonly InitialMessage[] | undefined
  /** What happens with a message to a busy session, unless `send` says it. Default: what the server is configured for. */
  readonly on_busy?: Exclude<SessionChatInput, string>['on_busy']
  /** Gets every event of every turn that is followed: also those named `data`, which messages don't have. */
  readonly onEvent?: ((event: TurnEvent) => void) | undefined
  /** Gets each turn that is followed when it has ended. */
  readonly onFinish?: ((end: ChatEnd) => void) | undefined
  /** Gets what the state's `error` becomes. */
  readonly onError?: ((error: Error) => void) | undefined
  /**
   * Gets the id of a session that was kept, and is gone: expired, deleted, or unknown to this server. The chat goes on in
   * a new one, and what is already shown stays. That is all: it is no error.
   */
  readonly onSessionLost?: ((sessionId: string) => void) | undefined
}

/** What `useChat` takes in place of a chat: a client, or what `createClient` takes, and what `createChat` takes. */
export type UseChatOptions = CreateChatOptions &
  (
    | ({ readonly client: Client } & { readonly [Option in keyof ClientOptions]?: never })
    | (ClientOptions & { readonly client?: never })
  )

/** What `useChat` gives: the chat as it is, and what can be done in it. The functions stay the same. */
export interface UseChat extends ChatState, ChatActions {}
