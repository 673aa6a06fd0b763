import { checkCount } from './check-count.js'
import { keyHeader } from './idempotency-key.js'
import type { ClientOptions } from './options.js'
import { resolveBaseUrl } from './resolve-base-url.js'
import { wait as waitByTimer } from './wait.js'

/** A client's options, checked and with their defaults. */
export interface Connection {
  readonly baseUrl: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly maxEventLength: number
  readonly maxRetries: number
  readonly maxReconnects: number
  readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  readonly random: () => number
}

/** Throws a `TypeError` or `RangeError` for options that cannot work. */
export function toConnection({
  baseUrl,
  // Called as a property of the global object: a browser's fetch refuses any other `this`.
  fetch = (url, init) => globalThis.fetch(url, init),
  headers = {},
  timeoutMs = 300_000,
  maxEventLength = 8_388_608,
  maxRetries = 2,
  maxReconnects = 10,
  wait = waitByTimer,
  random = Math.random,
}: ClientOptions): Connection {
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs has to be above 0; got ${timeoutMs}`)
  if (!(maxEventLength > 0)) throw new RangeError(`maxEventLength has to be above 0; got ${maxEventLength}`)
  checkCount('maxRetries', maxRetries)
  checkCount('maxReconnects', maxReconnects)
  if (Object.keys(headers).some((name) => name.toLowerCase() === keyHeader)) {
    throw new TypeError(
      'headers must not have an Idempotency-Key, which names one chat; give it to the chat as idempotencyKey',
    )
  }
  return {
    baseUrl: resolveBaseUrl(baseUrl),
    fetch,
    headers,
    timeoutMs,
    maxEventLength,
    maxRetries,
    maxReconnects,
    wait,
    random,
  }
}
