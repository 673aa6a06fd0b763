import { ChatError } from '@colloquy/session'

/** What a status says that is no success (RFC 9110, section 15), about whoever answered with it. */
export function statusFailure(who: string, status: number, retryAfterSeconds: number | undefined): ChatError {
  const answered = `${who} answered ${status}`
  // A fetch may hide what a redirect says, and give it the status 0 (Fetch Standard, opaque-redirect filtered response).
  if (status === 0 || (status >= 300 && status < 400)) {
    const way = status === 0 ? `${who} answered with a redirect` : answered
    return new ChatError(
      'upstream_failed',
      `${way}. Redirects are not followed: give the URL where it leads.`,
    )
  }
  switch (status) {
    case 408:
    case 504:
      return new ChatError('timeout', `${answered}: it, or something behind it, took too long.`)
    case 429:
    case 503:
      return new ChatError(
        'rate_limited',
        `${answered}: it wants fewer requests.`,
        retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
      )
    case 401:
    case 403:
      return new ChatError('refused', `${answered}. Check the credentials that are sent to it.`)
  }
  return status >= 400 && status < 500
    ? new ChatError('refused', `${answered}. Check its URL, and that it takes this request.`)
    : new ChatError('upstream_failed', `${answered}. Its own log tells why.`)
}
