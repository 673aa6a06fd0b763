import type { ChatOptions } from './options.js'

/** The header that has the key. */
export const keyHeader = 'idempotency-key'

/**
 * The key of a chat: the one that was given, in the options or as a header, or else a new one; null when there is to be
 * none. Throws a `TypeError` for one that the API does not take.
 */
export function idempotencyKeyOf({ idempotencyKey, headers }: ChatOptions): string | null {
  if (idempotencyKey === null) return null
  const given = idempotencyKey ?? new Headers(headers).get(keyHeader) ?? newKey()
  if (/^[\x21-\x7e]{1,255}$/.test(given)) return given
  throw new TypeError('An idempotency key has to be 1 to 255 visible ASCII characters, such as "order-17"')
}

/** 128 random bits. Not `randomUUID`: a page that came over plain http has none. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
