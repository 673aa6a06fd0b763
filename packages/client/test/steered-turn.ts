import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { frame, turn } from './recorded.js'
import { sendJson, startServer, streamHeaders } from './start-server.js'

/** A server with one turn, `turn_1`, whose events come when the test says so. */
export interface SteeredTurn {
  readonly url: string
  /** The requests, such as `POST /api/v1/chat`. */
  readonly asked: string[]
  /** The bodies of the requests to stop it. */
  readonly stops: unknown[]
  /** Answers the chat with a stream, once somebody has asked. */
  begin(): Promise<void>
  /** Sends an event; the first one has the number 1. */
  send(type: string, data: unknown): void
  /** When the client has closed the connection of the stream. */
  readonly closed: Promise<unknown>
}

/** Starts one. Who asks it to stop is told that it runs, and gets its last event. */
export async function startSteeredTurn(): Promise<SteeredTurn> {
  const asked: string[] = []
  const stops: unknown[] = []
  const chat = Promise.withResolvers<ServerResponse>()
  let stream: ServerResponse | undefined
  let seq = 0
  const send = (type: string, data: unknown) => {
    seq += 1
    stream?.write(frame({ seq, type, data }))
    if (/^turn\.(completed|failed|cancelled|interrupted)$/.test(type)) stream?.end()
  }
  const { url } = await startServer((response, { method, url, body }) => {
    asked.push(`${method} ${url}`)
    if (url === '/api/v1/chat') {
      chat.resolve(response)
      return
    }
    const stop = JSON.parse(body) as { reason?: string }
    stops.push(stop)
    send('turn.cancelled', { reason: stop.reason ?? 'client_request', content: 'so far' })
    sendJson(response, turn, 202)
  })
  return {
    url,
    asked,
    stops,
    async begin() {
      stream = await chat.promise
      stream.writeHead(200, streamHeaders).flushHeaders()
    },
    send,
    closed: chat.promise.then((response) => once(response, 'close')),
  }
}
