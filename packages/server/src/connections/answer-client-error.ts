import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Problem, ProblemCode } from '@colloquy/contract'
import { problemFrom } from '../answer/problem-from.js'
import { ServerError } from '../answer/server-error.js'
import { commonHeaders } from '../answer/write-head.js'
import { factsOf } from '../request/request-facts.js'
import { linger } from './linger-after.js'
import type { NoteUnrouted } from './note-unrouted.js'
import { responseOn } from './response-on.js'

/**
 * Answers what is not HTTP enough to become a request: headers that are too large, a request that does not arrive in
 * time, anything that the parser refuses. Node's own answers have no body; this one is a problem document like all others.
 *
 * Requests that came before it, whole, on the same connection are answered first.
 *
 * @param note is told of it, unless it is the answer to a request that the app has already seen, and tells of itself
 * @param ownId the id that its client has given it, if so much of it could be read
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  note: NoteUnrouted,
  ownId?: string,
): void {
  if (waiting.has(socket)) return // what follows the first thing that is wrong is part of it
  const response = responseOn(socket)
  if (response?.req.complete === true && socket.writable && error.code !== 'ECONNRESET') {
    waiting.add(socket)
    response.once('close', () => {
      waiting.delete(socket)
      answerClientError(error, socket, note, ownId)
    })
    return
  }
  // The client has gone, or an answer is already under way on this connection.
  if (error.code === 'ECONNRESET' || !socket.writable || response?.headersSent === true) {
    socket.destroy()
    return
  }
  const requestId = response === null ? undefined : factsOf(response).id || undefined
  const problem = problemFrom(new ServerError(codeOf(error)), requestId ?? ownId ?? randomUUID())
  const answer = answerWith(problem)
  if (response !== null && requestId !== undefined) {
    // Who ends a connection within a request has gone, most likely: whether this answer finds anybody is not known.
    if (error.code !== 'HPE_INVALID_EOF_STATE') {
      Object.assign(factsOf(response), { statusPast: problem.status, code: problem.code })
    }
  } else {
    note({ problem, address: (socket as Socket).remoteAddress, bytes: answer.length })
  }
  socket.write(answer)
  linger(socket as Socket)
}

/** The bytes of an answer, past Node. How long it took is not said: nobody knows when the request began. */
function answerWith(problem: Problem): Buffer {
  const body = JSON.stringify(problem)
  const headers = commonHeaders(problem.request_id)
  headers.push('Content-Type', 'application/problem+json', 'Content-Length', Buffer.byteLength(body))
  headers.push('Connection', 'close')
  const lines = headers.map((text, index) => `${text}${index % 2 === 0 ? ': ' : '\r\n'}`)
  return Buffer.from(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('')}\r\n${body}`)
}

/** Connections on which a request that came before is still being answered. */
const waiting = new WeakSet<Duplex>()

function codeOf({ code }: NodeJS.ErrnoException): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'bad_request'
}
