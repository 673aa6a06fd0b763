/** Codes of one word that providers, gRPC and systems have. Any other single word could be a key. */
const words: ReadonlySet<string> = new Set(
  [
    'overloaded unavailable unauthenticated internal aborted cancelled unknown',
    'error requests tokens forbidden unauthorized timeout conflict ResponsibleAIPolicyViolation',
    'UNAVAILABLE UNAUTHENTICATED INTERNAL ABORTED CANCELLED UNKNOWN UNIMPLEMENTED',
    'ENOTFOUND ECONNREFUSED ECONNRESET ECONNABORTED EHOSTUNREACH ENETUNREACH ENETDOWN EADDRNOTAVAIL',
    'ETIMEDOUT EPIPE EPROTO EACCES EMFILE ENFILE ENOBUFS',
  ].flatMap((line) => line.split(' ')),
)

/**
 * Whether it is a code as providers and systems have them, and none that could be a key which the provider repeats: one of
 * the known words, or two to eight short words of one case with underscores between them.
 */
export function isCode(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 48) return false
  return words.has(value) || isWords(value)
}

const isWords = (text: string) =>
  /^ERR_[A-Z0-9]{1,12}(?:_[A-Z0-9]{1,12}){0,6}$/.test(text) ||
  /^(?:[a-z]{1,14}(?:_[a-z]{1,14}){1,7}|[A-Z]{1,14}(?:_[A-Z]{1,14}){1,7})$/.test(text)
