import { ColloquyError } from '@colloquy/client'
import { printable } from '../output/printable.js'

/**
 * What to tell about an error of the client, and what to do, at the prompt or with another command line; undefined for
 * an error of any other kind.
 */
export function explainChatError(
  error: unknown,
  url: string,
  { atPrompt = false }: { readonly atPrompt?: boolean } = {},
): string | undefined {
  return error instanceof ColloquyError ? printable(explain(error, url, atPrompt)) : undefined
}

function explain(error: ColloquyError, url: string, atPrompt: boolean): string {
  const code: string = error.code // a newer server may have others
  switch (code) {
    case 'network_error':
      return explainNetworkError(error, url)
    case 'timeout':
      return `The server at ${url} did not answer in time.`
    case 'unexpected_response':
    case 'invalid_response':
      return `${error.detail} Is there a Colloquy server at ${url}?`
    case 'session_not_found':
      return `There is no such session; it may have expired. ${atPrompt ? 'Type /new to begin a new session' : 'Leave out --session to begin a new one'}.`
    case 'turn_in_progress':
      return `The session is still answering an earlier message. Wait for it, or ${atPrompt ? 'type /new to begin a new session' : 'leave out --session to begin a new one'}.`
    case 'unauthenticated':
    case 'forbidden':
      return `${error.detail} The variable COLLOQUY_API_KEY holds the key that is sent.`
    case 'validation_failed':
      return error.errors.map(({ path, message }) => `${path.replace(/^\//, '')}: ${message}`).join('\n')
    default: {
      const { retryAfter: seconds } = error
      return seconds === undefined ? error.detail : `${error.detail} Try again in ${seconds} s.`
    }
  }
}

function explainNetworkError(error: ColloquyError, url: string): string {
  const code = codeOf(error.cause) ?? ''
  switch (code) {
    case 'ECONNREFUSED':
      return `No server answers at ${url}. Start one with: colloquy serve`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of ${url} is not known. Choose a server with --url or COLLOQUY_URL.`
    default:
      return `${error.detail} (${url}${code === '' ? '' : `, ${code}`})`
  }
}

/** The system's code: `fetch` puts it one or two causes deep. */
function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return codeOf(cause.cause)
}
