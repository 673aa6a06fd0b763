import { ColloquyError, type TurnProblem } from '@colloquy/client'
import { ChatError, type ChatErrorCode } from '@colloquy/session'
import { errorCode } from '../error-code.js'
import { statusFailure } from '../status-failure.js'

/** What the codes of a Colloquy server, and of its client, mean here; those that are not here are told by their status. */
const codes: ReadonlyMap<string, ChatErrorCode> = new Map<string, ChatErrorCode>([
  ['not_ready', 'not_ready'],
  ['shutting_down', 'not_ready'],
  ['overloaded', 'rate_limited'],
  ['turn_in_progress', 'rate_limited'],
  ['queue_full', 'rate_limited'],
  ['session_capacity_reached', 'rate_limited'],
  ['chat_timeout', 'timeout'],
  ['request_timeout', 'timeout'],
  ['timeout', 'timeout'],
  ['session_not_found', 'upstream_failed'],
  ['turn_not_found', 'upstream_failed'],
])

/**
 * What went wrong with a request to a remote server. Its texts, and its problem document, which has the text so far, stay out
 * of the error: they may hold a user's words. An error that is not the client's is given back as it is.
 */
export function remoteFailure(who: string, error: unknown): unknown {
  if (!(error instanceof ColloquyError)) return error
  const { code, status, retryAfter, requestId, lastEventId } = error
  if (code === 'unexpected_response' && status >= 300) return statusFailure(who, status, retryAfter)
  if (code === 'network_error') return lost(who, error, lastEventId)
  const marks = [shownCode(code), ...(status === 0 ? [] : [status]), ...shownId(requestId)].join(', ')
  return withTime(
    codes.get(code) ?? (status >= 400 && status < 500 ? 'refused' : 'upstream_failed'),
    `${who} could not be asked: ${marks}.${hints.get(code) ?? ''}`,
    retryAfter,
  )
}

/** What a turn that failed there means here. */
export function turnFailure(who: string, { code, retry_after_seconds }: TurnProblem): ChatError {
  const what = `${who} could not answer: ${shownCode(code)}. Its own log tells why.`
  return withTime(codes.get(code) ?? 'upstream_failed', what, retry_after_seconds)
}

/** A code, which is whatever the server says, as far as it looks like one. */
export function shownCode(code: string): string {
  return /^[a-z][a-z_]{1,63}$/.test(code) ? code : 'an unknown code'
}

const hints: ReadonlyMap<string, string> = new Map([
  ['unauthenticated', ' Give it a key that it knows, in the option "apiKey".'],
  ['unexpected_response', ' Check the option "baseUrl", and any proxy.'],
  ['invalid_response', ' It is no Colloquy server, or one of another version.'],
])

function lost(who: string, error: ColloquyError, lastEventId: number | undefined): ChatError {
  const code = errorCode(error)
  const shown = code === undefined ? '' : ` (${code})`
  const what =
    lastEventId === undefined
      ? `could not be reached, or the connection to it was lost${shown}. Check that it runs, and the option "baseUrl".`
      : `was lost after ${lastEventId} events of the turn, and could not be reached again${shown}.`
  return new ChatError('upstream_failed', `${who} ${what}`)
}

function withTime(code: ChatErrorCode, message: string, seconds: number | undefined): ChatError {
  return new ChatError(code, message, seconds === undefined ? {} : { retryAfterSeconds: seconds })
}

function shownId(id: string | undefined): string[] {
  return id !== undefined && /^[\w.-]{1,128}$/.test(id) ? [id] : []
}
