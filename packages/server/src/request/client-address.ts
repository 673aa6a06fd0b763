import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Request } from 'express'

/**
 * The address of who sent a request, as far as the proxies in front are believed: express makes `ip` of the setting
 * "trust proxy" and the header `X-Forwarded-For`, in which clients may write what they like. So what is no address is
 * left out.
 */
export function clientAddressOf(req: IncomingMessage): string | undefined {
  const isBehindProxy = 'app' in req && (req as Request).app.enabled('trust proxy')
  return addressIn(isBehindProxy ? (req as Request).ip : req.socket.remoteAddress)
}

/** The IP address that a text is, without a zone (RFC 4007, section 11), which is any text; undefined when it is none. */
export function addressIn(text = ''): string | undefined {
  const [address = ''] = text.includes('%') ? text.split('%') : [text]
  return isIP(address) === 0 ? undefined : address
}
