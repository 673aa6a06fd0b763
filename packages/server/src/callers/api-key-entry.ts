import { createHash, randomBytes } from 'node:crypto'

/** What a server keeps of a key: whose it is, and its fingerprint. The key itself can't be had back from it. */
export interface ApiKeyEntry {
  /**
   * 1–64 of the characters A–Z, a–z, 0–9, dot, underscore and hyphen; never what begins as a key does. Several keys may
   * have one name.
   */
  readonly name: string
  /** The SHA-256 of the key's UTF-8 bytes (FIPS 180-4), as 64 hex digits in lower case. */
  readonly hash: string
}

/** What every key begins with, so that people and secret scanners know one when they see it. */
export const apiKeyPrefix = 'clq_'

/** How much of a key is chance, in bytes: too much to guess, which is why a plain hash of it is enough. */
const keyBytes = 32

/** Tells whether a text can be the name of a key. A key itself can't: it would be kept, and logged. */
export function isApiKeyName(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,64}$/.test(text) && !text.startsWith(apiKeyPrefix)
}

/** Reads an entry, `name:sha256hex`, with hex digits of either case; null when it is none. Blanks around it are no part of it. */
export function readApiKeyEntry(text: string): ApiKeyEntry | null {
  const [, name = '', hash = ''] = /^([^:]*):([0-9A-Fa-f]{64})$/.exec(text.trim()) ?? []
  return isApiKeyName(name) ? { name, hash: hash.toLowerCase() } : null
}

/** Writes an entry as {@link readApiKeyEntry} reads it: `name:sha256hex`. */
export function writeApiKeyEntry({ name, hash }: ApiKeyEntry): string {
  return `${name}:${hash}`
}

/** The SHA-256 of a key, as 64 hex digits in lower case. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/**
 * Makes a key: `clq_` and 32 bytes of chance in base64url (RFC 4648, section 5). Show it once; keep only its entry.
 *
 * @throws RangeError when the name can be none
 */
export function createApiKey(name: string): { readonly key: string; readonly entry: ApiKeyEntry } {
  checkName(name)
  const key = apiKeyPrefix + randomBytes(keyBytes).toString('base64url')
  return { key, entry: { name, hash: hashApiKey(key) } }
}

/**
 * Checks an entry that somebody else has made.
 *
 * @throws RangeError that names the entry, and tells nothing of its hash
 */
export function checkApiKeyEntry({ name, hash }: ApiKeyEntry): void {
  checkName(name)
  if (!/^[0-9a-f]{64}$/i.test(hash)) {
    throw new RangeError(
      `The hash of the key ${name} is no SHA-256 in 64 hex digits: hashApiKey makes one of a key.`,
    )
  }
}

function checkName(name: string): void {
  if (isApiKeyName(name)) return
  // It may be a key by mistake: then it is not repeated.
  throw new RangeError(
    name.startsWith(apiKeyPrefix)
      ? `The name of a key does not begin with "${apiKeyPrefix}", as keys themselves do. An example: web-shop`
      : 'The name of a key is 1 to 64 of the characters A-Z, a-z, 0-9, ".", "_" and "-". An example: web-shop',
  )
}
