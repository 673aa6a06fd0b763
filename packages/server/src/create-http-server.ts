import { randomUUID } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { answerClientError } from './answer-client-error.js'
import { problemFrom } from './problem-from.js'
import { ServerError } from './server-error.js'

/** How often connections are looked at, in milliseconds: a time-out comes as much later at most. */
const checkMs = 5_000

/**
 * How long a connection may be idle, in milliseconds: longer than proxies and load balancers keep theirs (60 seconds is
 * usual), which would otherwise send requests on connections that this side is just closing.
 */
const idleMs = 65_000

/**
 * An HTTP server for an app, all of whose answers are the app's or problem documents. Node would answer some requests
 * by itself, with a bare status line or not at all: what has no `Host`, what expects anything but `100-continue`,
 * what asks for a tunnel, what is no HTTP. And an address that can't be read would go past all routes of express.
 *
 * @param options.requestTimeoutMs how long a request may take to arrive, with its body: not how long its answer takes
 */
export function createHttpServer(app: RequestListener, { requestTimeoutMs = 60_000 } = {}): Server {
  const listener = (req: IncomingMessage, res: ServerResponse): void => {
    const fault = faultOf(req)
    if (fault === null) app(req, res)
    else refuse(res, fault)
  }
  return (
    createServer(
      {
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
      .on('connect', (_req, socket) => answerClientError(new Error('This is no proxy.'), socket))
      .on('clientError', answerClientError)
  )
}

/** What is wrong with a request before anybody asks which route it is for; null when nothing is. */
function faultOf({ headers, httpVersion, url = '' }: IncomingMessage): string | null {
  // RFC 9112, section 3.2
  if (headers.host === undefined && httpVersion !== '1.0') return 'The request has no Host header.'
  return isTarget(url) ? null : 'The request is for no address of this server.'
}

const wholeAddress = /^https?:\/\/(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?(?:[/?]|$)/i

/**
 * A path, `*`, or a whole address. The name of a user in an address counts as an error (RFC 9110, section 4.2.4): it is
 * there to make it look like another.
 */
function isTarget(url: string): boolean {
  return url.startsWith('/') || url === '*' || wholeAddress.test(url)
}

function refuse(res: ServerResponse, detail: string): void {
  const problem = problemFrom(new ServerError('bad_request', { detail }), randomUUID())
  const body = JSON.stringify(problem)
  res.writeHead(problem.status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'X-Request-Id': problem.request_id,
    Connection: 'close',
  })
  res.end(body)
}
