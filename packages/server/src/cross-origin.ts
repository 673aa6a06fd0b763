import cors from 'cors'
import type { RequestHandler } from 'express'

/** Which web pages of other origins may use the API (CORS, WHATWG Fetch section 3.2). */
export interface CrossOriginOptions {
  /**
   * Origins such as `https://app.example.com`, patterns such as `https://*.example.com` (any host below it), or `*` for
   * every page there is.
   */
  readonly origins: readonly string[]
  /** Whether pages may send the cookies and client certificates of their users; never together with `*`. Default: false. */
  readonly credentials?: boolean
}

const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'Last-Event-ID',
  'X-Request-Id',
  'traceparent',
  'tracestate',
]

const exposedHeaders = [
  'Allow',
  'Idempotency-Replayed',
  'Location',
  'Retry-After',
  'Server-Timing',
  'WWW-Authenticate',
  'X-Request-Id',
  'X-Response-Time',
  'X-Session-Id',
  'X-Turn-Id',
]

/**
 * Lets pages of other origins use the API.
 *
 * @throws RangeError when credentials are wanted for every origin, or an origin is none
 */
export function allowCrossOrigin({ origins, credentials = false }: CrossOriginOptions): RequestHandler {
  const isOpen = origins.includes('*')
  if (isOpen && credentials)
    throw new RangeError('Cross-origin credentials need a list of origins: "*" is every page there is.')
  const handle = cors({
    origin: isOpen ? '*' : origins.map(matcherOf),
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders,
    exposedHeaders,
    credentials,
    maxAge: 86_400,
    optionsSuccessStatus: 204,
  })
  return (req, res, next) => {
    // An OPTIONS request that is no preflight is for the route itself.
    const isPlainOptions =
      req.method === 'OPTIONS' && req.headers['access-control-request-method'] === undefined
    if (isPlainOptions) next()
    else handle(req, res, next)
  }
}

/** An origin as it is, or a pattern of origins. */
function matcherOf(origin: string): string | RegExp {
  if (!isOrigin(origin)) throw new RangeError(`"${origin}" is no origin. An example: https://app.example.com`)
  if (!origin.includes('*')) return origin.toLowerCase()
  const [scheme = '', rest = ''] = origin.toLowerCase().split('*')
  const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return new RegExp(`^${escape(scheme)}[a-z0-9-]+(?:\\.[a-z0-9-]+)*${escape(rest)}$`)
}

/** Tells an origin, a pattern of origins, or `*`. */
export function isOrigin(text: string): boolean {
  return (
    text === '*' ||
    /^https?:\/\/(?:\*\.)?(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/i.test(text)
  )
}
