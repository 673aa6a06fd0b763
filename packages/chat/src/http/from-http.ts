import { type ChatInterface, type Clock, systemClock } from '@colloquy/session'
import { checkHeaders } from './check-headers.js'
import { createReplies } from './replies.js'
import { askService } from './service/ask-service.js'
import { checkService } from './service/check-service.js'
import type { Service } from './service/service.js'

/** What {@link fromHttp} takes. */
export interface HttpBackendOptions {
  /** Where messages are POSTed to: an http or https URL. Errors tell its origin, and nothing else of it. */
  readonly url: string | URL
  /** What answers, for logs and status pages. Default: `http`. */
  readonly name?: string
  /**
   * Sent with every request, such as `{ Authorization: 'Bearer …' }`; never shown. With a request for the health only where
   * `healthUrl` is of the same origin as `url`. Default: none.
   */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Makes the requests; has to honour `init.signal` and `init.redirect`. Default: the global `fetch`, looked up at each request.
   */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Answers a GET with 2xx while the service is well. Default: none, and the health of the service is not told. */
  readonly healthUrl?: string | URL
  /**
   * How large an answer in JSON may be, in bytes, and one event of a stream, in UTF-16 code units. A text, and a stream as a
   * whole, have no bound here: they are passed on as they come. Default: 1,048,576.
   */
  readonly maxAnswerBytes?: number
  /**
   * How long the service may be silent, before its answer and between two pieces of it, in milliseconds; time in which nobody
   * asks for a chunk is not counted. Default: 300,000, which is also the most that Node's own `fetch` waits.
   */
  readonly timeoutMs?: number
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

/**
 * A chat interface whose answers come from an HTTP service, by the protocol of docs/http-backends.md: each message is one
 * POST, which is answered with JSON, with an event stream or with text. No request is repeated, and no redirect is followed.
 *
 * What goes wrong is a `ChatError`: `refused` for 4xx, `timeout` for 408 and 504 and a silent service, `rate_limited` for 429
 * and 503, `upstream_failed` for all else: other statuses, a broken connection, and what is not the protocol.
 *
 * @throws TypeError for a URL or headers that can't be used, RangeError for limits that can't
 */
export function fromHttp({
  url,
  name = 'http',
  headers = {},
  // Called as a property of the global object, so that what is put there later counts.
  fetch = (url, init) => globalThis.fetch(url, init),
  healthUrl,
  maxAnswerBytes = 1_048_576,
  timeoutMs = 300_000,
  clock = systemClock,
}: HttpBackendOptions): ChatInterface {
  const { href, origin } = checkUrl('url', url)
  const health = healthUrl === undefined ? undefined : checkUrl('healthUrl', healthUrl)
  checkHeaders(headers)
  checkLimit('maxAnswerBytes', maxAnswerBytes)
  checkLimit('timeoutMs', timeoutMs)
  const who = `The service at ${origin}`
  const service: Service = { url: href, who, headers, fetch, maxAnswerBytes, timeoutMs, clock }
  const replies = createReplies()
  return {
    name,
    stop: () => replies.stop(),
    ...(health !== undefined && {
      health: () =>
        replies.run((stop) =>
          checkService(service, health.href, health.origin === origin ? headers : {}, stop),
        ),
    }),
    reply: (message, context) =>
      replies.open((stop) => askService(service, message, context, stop), context.signal),
  }
}

/** Nothing of a wrong URL is told: it may be a secret that was put in the wrong place. */
function checkUrl(option: string, value: string | URL): URL {
  const url = URL.parse(String(value))
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new TypeError(`${option} has to be an http or https URL, such as http://localhost:9000/chat`)
  if (url.username !== '' || url.password !== '')
    throw new TypeError(
      `${option} must not contain a user name or password; send them in the option "headers"`,
    )
  return url
}

function checkLimit(option: string, value: number): void {
  if (!(value > 0)) throw new RangeError(`${option} has to be above 0; got ${value}`)
}
