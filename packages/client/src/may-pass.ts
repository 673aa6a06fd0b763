import { ColloquyError } from './colloquy-error.js'

/** Statuses of servers and of the proxies before them that are soon another one. */
const passing: ReadonlySet<number> = new Set([408, 429, 502, 503, 504])

/** A server that asks for a longer wait than this, in seconds, is not waited for. */
const longestRetryAfterSeconds = 60

/** Whether trying the same again may help. */
export function mayPass(error: unknown): error is ColloquyError {
  if (!(error instanceof ColloquyError)) return false
  if ((error.retryAfterSeconds ?? 0) > longestRetryAfterSeconds) return false
  return error.code === 'network_error' || passing.has(error.status)
}
