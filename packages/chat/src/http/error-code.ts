/** How far down the causes of an error its code is looked for. */
const deepest = 5

/**
 * What went wrong on the network, as a code such as `ECONNREFUSED`, `ENOTFOUND` or `CERT_HAS_EXPIRED`; undefined when nothing
 * tells. The texts of such errors are nobody's to vouch for: a `fetch` that was handed in may put anything in them.
 */
export function errorCode(error: unknown): string | undefined {
  let cause = error
  for (let depth = 0; depth < deepest && typeof cause === 'object' && cause !== null; depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(cause.code))
      return cause.code
    cause = 'cause' in cause ? cause.cause : undefined
  }
  return undefined
}
