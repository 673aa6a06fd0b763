import type { ChatRequest, CreateSessionRequest } from './contract-types.js'

/** What `createClient` takes. */
export interface ClientOptions {
  /**
   * Where the server is, such as `http://localhost:8000` or `https://example.com/chat`; a trailing slash changes
   * nothing. In a browser it may be relative to the page.
   */
  readonly baseUrl: string | URL
  /** Makes the requests. It has to honour `init.signal`. Default: the global `fetch`, looked up at each request. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** A key of the server, sent as `Authorization: Bearer …`; never shown. Keep it out of pages that others see. Default: none. */
  readonly apiKey?: string | undefined
  /** Sent with every request. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * How long to wait for a JSON answer, or for a stream to begin, over all attempts, in milliseconds; `Infinity` waits for
   * ever. A stream that has begun is never cut; when it breaks off, each attempt to take it up again may take as long.
   * Default: 300,000 (after which Node's own `fetch` gives up).
   */
  readonly timeout?: number | undefined
  /**
   * How long a stream may be silent, in milliseconds: without a byte, not even a keep-alive, for so long, its connection
   * counts as lost. Default: 45,000; a server sends a keep-alive every 15 s, unless it is configured otherwise.
   */
  readonly idleTimeout?: number | undefined
  /** How long one event of a stream may be, in UTF-16 code units. Default: 8,388,608. */
  readonly maxEventLength?: number | undefined
  /**
   * How often a call that got no answer, or one of a passing trouble (408, 429, 502, 503, 504), is made again. A chat has
   * a key, by which it is answered once. Default: 2.
   */
  readonly maxRetries?: number | undefined
  /**
   * How often in a row a stream that broke off is taken up again without another event coming; `Infinity` never gives
   * up. Default: 10, with some three minutes of waiting between them.
   */
  readonly maxReconnects?: number | undefined
  /**
   * Waits between two attempts: for so many milliseconds, or until the signal is aborted. Default: a timer.
   */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
  /** A number from 0 to 1, to spread the attempts of many clients by. Default: `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** What every call takes. */
export interface RequestOptions {
  /** Stops the call, or the stream at any point; it then fails with an `AbortError`. */
  readonly signal?: AbortSignal | undefined
  /** Sent with this request; they win over the client's of the same name. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** As in `ClientOptions`, for this call. */
  readonly timeout?: number | undefined
}

/** What a call that is answered with JSON takes. */
export interface CallOptions extends RequestOptions {
  /** As in `ClientOptions`, for this call. */
  readonly maxRetries?: number | undefined
}

/** What a chat takes. */
export interface ChatOptions extends CallOptions {
  /**
   * What the request is known by: 1 to 255 visible ASCII characters. Sent again with the same key, while the session of its
   * turn lives and within a day, it gets the same turn, and the chat interface is not asked twice.
   * Default: a new random key.
   */
  readonly idempotencyKey?: string | undefined
}

/** What a chat that streams takes. */
export interface StreamChatOptions extends ChatOptions {
  /** As in `ClientOptions`, for this stream. */
  readonly maxReconnects?: number | undefined
}

/** Names a turn; so does everything that has these fields: a turn, an answer, the data of `turn.started`. */
export interface TurnRef {
  readonly session_id: string
  readonly turn_id: string
}

/** Which events of a turn to read. */
export interface TurnEventsOptions extends RequestOptions {
  /** The `seq` of the last event that was seen: those after it follow. Default: 0, all of them. */
  readonly after?: number | undefined
  /** As in `ClientOptions`, for this stream; and how often it is asked for again when it does not begin. */
  readonly maxReconnects?: number | undefined
}

/** How to stop a turn. */
export interface CancelTurnOptions extends CallOptions {
  /**
   * For whoever reads the turn: up to 200 characters, and none of the reasons that the server gives itself, such as
   * `superseded`. Default: `client_request`.
   */
  readonly reason?: string | undefined
}

/** Which sessions to list. */
export interface ListSessionsOptions extends CallOptions {
  /** How many on a page at most: 1 to 200. Default: 50. */
  readonly limit?: number | undefined
  /** The `next_cursor` of the page before. Default: the first page. */
  readonly cursor?: string | undefined
}

/** Which messages of a session to list. */
export interface ListMessagesOptions extends ListSessionsOptions {
  /** `asc` is oldest first. Default: `asc`. */
  readonly order?: 'asc' | 'desc' | undefined
}

/** Which turns of a session to list. */
export interface ListTurnsOptions extends ListMessagesOptions {}

/** What to say: a message, or a whole chat request. Whether it streams is decided by the method that takes it. */
export type ChatInput = string | Omit<ChatRequest, 'stream'>

/** What to say in a session. */
export type SessionChatInput = string | Omit<ChatRequest, 'stream' | 'session_id' | 'chat'>

/** Where a conversation goes on, or how its session is made. */
export interface ConversationOptions extends CreateSessionRequest {
  /** The session to go on in. Default: a new one, which the first message makes. */
  readonly session_id?: string
}
