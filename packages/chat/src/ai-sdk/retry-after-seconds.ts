import { retryAfter, wholeSeconds } from '../retry-after.js'
import type { FailureFacts } from './failure-facts.js'

/**
 * When the provider wants to be asked again, in whole seconds from now: by `retry-after-ms`, as OpenAI sends it, by
 * `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), or by Google's `retryDelay`. Undefined when it does
 * not say. A day at most: no wait that is longer helps anybody.
 *
 * @param now in milliseconds since 1970
 */
export function retryAfterSeconds({ headers, saying }: FailureFacts, now: number): number | undefined {
  const inMs = number(headers['retry-after-ms'])
  if (inMs !== undefined) return wholeSeconds(inMs / 1000)
  const after = headers['retry-after']
  const told = retryAfter(typeof after === 'string' ? after : null, now)
  if (told !== undefined) return told
  const [, delay] = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(saying) ?? []
  return delay === undefined ? undefined : wholeSeconds(Number(delay))
}

function number(header: unknown): number | undefined {
  return typeof header === 'string' && /^\d+(?:\.\d+)?$/.test(header.trim()) ? Number(header) : undefined
}
