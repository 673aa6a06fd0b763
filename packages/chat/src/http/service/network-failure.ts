import { ChatError } from '@colloquy/session'
import { errorCode } from '../error-code.js'

const late: ReadonlySet<string | undefined> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** What went wrong on the way to a service, or back; of the error itself, no more than its code is told. */
export function networkFailure(who: string, error: unknown): ChatError {
  const code = errorCode(error)
  const shown = code === undefined ? '' : ` (${code})`
  return late.has(code)
    ? new ChatError('timeout', `${who} took too long${shown}.`)
    : new ChatError(
        'upstream_failed',
        `${who} could not be reached, or the connection to it was lost${shown}.`,
      )
}
