import type { IncomingHttpHeaders } from 'node:http'
import type { Request, Response } from 'express'
import { hostsOf } from './host-fault.js'
import type { RequestCheck } from './request-check.js'
import { ServerError } from './server-error.js'

/** The names of this machine for itself. */
export const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Answers only to requests for the given host names, with any port: otherwise a web page elsewhere could give its own
 * name this machine's address, and its visitors' browsers would take this server for part of that page.
 */
export function checkHost(allowed: readonly string[]): RequestCheck {
  const names = new Set(allowed.map((name) => name.toLowerCase()))
  return (req) => {
    const name = hostNameOf(req)
    if (name === null || !names.has(name)) throw new ServerError('forbidden')
  }
}

/**
 * Refuses what a page of another origin would change here. A browser sends a simple request without asking first, and
 * only keeps its answer from the page; for a server without keys that is too late. Pages that CORS allows may do it.
 */
export const refuseForeignPages: RequestCheck = (req, res) => {
  const isReading = req.method === 'GET' || req.method === 'HEAD'
  if (isReading || isOwnPage(req.headers) || isAllowedPage(req, res)) return
  throw new ServerError('forbidden', {
    detail:
      'Pages of this origin may not use this server. Its settings for cross-origin requests (CORS) can allow it.',
  })
}

/**
 * Whether a request comes from a page of the server's own, or from no page. A browser says so itself (Fetch Metadata,
 * W3C), to servers that it trusts: https, or this machine. To others it says which origin the page has.
 */
function isOwnPage({ origin, host = '', 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return origin === undefined || authorityOf(origin) === host.toLowerCase()
}

/** Whether CORS, ours or that of an application around, has let the page's origin in. */
function isAllowedPage({ headers }: Request, res: Response): boolean {
  const allowed = res.getHeader('Access-Control-Allow-Origin')
  return allowed !== undefined && (allowed === '*' || allowed === headers.origin)
}

/** The host name that a request is for, without its port; null when it names none, or not exactly one. */
function hostNameOf(req: Request): string | null {
  // Where the request line has a whole address, that one counts (RFC 9112, section 3.2.2).
  const [first, ...others] = /^https?:/i.test(req.originalUrl) ? [authorityOf(req.originalUrl)] : hostsOf(req)
  if (first === undefined || others.length > 0) return null
  const [, name] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(first) ?? []
  return name?.toLowerCase() ?? null
}

function authorityOf(address: string): string {
  return URL.parse(address)?.host ?? ''
}
