import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { responseOn } from './response-on.js'

/** How long connections may take to be sent their last bytes, in milliseconds. */
const lastBytesMs = 2_000

/**
 * How long a connection on which nothing has come yet may stay when all others have gone, in milliseconds: its first
 * request may be on its way.
 */
const firstRequestMs = 100

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

/**
 * Looks after the connections of a server from its beginning, to be able to end them. It keeps no list of answers: what is
 * in such a list survives, with its request, until the next full garbage collection (a `Set` that changes all the time
 * holds on to what was in it).
 */
export function watchConnections(server: Server): ConnectionEnd {
  const sockets = new Set<Socket>()
  /** On which no request has been read yet. Node counts them among the idle ones. */
  const fresh = new Set<Socket>()
  let isEnding = false

  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    fresh.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      fresh.delete(socket)
    })
  })

  const closeIdle = (): void => spare(fresh, () => server.closeIdleConnections())

  /** Ends a connection with an answer, or after it when it has begun: it could not say then that it is the last one. */
  function endAfter(res: ServerResponse): void {
    if (!res.headersSent) res.setHeader('Connection', 'close')
    const { socket } = res.req
    res.once('close', () =>
      setImmediate(() => {
        const next = responseOn(socket)
        if (next === null) closeIdle()
        else endAfter(next)
      }),
    )
  }

  function watch(req: IncomingMessage, res: ServerResponse): void {
    fresh.delete(req.socket)
    if (isEnding) endAfter(res)
  }
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    // A listener of ours where there is none would keep Node from answering by itself.
    if (server.listenerCount(event) > 0) server.prependListener(event, watch)
  }

  return {
    begin() {
      isEnding = true
      for (const socket of sockets) {
        const res = responseOn(socket)
        if (res !== null) endAfter(res)
      }
      closeIdle()
    },
    async finish() {
      const closed = new Promise((resolve) => spare(fresh, () => server.close(resolve)))
      const closeFresh = setTimeout(() => server.closeIdleConnections(), firstRequestMs)
      const giveUp = setTimeout(() => server.closeAllConnections(), lastBytesMs)
      await closed
      clearTimeout(closeFresh)
      clearTimeout(giveUp)
    },
  }
}

/** Does what ends connections, and none of these: Node has no list of those that it would end, to choose from. */
function spare(sockets: Iterable<Socket>, end: () => void): void {
  const spared = [...sockets]
  for (const socket of spared) socket.destroy = () => socket
  end()
  for (const socket of spared) Reflect.deleteProperty(socket, 'destroy')
}
