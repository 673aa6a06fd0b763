import { ColloquyError } from '@colloquy/client'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { printable } from '../output/printable.js'
import { shown } from '../output/shown.js'
import { explainNetworkError } from './explain-network-error.js'

/** What a call was about, as far as its error has to tell. */
export interface CallFacts {
  readonly url: string
  /** Whether a key was sent. */
  readonly sentKey: boolean
  /** The session that was asked for. Default: none. */
  readonly sessionId?: string | undefined
  /** The flag that would give the call more time. Default: there is none. */
  readonly timeoutFlag?: string
}

/** What to tell about an error of the client, and what to do; undefined for an error of any other kind. */
export function explainServerError(error: unknown, facts: CallFacts): string | undefined {
  return error instanceof ColloquyError ? printable(explain(error, facts)) : undefined
}

/** How a command ends that an error of the client has ended. */
export function exitCodeOf(error: ColloquyError): ExitCode {
  const code: string = error.code
  switch (code) {
    case 'session_not_found':
    case 'turn_not_found':
      return exitCodes.notFound
    case 'unauthenticated':
    case 'forbidden':
      return exitCodes.notAuthenticated
    case 'network_error':
    case 'timeout':
    case 'unexpected_response':
    case 'invalid_response':
    case 'not_found':
      return exitCodes.unreachable
    default:
      return exitCodes.failed
  }
}

function explain(error: ColloquyError, facts: CallFacts): string {
  const { url, sessionId, timeoutFlag } = facts
  const code: string = error.code // a newer server may have others
  switch (code) {
    case 'network_error':
      return explainNetworkError(error.cause, error.detail, url)
    case 'timeout': {
      const longer = timeoutFlag === undefined ? '' : ` Give it longer with ${timeoutFlag}.`
      return `The server at ${url} did not answer in time.${longer}`
    }
    case 'unexpected_response':
      return `${strangeAnswer(error)} Is there a Colloquy server at ${url}?`
    case 'invalid_response':
    case 'not_found':
      return `${error.detail} Is there a Colloquy server at ${url}?`
    case 'session_not_found':
      return `There is no session ${sessionId === undefined ? 'of this id' : shown(sessionId)} at ${url}; it may have expired, or belong to another key. Those there are: colloquy sessions list`
    case 'unauthenticated':
      return `${error.detail} ${keyHint(facts)}`
    case 'forbidden':
      return `${error.detail} Ask it by a name that it knows, or start it with --allowed-host and this one.`
    case 'validation_failed':
      return error.errors.map(({ path, message }) => `${path.replace(/^\//, '')}: ${message}`).join('\n')
    default: {
      const { retryAfter: seconds } = error
      return seconds === undefined ? error.detail : `${error.detail} Try again in ${seconds} s.`
    }
  }
}

/** What the client says of it is for programs. */
function strangeAnswer({ status }: ColloquyError): string {
  const which = status === undefined ? 'The answer' : `The answer, ${status},`
  const isOfProxy = status !== undefined && status >= 502 && status <= 504
  return `${which} is that of ${isOfProxy ? 'a proxy that reaches no server' : 'another program'}.`
}

function keyHint({ sentKey, url }: CallFacts): string {
  return sentKey
    ? `The key in COLLOQUY_API_KEY is none of those that ${url} knows.`
    : 'None was sent: put yours into the variable COLLOQUY_API_KEY.'
}
