/** Why a connection failed, in a few words. OpenSSL's own are beside a message with places in its source. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('reason' in error && typeof error.reason === 'string') return error.reason
  const code = 'code' in error ? String(error.code) : ''
  return code === 'EPROTO' ? 'it does not speak TLS' : error.message || code
}
