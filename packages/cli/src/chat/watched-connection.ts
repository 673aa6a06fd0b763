import { setTimeout as delay } from 'node:timers/promises'
import { type Client, createClient } from '@colloquy/client'

/** A client, where its server is, and whether it can be reached. */
export interface ChatConnection {
  readonly client: Client
  readonly url: string
  /** Whether requests have a key. */
  readonly sentKey: boolean
  /** Calls something each time that the client waits before it tries again. Returns what stops that. */
  readonly onWait: (listener: () => void) => () => void
  /** Ends every request that is under way, as if the network had failed, and lets none be made until `allowRequests`. */
  readonly stopRequests: () => void
  readonly allowRequests: () => void
}

/** How often in a row a lost answer is asked for again: half a minute to a minute. Somebody is waiting. */
const maxReconnects = 5

/** Makes a client that tells when it waits, and whose requests can be ended together. */
export function watchedConnection({
  url,
  headers,
}: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}): ChatConnection {
  let requests = new AbortController()
  const listeners = new Set<() => void>()
  const wait = async (ms: number, given: AbortSignal | undefined) => {
    for (const listener of listeners) listener()
    const signal = eitherOf(given, requests.signal)
    try {
      await delay(ms, undefined, { signal })
    } catch (error) {
      throw signal.aborted ? signal.reason : error
    }
  }
  const fetchUnlessStopped = (url: string, { signal, ...init }: RequestInit) =>
    fetch(url, { ...init, signal: eitherOf(signal ?? undefined, requests.signal) })
  return {
    client: createClient({ baseUrl: url, headers, wait, fetch: fetchUnlessStopped, maxReconnects }),
    url,
    sentKey: 'Authorization' in headers,
    stopRequests: () => requests.abort(),
    allowRequests() {
      if (requests.signal.aborted) requests = new AbortController()
    },
    onWait(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function eitherOf(given: AbortSignal | undefined, other: AbortSignal): AbortSignal {
  return given === undefined ? other : AbortSignal.any([given, other])
}
