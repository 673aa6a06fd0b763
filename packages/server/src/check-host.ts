import type { Request, RequestHandler } from 'express'
import { ServerError } from './server-error.js'

/** The names of this machine for itself. */
export const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Answers only to requests for the given host names, with any port: otherwise a web page elsewhere could give its own
 * name this machine's address, and its visitors' browsers would take this server for part of that page.
 */
export function checkHost(allowed: readonly string[]): RequestHandler {
  const names = new Set(allowed.map((name) => name.toLowerCase()))
  return (req, _res, next) => {
    const name = hostNameOf(req)
    if (name === null || !names.has(name)) throw new ServerError('forbidden')
    next()
  }
}

/**
 * Refuses what a page of another origin would change here. A browser sends a simple request without asking first, and
 * only keeps its answer from the page; for a server without keys that is too late. Pages that CORS allows may do it.
 */
export const refuseForeignPages: RequestHandler = (req, res, next) => {
  const { origin, host = '' } = req.headers
  const isReading = req.method === 'GET' || req.method === 'HEAD'
  const isAllowed = res.getHeader('Access-Control-Allow-Origin') !== undefined
  if (isReading || isAllowed || origin === undefined || authorityOf(origin) === host.toLowerCase()) next()
  else throw new ServerError('forbidden', { detail: 'Pages of this origin may not use this server.' })
}

/** The host name that a request is for, without its port; null when it names none, or not exactly one. */
function hostNameOf(req: Request): string | null {
  // Where the request line has a whole address, that one counts (RFC 9112, section 3.2.2).
  const [first, ...others] = /^https?:/i.test(req.originalUrl) ? [authorityOf(req.originalUrl)] : hostsOf(req)
  if (first === undefined || others.length > 0) return null
  const [, name] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(first) ?? []
  return name?.toLowerCase() ?? null
}

/** Every `Host` header: Node keeps only the first in `headers`. */
function hostsOf({ rawHeaders }: Request): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host')
}

function authorityOf(address: string): string {
  return URL.parse(address)?.host ?? ''
}
