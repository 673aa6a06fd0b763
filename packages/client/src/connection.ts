import type { Call } from './call.js'
import { fault } from './fault.js'
import { type Interruption, startInterruption } from './interruption.js'
import type { ClientOptions, RequestOptions } from './options.js'
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

/** Refuses what is no number of attempts. */
export function checkCount(name: string, value: number): void {
  if (value === Infinity || (Number.isSafeInteger(value) && value >= 0)) return
  throw new RangeError(`${name} has to be a whole number from 0, or Infinity; got ${value}`)
}

/** The reasons to stop a call: its caller's signal, and its time-out or the client's. */
export function interruptionOf(connection: Connection, call: Call, options: RequestOptions): Interruption {
  const { signal, timeoutMs = connection.timeoutMs } = options
  return startInterruption(signal, timeoutMs, () =>
    fault(call, undefined, 'timeout', `The server did not answer within ${timeoutMs} ms.`),
  )
}
