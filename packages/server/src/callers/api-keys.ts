import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type ApiKeyEntry, checkApiKeyEntry, hashApiKey } from './api-key-entry.js'
import type { Authenticate } from './authenticate.js'

/** The keys of a server. */
export interface ApiKeys {
  /** Knows callers by `Authorization: Bearer <key>` (RFC 6750, section 2.1); each owns what its key's name made. */
  readonly authenticate: Authenticate
  /**
   * Puts other keys in the place of these, at once: who comes with an old one from now on is unknown.
   *
   * @throws RangeError when an entry is none; the keys stay as they were
   */
  replace(entries: readonly ApiKeyEntry[]): void
}

/**
 * Makes the keys of a server from their entries, which hold no key in plain text.
 *
 * @throws RangeError when an entry is none
 */
export function createApiKeys(entries: readonly ApiKeyEntry[]): ApiKeys {
  let known = entries.map(readyToCompare)
  return {
    authenticate(request) {
      const key = bearerTokenOf(request)
      if (key === null) return null
      const hash = Buffer.from(hashApiKey(key), 'hex')
      let name: string | null = null
      // All are compared, each in constant time: how long it takes tells nothing of which one was nearly right.
      for (const entry of known) if (timingSafeEqual(entry.hash, hash)) name = entry.name
      return name === null ? null : { owner: name, name }
    },
    replace(entries) {
      known = entries.map(readyToCompare)
    },
  }
}

function readyToCompare(entry: ApiKeyEntry): { readonly name: string; readonly hash: Buffer } {
  checkApiKeyEntry(entry)
  const { name, hash } = entry
  return { name, hash: Buffer.from(hash, 'hex') }
}

/**
 * The token of the `Authorization` header, whose scheme may be in any case (RFC 9110, section 11.1); null where there are
 * several: Node keeps the first, and something in front may have looked at the last.
 */
function bearerTokenOf({ headers, rawHeaders }: IncomingMessage): string | null {
  const names = rawHeaders.filter((_, index) => index % 2 === 0)
  if (names.filter((name) => name.toLowerCase() === 'authorization').length > 1) return null
  return /^bearer +([\w.~+/-]+=*)$/i.exec(headers.authorization ?? '')?.[1] ?? null
}
