import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** How long a client may go on sending after the last answer on its connection, in milliseconds. */
const lingerMs = 1_000

/** How much it may send in that time, in bytes. */
const mostBytes = 16_777_216

/**
 * Lets the client of a request read the answer before its connection is closed, when that answer is the last one there
 * and the request has not been read to its end by then.
 */
export function lingerAfter(req: IncomingMessage): void {
  const { socket } = req
  // Node calls it when the last answer has been written.
  socket.destroySoon = () => {
    Reflect.deleteProperty(socket, 'destroySoon')
    if (req.complete || socket.destroyed) socket.destroySoon()
    else linger(socket)
  }
}

/**
 * Closes a connection on which everything has been written, so that its client can read that. Node would close at once;
 * where the client is still sending, its side would then drop what it has not yet read. So only our side is closed at
 * first, and what comes is thrown away for a short while (RFC 9112, section 9.6).
 */
export function linger(socket: Socket): void {
  if (socket.readableEnded) {
    socket.end(() => socket.destroy())
    return
  }
  // The parser among them: the rest of the body is not looked at, and what stands behind it is no request any more.
  socket.removeAllListeners('data')
  let room = mostBytes
  socket.on('data', ({ length }: Buffer) => {
    room -= length
    if (room < 0) socket.destroy()
  })
  socket.once('end', () => socket.destroy())
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
  socket.end()
  socket.resume()
}
