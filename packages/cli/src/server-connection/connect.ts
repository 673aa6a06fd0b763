import { type Client, type ClientOptions, createClient } from '@colloquy/client'
import { usageError } from '../command-error.js'
import type { Environment } from '../main-options.js'

/** A client, and where its server is. */
export interface ServerConnection {
  readonly client: Client
  readonly url: string
  /** What every request says of its caller: the key, if there is one. */
  readonly headers: Readonly<Record<string, string>>
  /** How long an answer may take, in milliseconds; undefined for as long as the client waits. */
  readonly timeoutMs: number | undefined
}

/** The flags of every command that talks to a server. */
export interface ServerFlags {
  readonly url?: string | undefined
  /** Seconds, as they were typed. */
  readonly timeout?: string | undefined
}

const defaultUrl = 'http://localhost:8000'

/**
 * Makes a client of the server that the flag, `COLLOQUY_URL` or else the default names, with the key of
 * `COLLOQUY_API_KEY` if there is one. An address that begins with a host is one of http: `localhost:8003`.
 *
 * @param options how it asks. Default: as a client does
 * @throws CommandError with every fault
 */
export function connect(
  flag: string | undefined,
  env: Environment,
  options: Pick<ClientOptions, 'timeout' | 'maxRetries'> = {},
): ServerConnection {
  const typed = flag ?? (env['COLLOQUY_URL'] || defaultUrl)
  const url = hasNoScheme(typed) ? `http://${typed}` : typed
  const key = env['COLLOQUY_API_KEY'] ?? ''
  const faults = [
    ...(isServerUrl(url) ? [] : [urlFault(typed, flag === undefined ? 'COLLOQUY_URL=' : '--url ')]),
    // What it is must not be shown: it is a secret.
    ...(/^[!-~]*$/.test(key) ? [] : ['COLLOQUY_API_KEY: has characters that no key has, such as spaces']),
  ]
  if (faults.length > 0) throw usageError(faults.join('\n'))
  const headers: Record<string, string> = key === '' ? {} : { Authorization: `Bearer ${key}` }
  return {
    client: createClient({ baseUrl: url, headers, ...options }),
    url: url.replace(/\/+$/, ''),
    headers,
    timeoutMs: options.timeout,
  }
}

/** Tells `localhost:8003/bots` from `http://localhost:8003/bots`. To URLs, the first one has the scheme "localhost". */
function hasNoScheme(text: string): boolean {
  return /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:\/|$)/i.test(text)
}

function isServerUrl(url: string): boolean {
  try {
    createClient({ baseUrl: url })
    return true
  } catch {
    return false
  }
}

function urlFault(url: string, typed: string): string {
  const name = typed.replace(/[ =]$/, '')
  // A URL may hold a password.
  const shown = url.includes('@') ? 'it' : JSON.stringify(url)
  return `${name}: ${shown} is not an http or https URL without user name, query and fragment. Example: ${typed}${defaultUrl}`
}
