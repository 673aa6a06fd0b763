import type { Server, ServerResponse } from 'node:http'

/** How long connections may take to be sent their last bytes, in milliseconds. */
const lastBytesMs = 2_000

/** Ends the connections of a server, in two steps. */
export interface ConnectionEnd {
  /**
   * From now on a connection ends with its answer: what is idle is closed at once, and answers that have not begun say
   * `Connection: close`. New connections are still taken, so that somebody tells them that the server shuts down.
   */
  begin(): void
  /** Takes no more connections; resolves when the last one has gone, or has had two seconds for its last bytes. */
  finish(): Promise<void>
}

/** Looks after the connections of a server from its beginning, to be able to end them. */
export function watchConnections(server: Server): ConnectionEnd {
  const answering = new Set<ServerResponse>()
  let isEnding = false

  function endAfter(res: ServerResponse): void {
    if (!res.headersSent) res.setHeader('Connection', 'close')
  }

  function watch(_req: unknown, res: ServerResponse): void {
    answering.add(res)
    if (isEnding) endAfter(res)
    res.once('close', () => {
      answering.delete(res)
      // An answer that had begun before could not say that it is the last one of its connection.
      if (isEnding) setImmediate(() => server.closeIdleConnections())
    })
  }
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    // A listener of ours where there is none would keep Node from answering by itself.
    if (server.listenerCount(event) > 0) server.prependListener(event, watch)
  }

  return {
    begin() {
      isEnding = true
      for (const res of answering) endAfter(res)
      server.closeIdleConnections()
    },
    async finish() {
      const closed = new Promise((resolve) => server.close(resolve))
      const giveUp = setTimeout(() => server.closeAllConnections(), lastBytesMs)
      await closed
      clearTimeout(giveUp)
    },
  }
}
