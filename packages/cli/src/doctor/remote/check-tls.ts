import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import { isLoopback } from '@colloquy/server'
import { type Finding, fault, ok, warning } from '../finding.js'
import { reasonOf } from './reason-of.js'
import { hostOf, type Target } from './target.js'

/** Below so many days, a certificate is soon over. */
const soon = 14

/** Looks at the certificate, and at which HTTP is spoken. */
export async function checkTls({ url }: Target, signal: AbortSignal): Promise<readonly Finding[]> {
  const { protocol, port } = new URL(url)
  const host = hostOf(url)
  if (protocol === 'http:') return [await plain(host), sixStreams]
  const socket = connect({
    host,
    port: Number(port || 443),
    servername: /^[\d.]+$|:/.test(host) ? '' : host, // an address is no name (RFC 6066, section 3)
    ALPNProtocols: ['h2', 'http/1.1'],
    rejectUnauthorized: false, // what is wrong with it is told, and nothing is sent
  })
  signal.addEventListener('abort', () => socket.destroy(), { once: true })
  try {
    await once(socket, 'secureConnect')
    return [certificateOf(socket, host), socket.alpnProtocol === 'h2' ? ok('HTTP/2.') : sixStreams]
  } catch (error) {
    return [
      fault(
        `No TLS connection: ${reasonOf(error)}.`,
        'Look at the address, the port, and whether what listens there speaks TLS: http:// in place of https://?',
      ),
    ]
  } finally {
    socket.destroy()
  }
}

const sixStreams = ok('HTTP/1.1: a browser opens six connections to a host, and each stream takes one.')

async function plain(host: string): Promise<Finding> {
  if (await isLoopback(host).catch(() => true)) return ok('Plain HTTP, on this machine.')
  return warning(
    'Plain HTTP: whoever is on the way can read keys and messages.',
    'Put a proxy with a certificate in front: docs/deployment.md has two.',
  )
}

function certificateOf(socket: TLSSocket, host: string): Finding {
  const { valid_to } = socket.getPeerCertificate()
  if (!socket.authorized) {
    const { authorizationError } = socket
    const code = authorizationError instanceof Error ? authorizationError.message : String(authorizationError)
    return fault(
      `The certificate of ${host} is not trusted: ${code}.`,
      'If it is your own, name the file of its authority in NODE_EXTRA_CA_CERTS; clients have to trust it, too.',
    )
  }
  const days = Math.floor((Date.parse(valid_to) - Date.now()) / 86_400_000)
  const found = `${socket.getProtocol()}; the certificate is valid for ${days} days.`
  return days < soon ? warning(found, 'Renew it.') : ok(found)
}
