import cors from 'cors'
import type { RequestHandler } from 'express'
import { factsOf } from '../request/request-facts.js'

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
  const matches = origins.map(matcherOf)
  const isAllowed = (origin = '') => matches.some((match) => match(origin))
  const handle = cors({
    // Whoever is not allowed gets none of these headers at all.
    origin: isOpen ? '*' : (origin, decide) => decide(null, isAllowed(origin) && origin),
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders,
    exposedHeaders,
    credentials,
    maxAge: 86_400,
    optionsSuccessStatus: 204,
  })
  const forNobody = isOpen
    ? ['Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', exposedHeaders.join(',')]
    : ['Vary', 'Origin']
  return (req, res, next) => {
    // An OPTIONS request that is no preflight is for the route itself.
    const isPlainOptions =
      req.method === 'OPTIONS' && req.headers['access-control-request-method'] === undefined
    if (req.headers.origin === undefined) {
      // No page has sent it; but a cache may have the answer for one that will.
      if (!isOpen && res.hasHeader('Vary')) res.vary('Origin')
      else factsOf(res).headers = forNobody
      next()
      return
    }
    if (!isOpen) res.vary('Origin') // also where the answer has none of these headers, because of its origin
    if (isPlainOptions) next()
    else handle(req, res, next)
  }
}

/** What tells an origin: that one, or one of a pattern. Browsers leave out a port that the scheme has anyway. */
function matcherOf(text: string): (origin: string) => boolean {
  if (text === '*') return () => true
  if (!isOrigin(text)) throw new RangeError(`"${text}" is no origin. An example: https://app.example.com`)
  const allowed = text.toLowerCase().replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2')
  if (!allowed.includes('*')) return (origin) => origin === allowed
  const [scheme = '', rest = ''] = allowed.split('*')
  const escape = (part: string) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const pattern = new RegExp(`^${escape(scheme)}[a-z0-9-]+(?:\\.[a-z0-9-]+)*${escape(rest)}$`)
  return (origin) => pattern.test(origin)
}

/** Tells an origin, a pattern of origins, or `*`. */
export function isOrigin(text: string): boolean {
  return (
    text === '*' ||
    /^https?:\/\/(?:\*\.)?(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/i.test(text)
  )
}
