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
  /** The last one that was allowed: nearly all requests are for the same. */
  let lastAllowed: string | null = null
  return (req) => {
    const host = hostOf(req)
    if (host !== null && host === lastAllowed) return
    const name = host === null ? null : nameIn(host)
    if (name === null || !names.has(name)) {
      throw new ServerError('forbidden', { detail: 'This server does not answer to this host name.' })
    }
    lastAllowed = host
  }
}

/** The host that a request is for, with its port; null when there is not exactly one. */
function hostOf(req: Request): string | null {
  const { originalUrl } = req
  // Where the request line has a whole address, that one counts (RFC 9112, section 3.2.2).
  if (!originalUrl.startsWith('/') && /^https?:/i.test(originalUrl)) return authorityOf(originalUrl)
  const [first, ...others] = hostsOf(req)
  return first === undefined || others.length > 0 ? null : first
}

/** The name of a host, without its port; null when it is none. */
function nameIn(host: string): string | null {
  const [, name] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(host) ?? []
  return name?.toLowerCase() ?? null
}

/** The host and the port of an address; empty when it is none. */
export function authorityOf(address: string): string {
  return URL.parse(address)?.host ?? ''
}
