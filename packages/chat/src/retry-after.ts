/** The longest wait that is passed on, in seconds: a day. */
const longestRetryAfter = 86_400

/** How long to wait, as it is passed on: in whole seconds, as `Retry-After` has it, and a day at most. */
export function wholeSeconds(seconds: number): number {
  return Math.min(Math.ceil(seconds), longestRetryAfter)
}

/** An obsolete form of a date that RFC 9110 wants to be read, too: `Sun Nov  6 08:49:37 1994`, in UTC. */
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/
const dated = /^[A-Z][a-z]{2,8}, .* GMT$/

/**
 * How long to wait by a `Retry-After`, in seconds, and a day at most: a number of them, or a date (RFC 9110, sections 10.2.3
 * and 5.6.7). Undefined without one, and for one that is neither.
 *
 * @param now in milliseconds since 1970
 */
export function retryAfter(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? ''
  // Some services have fractions of a second, which the RFC does not.
  if (/^\d+(?:\.\d+)?$/.test(text)) return wholeSeconds(Number(text))
  const date = dated.test(text) ? text : asctime.test(text) ? `${text} GMT` : ''
  const at = Date.parse(date)
  return Number.isNaN(at) ? undefined : wholeSeconds(Math.max(0, (at - now) / 1000))
}
