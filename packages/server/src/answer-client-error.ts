import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ProblemCode } from '@colloquy/contract'
import { problemFrom } from './problem-from.js'
import { ServerError } from './server-error.js'

/**
 * Answers what is not HTTP enough to become a request: headers that are too large, a request that does not arrive in
 * time, anything that the parser refuses. Node's own answers have no body; this one is a problem document like all others.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  // The client has gone, or an answer is already under way on this connection.
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy()
    return
  }
  const problem = problemFrom(new ServerError(codeOf(error)), randomUUID())
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${problem.request_id}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

function codeOf({ code }: NodeJS.ErrnoException): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'bad_request'
}

/** Node keeps the answer to the latest request there; while its headers are not sent, another one can take its place. */
function isAnswering(socket: Duplex): boolean {
  // oxlint-disable-next-line no-underscore-dangle
  return '_httpMessage' in socket && (socket._httpMessage as ServerResponse | null)?.headersSent === true
}
