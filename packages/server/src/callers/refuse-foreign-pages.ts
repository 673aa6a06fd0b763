import type { IncomingHttpHeaders } from 'node:http'
import type { Request, Response } from 'express'
import { ServerError } from '../answer/server-error.js'
import type { RequestCheck } from '../request/request-check.js'
import { authorityOf } from './check-host.js'

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
