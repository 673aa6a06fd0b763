import type { RequestHandler } from 'express'
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
    const [name = ''] = /^(?:\[[^\]]*\]|[^:]*)/.exec(req.headers.host ?? '') ?? []
    if (!names.has(name.toLowerCase())) throw new ServerError('forbidden')
    next()
  }
}
