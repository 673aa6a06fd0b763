import type { Request } from 'express'
import { ServerError } from '../answer/server-error.js'
import { hostsOf } from '../connections/host-fault.js'
import type { RequestCheck } from '../request/request-check.js'

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
    if (name === null || !names.has(name)) {
      throw new ServerError('forbidden', { detail: 'This server does not answer to this host name.' })
    }
  }
}

/** The host name that a request is for, without its port; null when it names none, or not exactly one. */
function hostNameOf(req: Request): string | null {
  // Where the request line has a whole address, that one counts (RFC 9112, section 3.2.2).
  const [first, ...others] = /^https?:/i.test(req.originalUrl) ? [authorityOf(req.originalUrl)] : hostsOf(req)
  if (first === undefined || others.length > 0) return null
  const [, name] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(first) ?? []
  return name?.toLowerCase() ?? null
}

/** The host and the port of an address; empty when it is none. */
export function authorityOf(address: string): string {
  return URL.parse(address)?.host ?? ''
}
