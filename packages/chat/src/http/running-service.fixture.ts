import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** A request that a service was sent. */
export interface ServiceRequest {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly body: string
}

/** A service that runs until its test is over. */
export interface RunningService {
  readonly url: string
  readonly requests: readonly ServiceRequest[]
  /** The next request, or one that has come and was not taken yet. */
  next(): Promise<ServiceRequest>
}

/** Starts a service on 127.0.0.1. */
export async function startService(
  answer: (request: ServiceRequest) => void | Promise<void>,
): Promise<RunningService> {
  const requests: ServiceRequest[] = []
  const server = createServer((req, res) => {
    res.on('error', () => {})
    void text(req)
      .then((body) => {
        const request = { req, res, body }
        requests.push(request)
        server.emit('asked')
        return answer(request)
      })
      .catch(() => res.destroy()) // the request was stopped
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  let taken = 0
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`,
    requests,
    async next() {
      const at = taken
      taken += 1
      for (;;) {
        const request = requests[at]
        if (request !== undefined) return request
        await once(server, 'asked')
      }
    },
  }
}

/** Answers with a body of a content type. */
export function answerWith(type: string, body: string | Uint8Array, status = 200) {
  return ({ res }: ServiceRequest) => {
    res.writeHead(status, type === '' ? {} : { 'Content-Type': type }).end(body)
  }
}

/** Begins an event stream. */
export function beginStream({ res }: ServiceRequest): void {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
}

/** An event as a frame. */
export function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Answers with these frames, as an event stream. */
export function streamOf(...frames: readonly string[]) {
  return answerWith('text/event-stream', frames.join(''))
}
