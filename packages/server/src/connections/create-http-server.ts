import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Express } from 'express'
import { sendProblem } from '../answer/send-json.js'
import { ServerError } from '../answer/server-error.js'
import { awaitContinue } from '../input/send-continue.js'
import { factsOf } from '../request/request-facts.js'
import { clientsRequestId } from '../request/request-id.js'
import { answerClientError } from './answer-client-error.js'
import { exchangeClasses, listenerOf } from './express-app.js'
import { hostFaultOf } from './host-fault.js'
import { type NoteUnrouted, noteUnrouted, type UnroutedListeners } from './note-unrouted.js'

/** How often connections are looked at, in milliseconds: a time-out comes as much later at most. */
const checkMs = 5_000

/**
 * How long a connection may be idle, in milliseconds: longer than proxies and load balancers keep theirs (60 seconds is
 * usual), which would otherwise send requests on connections that this side is just closing.
 */
const idleMs = 65_000

/** How an HTTP server behaves, and who learns of what it answers without its app. */
export interface HttpServerOptions extends UnroutedListeners {
  /**
   * How long a request may take to arrive, with its body, in milliseconds: not how long its answer takes.
   */
  readonly requestTimeoutMs: number
}

/**
 * An HTTP server for an app, all of whose answers are the app's or problem documents. Node would answer some requests
 * by itself, with a bare status line or not at all: what has no `Host`, what expects anything but `100-continue`,
 * what asks for a tunnel, what is no HTTP. And an address that can't be read would go past all routes of express.
 */
export function createHttpServer(
  app: Express,
  { requestTimeoutMs, ...listeners }: HttpServerOptions,
): Server {
  const note = noteUnrouted(listeners)
  const answer = listenerOf(app)
  const listener = (req: IncomingMessage, res: ServerResponse): void => {
    const fault = faultOf(req)
    if (fault === null) answer(req, res)
    else refuse(res, fault, note)
  }
  return (
    createServer(
      {
        ...exchangeClasses(app),
        requireHostHeader: false,
        requestTimeout: requestTimeoutMs,
        headersTimeout: requestTimeoutMs,
        connectionsCheckingInterval: Math.min(checkMs, requestTimeoutMs),
        keepAliveTimeout: idleMs,
      },
      listener,
    )
      // An expectation that is not known may be passed over (RFC 9110, section 10.1.1).
      .on('checkExpectation', listener)
      // Node would tell the client to send its body before anybody has looked at the request.
      .on('checkContinue', (req, res) => {
        awaitContinue(res)
        listener(req, res)
      })
      .on('connect', (req, socket) => {
        socket.on('error', () => socket.destroy()) // Node has taken its own listener off, and the client may have gone
        answerClientError(new Error('This is no proxy.'), socket, note, clientsRequestId(req))
      })
      .on('clientError', (error, socket) => answerClientError(error, socket, note))
  )
}

/** What is wrong with a request before anybody asks which route it is for; null when nothing is. */
function faultOf(req: IncomingMessage): string | null {
  return (
    hostFaultOf(req) ?? (isTarget(req.url ?? '') ? null : 'The request is for no address of this server.')
  )
}

const wholeAddress = /^https?:\/\/(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?(?:[/?]|$)/i

/**
 * A path, `*`, or a whole address, without a fragment (RFC 9112, section 3.2): in some of those express would find no
 * path. The name of a user in an address counts as an error (RFC 9110, section 4.2.4): it is there to make it look like
 * another.
 */
function isTarget(url: string): boolean {
  return !url.includes('#') && (url.startsWith('/') || url === '*' || wholeAddress.test(url))
}

function refuse(res: ServerResponse, detail: string, note: NoteUnrouted): void {
  const { socket } = res.req
  const { remoteAddress: address, bytesWritten: bytesBefore } = socket
  const facts = factsOf(res)
  facts.id = clientsRequestId(res.req) ?? randomUUID()
  res.shouldKeepAlive = false
  const problem = sendProblem(res, new ServerError('bad_request', { detail }), facts.id)
  res.once('finish', () => note({ problem, address, bytes: socket.bytesWritten - bytesBefore }))
}
