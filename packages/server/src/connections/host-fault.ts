import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

/** Every `Host` header of a request: Node keeps only the first in `headers`. */
export function hostsOf({ rawHeaders }: IncomingMessage): string[] {
  const hosts: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts.push(rawHeaders[index + 1] ?? '')
  }
  return hosts
}

/** What is wrong with the host that a request is for (RFC 9112, section 3.2); null when nothing is. */
export function hostFaultOf(req: IncomingMessage): string | null {
  const [host, ...others] = hostsOf(req)
  if (host === undefined) return req.httpVersion === '1.0' ? null : 'The request has no Host header.'
  if (others.length > 0) return 'The request has more than one Host header.'
  return isHost(host) ? null : 'The Host header has to be a host and, if need be, a port: localhost:8000.'
}

/** The last text that was found to be one: nearly all requests are for the same. */
let lastHost = ''

/** A name or an address and a port (RFC 3986, sections 3.2.2 and 3.2.3), in which a host has to be named. */
function isHost(text: string): boolean {
  if (text === lastHost) return lastHost !== ''
  if (!readsAsHost(text)) return false
  lastHost = text
  return true
}

function readsAsHost(text: string): boolean {
  const [, literal] = /^\[(.+)\](?::\d*)?$/.exec(text) ?? []
  if (literal !== undefined) return isIPv6(literal) || /^v[\da-f]+\.[\w.~!$&'()*+,;=:-]+$/i.test(literal)
  return /^(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+(?::\d*)?$/i.test(text)
}
