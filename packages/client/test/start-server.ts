import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { Problem } from '../src/index.js'

/** A request as the server got it. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface TestServer {
  readonly url: string
  readonly received: Received[]
  readonly http: Server
}

/** A real server, on a free port unless it is told one, for the length of one test. */
export async function startServer(
  answer: (response: ServerResponse, request: Received) => void,
  port = 0,
): Promise<TestServer> {
  const received: Received[] = []
  const http = createServer((message, response) => {
    void text(message).then((body) => {
      const { method = '', url = '', headers } = message
      const request = { method, url, headers, body }
      received.push(request)
      answer(response, request)
    })
  })
  http.listen(port, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return { url: `http://127.0.0.1:${address.port}`, received, http }
}

export function sendJson(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  const all = { 'content-type': 'application/json', ...problemHeaders(value), ...headers }
  response.writeHead(status, all).end(JSON.stringify(value))
}

/** What a server says of a problem in headers as well. */
export function problemHeaders(value: unknown): Record<string, string> {
  const { request_id, retry_after_seconds } = Object(value) as Partial<Problem>
  return {
    ...(request_id === undefined ? {} : { 'x-request-id': request_id }),
    ...(retry_after_seconds === undefined ? {} : { 'retry-after': String(retry_after_seconds) }),
  }
}

/** The head of an event stream, as the server sends it. */
export const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'x-session-id': 'sess_1',
  'x-turn-id': 'turn_1',
  'x-request-id': 'req_1',
}
