import { type ClientOptions, createClient } from '@colloquy/client'
import { type ChatInterface, type Clock, type FunctionDefinition, systemClock } from '@colloquy/session'
import { checkHeaders } from './check-headers.js'
import { askRemote } from './colloquy/ask-remote.js'
import { checkRemote } from './colloquy/check-remote.js'
import { readFunctions } from './colloquy/read-functions.js'
import type { Remote } from './colloquy/remote.js'
import { createReplies } from './replies.js'

/** A start waits no longer than this for the remote server, in milliseconds: one that is given up is not stopped any more. */
const longestStartMs = 10_000

/**
 * What {@link fromColloquy} takes. `baseUrl`, `timeout`, `maxEventLength`, `maxRetries`, `maxReconnects`, `wait` and `random` are
 * those of the client, `@colloquy/client`, with its defaults.
 */
export interface ColloquyBackendOptions
  extends Pick<
    ClientOptions,
    'baseUrl' | 'fetch' | 'timeout' | 'maxEventLength' | 'maxRetries' | 'maxReconnects' | 'wait' | 'random'
  > {
  /**
   * A key of the remote server, sent as `Authorization: Bearer …`, in place of what `headers` say there; never shown.
   * Default: none.
   */
  readonly apiKey?: string | undefined
  /** Sent with every request; never shown. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** What answers, for logs and status pages. Default: `colloquy`. */
  readonly name?: string | undefined
  /** Which of the remote server's chats answers, where it has several; one that is not there fails `start`. Default: the first. */
  readonly chat?: string | undefined
  /**
   * How long a remote session lives after its last turn, in seconds: as long as the sessions here, or longer, else it is
   * forgotten before them. Default: the remote server's.
   */
  readonly ttlSeconds?: number | undefined
  /** Default: the machine's clock. */
  readonly clock?: Clock | undefined
}

/**
 * A chat interface that is another Colloquy server, streaming through. Each session here has one there, whose id it keeps as
 * its state; one that is gone is made anew, once for a turn, and a data chunk `session.renewed` says so, with the first chunk of
 * the answer. A turn that is stopped here is cancelled there. A turn is asked under its own id, so asking it again never makes
 * the remote server answer twice.
 *
 * `start` asks for the functions of the remote chat, and fails where the server can't be reached, takes longer than 10 seconds,
 * refuses the key, or has no such `chat`; whether it is ready is told by `health`.
 *
 * @throws TypeError for a URL, a key or headers that can't be used, RangeError for numbers that can't
 */
export function fromColloquy({
  apiKey,
  headers: given = {},
  name = 'colloquy',
  fetch = (url, init) => globalThis.fetch(url, init),
  chat,
  ttlSeconds,
  clock = systemClock,
  ...rest
}: ColloquyBackendOptions): ChatInterface {
  checkHeaders(given)
  const key: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  checkHeaders(key)
  // In one spelling: of a name in two, both would be sent.
  const headers = { ...Object.fromEntries(new Headers(given)), ...key }
  const client = createClient({
    ...rest,
    headers,
    // Followed, a redirect would send the headers, with their secrets, to wherever the answer says.
    fetch: (url, init) => fetch(url, { ...init, redirect: 'manual' }),
  })
  const who = `The Colloquy server at ${new URL(rest.baseUrl).origin}`
  const remote: Remote = {
    client,
    who,
    chat,
    ttlSeconds,
    startTimeoutMs: Math.min(rest.timeout ?? longestStartMs, longestStartMs),
    clock,
    made: new Map(),
    cancelling: new Set(),
  }
  const replies = createReplies()
  let functions: readonly FunctionDefinition[] = []
  return {
    name,
    get functions() {
      return functions
    },
    async start() {
      functions = await replies.run((signal) => readFunctions(remote, signal))
    },
    async stop() {
      replies.stop()
      await Promise.all(remote.cancelling)
    },
    health: () => replies.run((signal) => checkRemote(remote, signal)),
    reply: (message, context) =>
      replies.open((signal) => askRemote(remote, message, context, signal), context.signal),
  }
}
