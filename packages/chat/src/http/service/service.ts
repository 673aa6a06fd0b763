import type { Clock } from '@colloquy/session'

/** A service that is asked, with all that is needed to ask it. */
export interface Service {
  readonly url: string
  /** The service, in the words of an error: its origin is told, and nothing else of its URL, which may hold a secret. */
  readonly who: string
  /** Without those that every request has. */
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly maxAnswerBytes: number
  readonly timeoutMs: number
  readonly clock: Clock
}
