/**
 * What to tell about a server that could not be asked, and what to do.
 *
 * @param cause what `fetch` failed with
 * @param detail what the client says, for causes that are not known here
 */
export function explainNetworkError(cause: unknown, detail: string, url: string): string {
  const code = codeOf(cause) ?? ''
  switch (code) {
    case 'ECONNREFUSED':
      return `No server answers at ${url}. Start one with: colloquy serve`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of ${url} is not known. Choose a server with --url or COLLOQUY_URL.`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `${url} can't be reached (${code}). Check the address, the network and any firewall between.`
    case 'UND_ERR_SOCKET':
      return `${detail} ${url}, or a proxy before it, closed the connection. ${closedHint(url)}`
    case 'CERT_HAS_EXPIRED':
      return `The certificate of ${url} has expired. It has to be renewed there.`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate of ${url} is for another host. Use the name that it is for, with --url or COLLOQUY_URL.`
    default:
      if (isBadPort(cause))
        return `The port of ${url} belongs to another protocol: no client asks it for HTTP. Choose a server with --url or COLLOQUY_URL.`
      if (untrusted.has(code)) return untrustedText(url, code)
      if (noTls.has(code)) return `${url} does not speak TLS. Say http:// in place of https://.`
      return `${detail} (${url}${code === '' ? '' : `, ${code}`})`
  }
}

function closedHint(url: string): string {
  return url.startsWith('https:') ? 'Try again.' : 'Try again, or say https:// if it speaks TLS.'
}

function untrustedText(url: string, code: string): string {
  return (
    `The certificate of ${url} is not trusted (${code}). ` +
    'If it is your own, name the file of its authority in the variable NODE_EXTRA_CA_CERTS.'
  )
}

/** Why OpenSSL trusts no certificate that may be in order all the same. */
const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** What OpenSSL says of an answer that is HTTP without it. */
const noTls: ReadonlySet<string> = new Set([
  'EPROTO',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
])

/** What `fetch` says of the ports that it never asks (https://fetch.spec.whatwg.org/#port-blocking). */
function isBadPort(cause: unknown): boolean {
  return cause instanceof Error && (cause.message === 'bad port' || isBadPort(cause.cause))
}

/** The system's code: `fetch` puts it one or two causes deep. */
function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return codeOf(cause.cause)
}
