/**
 * What travels over the wire, as plain types: no import, no dependency, so that a client's declarations need nothing
 * but TypeScript. The zod schemas of this package are held to them by a type test.
 */

/** A value that JSON can carry. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/** A flat object of strings: at most 16 pairs, keys of 1 to 64 characters, values of up to 512. */
export type Metadata = Readonly<Record<string, string>>

/** The body of `POST /api/v1/chat`. */
export interface ChatRequest {
  /** The user's message: 1 to 32,000 characters (Unicode code points) unless the server is configured otherwise. */
  readonly message: string
  /** The session that the message belongs to. Left out, a session is created. */
  readonly session_id?: string
  /**
   * Of a message that creates a session: which of the server's chats answers in it, by its name; any other is
   * `validation_failed`, as any is with a `session_id`. Default: the first of them.
   */
  readonly chat?: string
  /** True streams the turn's events. Left out, `Accept: text/event-stream` decides. */
  readonly stream?: boolean
  /** Kept on the turn. */
  readonly metadata?: Metadata
  /**
   * What happens when the session has a turn that runs or waits: the message is refused (`reject`), waits for those
   * before it (`queue`), or takes the place of the one that runs (`interrupt`). Left out, the server's setting decides.
   */
  readonly on_busy?: 'reject' | 'queue' | 'interrupt'
  /**
   * What happens when the turn's last reader has gone and none comes back in time: it goes on (`continue`, the default), or
   * is cancelled with the reason `client_disconnected`.
   */
  readonly on_disconnect?: 'continue' | 'cancel'
}

/** A function that was called while an answer was made: with its result, or its error, or neither when it never returned. */
export interface FunctionCall {
  readonly call_id: string
  readonly name: string
  readonly arguments: JsonValue
  readonly result?: JsonValue
  readonly error?: string
}

/** Why an answer ended. */
export type FinishReason = 'stop' | 'length' | 'content_filter' | 'other'

/** What an answer cost, in the chat interface's own tokens. */
export interface Usage {
  readonly input_tokens: number
  readonly output_tokens: number
}

/** The answer to a chat request, as JSON and as the data of `turn.completed`. */
export interface ChatResponse {
  readonly session_id: string
  readonly turn_id: string
  /** The assistant's message. */
  readonly message_id: string
  readonly content: string
  readonly functions_called: readonly FunctionCall[]
  readonly finish_reason: FinishReason
  readonly usage: Usage | null
  /** From the acceptance of the message to the end of the turn, in milliseconds. */
  readonly duration_ms: number
  /** When the turn ended (RFC 3339, UTC, with milliseconds). */
  readonly timestamp: string
}

/** The body of `POST /api/v1/sessions`. */
export interface CreateSessionRequest {
  readonly metadata?: Metadata
  /** How long the session lives after its last turn, in seconds: 1 to 2,592,000. Default: the server's. */
  readonly ttl_seconds?: number
  /** Which of the server's chats answers in it, by its name; any other is `validation_failed`. Default: the first of them. */
  readonly chat?: string
}

/** The body of `PATCH /api/v1/sessions/{session_id}`; what is left out stays as it is. */
export interface UpdateSessionRequest {
  /** Merged key by key; null removes a key. */
  readonly metadata?: Readonly<Record<string, string | null>>
  /** How long the session lives after its last activity, in seconds: 1 to 2,592,000. */
  readonly ttl_seconds?: number
}

/** One conversation. */
export interface Session {
  readonly session_id: string
  /** RFC 3339, UTC, with milliseconds; so are all times. */
  readonly created_at: string
  readonly last_active_at: string
  /** Null while a turn runs or waits. */
  readonly expires_at: string | null
  readonly ttl_seconds: number
  readonly message_count: number
  /** The running turn, if there is one. */
  readonly active_turn_id: string | null
  readonly metadata: Metadata
  /** Which of the server's chats answers in it; null where there was no choice. */
  readonly chat: string | null
}

/** One finished utterance in a session. */
export interface Message {
  readonly message_id: string
  readonly turn_id: string
  readonly role: 'user' | 'assistant'
  readonly content: string
  readonly functions_called?: readonly FunctionCall[]
  /** `partial` when its turn ended before the message was whole. */
  readonly status: 'complete' | 'partial'
  readonly created_at: string
}

/** Where a turn stands: it waits, it runs, or it has ended in one of four ways. */
export type TurnStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'interrupted'

/** One user message and the attempt to answer it. */
export interface Turn {
  readonly turn_id: string
  readonly session_id: string
  readonly status: TurnStatus
  /** When its message was accepted. */
  readonly created_at: string
  /** When it began to run; null when it has not, or ended before it could. */
  readonly started_at: string | null
  /** Null while it runs or waits. */
  readonly ended_at: string | null
  /** The text so far. */
  readonly content: string
  /** The functions that were called so far. */
  readonly functions_called: readonly FunctionCall[]
  /** Null unless it has completed. */
  readonly finish_reason: FinishReason | null
  /** Null unless it has completed, and the chat interface says what it cost. */
  readonly usage: Usage | null
  /** Why it failed; null when it has not. */
  readonly error: TurnProblem | null
  readonly metadata: Metadata
}

/** The body of `POST …/turns/{turn_id}/cancel`. */
export interface CancelTurnRequest {
  /**
   * Up to 200 characters, for whoever reads the turn. Left out or empty: `client_request`. Refused are the reasons that the
   * server gives itself: `client_disconnected`, `superseded`, `session_deleted`, `shutdown`, `restart`, `lease_expired`.
   */
  readonly reason?: string
}

/** A page of a list. */
export interface Page<Item> {
  readonly data: readonly Item[]
  /** Leads to the next page as `?cursor=`; null on the last. */
  readonly next_cursor: string | null
}

/** A page of sessions, the most recently active first. */
export type SessionPage = Page<Session>

/** A page of a session's messages. */
export type MessagePage = Page<Message>

/** A page of a session's turns. */
export type TurnPage = Page<Turn>

/** How something is doing. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'

/** How one component is doing. */
export interface ComponentHealth {
  readonly status: HealthStatus
  readonly detail?: string
  readonly latency_ms: number
}

/** The answer of `GET /health`: as well as the worst component. */
export interface Health {
  readonly status: HealthStatus
  readonly components: Readonly<Record<string, ComponentHealth>>
  readonly timestamp: string
}

/** The answer of `GET /health/live`. */
export interface Liveness {
  readonly status: 'live'
}

/** The answer of `GET /health/ready`. */
export interface Readiness {
  readonly status: 'ready'
}

/** A function that a chat interface can call. */
export interface AvailableFunction {
  readonly name: string
  readonly description: string
}

/** What answers: the chat interface of a server, or one of several between which sessions choose. */
export interface ChatDescription {
  readonly name: string
  readonly available_functions: readonly AvailableFunction[]
}

/** The answer of `GET /api/v1/status`. */
export interface Status {
  readonly name: string
  readonly version: string
  /** Whether chats are answered: started, and not shutting down. */
  readonly ready: boolean
  readonly uptime_seconds: number
  readonly chat: ChatDescription
  /** Where there are several between which sessions choose: these, the first one for those that choose none. */
  readonly chats: readonly ChatDescription[]
  /** Null while nobody can tell: until the store has been started, and when it has been closed. */
  readonly session_count: number | null
  readonly turns: { readonly running: number; readonly queued: number }
  readonly components: Readonly<Record<string, ComponentHealth>>
  readonly store: { readonly kind: string }
  readonly process: { readonly memory_rss_bytes: number; readonly node_version: string; readonly pid: number }
}

/** What a problem is about; each has one HTTP status. */
export type ProblemCode =
  | 'malformed_json'
  | 'invalid_header'
  | 'invalid_cursor'
  | 'bad_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'session_not_found'
  | 'turn_not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'turn_in_progress'
  | 'queue_full'
  | 'turn_not_cancellable'
  | 'idempotency_key_reused'
  | 'turn_cancelled'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'validation_failed'
  | 'headers_too_large'
  | 'internal_error'
  | 'chat_failed'
  | 'output_too_large'
  | 'turn_interrupted'
  | 'upstream_failed'
  | 'not_ready'
  | 'shutting_down'
  | 'overloaded'
  | 'session_capacity_reached'
  | 'store_unavailable'
  | 'chat_timeout'

/** One fault of a request. */
export interface ProblemError {
  readonly in: 'body' | 'query' | 'path' | 'header'
  /** A JSON Pointer (RFC 6901) to the fault; for a query or header, to the parameter. */
  readonly path: string
  readonly message: string
}

/** An error, as `application/problem+json` (RFC 9457). */
export interface Problem {
  /** `urn:colloquy:problem:` and the code. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ProblemCode
  /** The id of the request, also in its response headers and log lines. */
  readonly request_id: string
  /** Every fault of the request. */
  readonly errors?: readonly ProblemError[]
  readonly retry_after_seconds?: number
  /** For a problem about a session, or a turn. */
  readonly session_id?: string
  /** For a problem about a turn. */
  readonly turn_id?: string
  /** The text before the turn ended, for a problem about a turn. */
  readonly content?: string
}

/** The problem in a `turn.failed` event: what the JSON form would have answered with, without the request id. */
export type TurnProblem = Omit<Problem, 'request_id'> & { readonly content: string }

/** A server-sent event of a turn: its number (`id:`), its type (`event:`) and its data. */
export type TurnEvent =
  | { readonly seq: number; readonly type: 'turn.queued'; readonly data: { readonly position: number } }
  | {
      readonly seq: number
      readonly type: 'turn.started'
      readonly data: { readonly session_id: string; readonly turn_id: string }
    }
  | { readonly seq: number; readonly type: 'text.delta'; readonly data: { readonly text: string } }
  | {
      readonly seq: number
      readonly type: 'function.called'
      readonly data: { readonly call_id: string; readonly name: string; readonly arguments: JsonValue }
    }
  | {
      readonly seq: number
      readonly type: 'function.returned'
      readonly data: {
        readonly call_id: string
        readonly name: string
        readonly result?: JsonValue
        readonly error?: string
      }
    }
  | {
      readonly seq: number
      readonly type: 'data'
      readonly data: { readonly name: string; readonly data: JsonValue }
    }
  | { readonly seq: number; readonly type: 'turn.completed'; readonly data: ChatResponse }
  | { readonly seq: number; readonly type: 'turn.failed'; readonly data: TurnProblem }
  | {
      readonly seq: number
      readonly type: 'turn.cancelled'
      readonly data: { readonly reason: string; readonly content: string }
    }
  | {
      readonly seq: number
      readonly type: 'turn.interrupted'
      readonly data: { readonly reason: string; readonly content: string }
    }
