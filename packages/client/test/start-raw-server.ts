import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server that writes bytes, so that its answers need not be HTTP. */
export interface RawServer {
  readonly url: string
  /** The heads of the requests, in the order in which they came. */
  readonly heads: string[]
}

/** Starts one, for the length of one test. `answer` gets each request, with its number from 0 on. */
export async function startRawServer(
  answer: (socket: Socket, head: string, request: number) => void,
): Promise<RawServer> {
  const heads: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined) // a client that leaves is no fault here
    socket.once('close', () => sockets.delete(socket))
    let received = ''
    socket.on('data', (data) => {
      received += data.toString('latin1')
      const head = wholeRequest(received)
      if (head === undefined) return
      received = ''
      heads.push(head)
      answer(socket, head, heads.length - 1)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, heads }
}

/** The head of a request that has come with all of its body; undefined until then. */
function wholeRequest(received: string): string | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.slice(0, end)
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
  return received.length >= end + 4 + length ? head : undefined
}

/** The head of an event stream whose end is that of the connection. */
export const rawStreamHead =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Session-Id: sess_1\r\nX-Turn-Id: turn_1\r\n' +
  'X-Request-Id: req_1\r\nConnection: close\r\n\r\n'

/** Which event the reader has seen last; 0: none. */
export function lastEventId(head: string): number {
  return Number(/^last-event-id: (\d+)/im.exec(head)?.[1] ?? 0)
}
