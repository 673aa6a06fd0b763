import { setTimeout as delay } from 'node:timers/promises'
import { type Client, createClient } from '@colloquy/client'

/** A client, where its server is, and whether it can be reached. */
export interface ChatConnection {
  readonly client: Client
  readonly url: string
  /** Calls something each time that the client waits before it tries again. Returns what stops that. */
  readonly onWait: (listener: () => void) => () => void
  /** Ends every request that is under way, as if the network had failed. */
  readonly stopRequests: () => void
}

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
  const wait = async (ms: number, signal: AbortSignal | undefined) => {
    for (const listener of listeners) listener()
    try {
      await delay(ms, undefined, { signal })
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error
    }
  }
  return {
    client: createClient({
      baseUrl: url,
      headers,
      wait,
      fetch: (url, init) => fetchUntil(requests.signal, url, init),
    }),
    url,
    stopRequests() {
      requests.abort()
      requests = new AbortController()
    },
    onWait(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function fetchUntil(stopped: AbortSignal, url: string, { signal, ...init }: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, stopped]) : stopped })
}
