import type { ChatRequest } from './contract-types.js'

/** What `createClient` takes. */
export interface ClientOptions {
  /**
   * Where the server is, such as `http://localhost:8000` or `https://example.com/chat`; a trailing slash changes
   * nothing. In a browser it may be relative to the page.
   */
  readonly baseUrl: string | URL
  /** Makes the requests. It has to honour `init.signal`. Default: the global `fetch`, looked up at each request. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Sent with every request, such as `{ Authorization: 'Bearer …' }`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * How long to wait for a JSON answer, or for a stream to begin, in milliseconds; `Infinity` waits for ever.
   * A stream that has begun is never cut. Default: 300,000 (after which Node's own `fetch` gives up).
   */
  readonly timeoutMs?: number | undefined
  /** How long one event of a stream may be, in UTF-16 code units. Default: 8,388,608. */
  readonly maxEventLength?: number | undefined
}

/** What every call takes. */
export interface RequestOptions {
  /** Stops the call, or the stream at any point; the call then fails with the signal's own reason. */
  readonly signal?: AbortSignal | undefined
  /** Sent with this request; they win over the client's of the same name. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** As in `ClientOptions`, for this call. */
  readonly timeoutMs?: number | undefined
}

/** Which sessions to list. */
export interface ListSessionsOptions extends RequestOptions {
  /** How many at most: 1 to 200. Default: 50. */
  readonly limit?: number | undefined
  /** The `next_cursor` of the page before. Default: the first page. */
  readonly cursor?: string | undefined
}

/** Which messages of a session to list. */
export interface ListMessagesOptions extends ListSessionsOptions {
  /** `asc` is oldest first. Default: `asc`. */
  readonly order?: 'asc' | 'desc' | undefined
}

/** What to say: a message, or a whole chat request. Whether it streams is decided by the method that takes it. */
export type ChatInput = string | Omit<ChatRequest, 'stream'>
