import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** The bytes of a request with a JSON body. */
export function chatRequest(body: object): string {
  const text = JSON.stringify(body)
  const headers = `Host: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`
  return `POST /api/v1/chat HTTP/1.1\r\n${headers}\r\n${text}`
}

/** Connects, and sends these bytes; resolves when they have been sent. Nothing is read until somebody reads. */
export async function sendRaw(port: number, bytes: string): Promise<Socket> {
  const socket = connect({ port, host: 'localhost', allowHalfOpen: true })
  socket.on('error', () => undefined) // the other side may close first
  await once(socket, 'connect')
  if (bytes !== '') await new Promise((resolve) => socket.write(bytes, resolve))
  return socket
}

/** Reads until this text has come. What else came is left out. */
export async function readUntil(socket: Socket, wanted: string): Promise<void> {
  let tail = ''
  for (;;) {
    const part = socket.read() as Buffer | null
    if (part === null) await once(socket, 'readable')
    else {
      tail = tail.slice(-wanted.length) + part.toString('latin1')
      if (tail.includes(wanted)) return
    }
  }
}
