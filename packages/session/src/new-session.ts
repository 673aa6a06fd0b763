import type { Metadata } from './check-input.js'
import type { SessionLimits } from './limits.js'
import type { NewSession, SessionRef } from './session-store.js'

/** A session that is made now, with what is said of it, and within the limits. */
export function newSession(
  { owner, sessionId }: SessionRef,
  now: number,
  { sessionTtlMs, sessionMaxAgeMs }: Pick<SessionLimits, 'sessionTtlMs' | 'sessionMaxAgeMs'>,
  {
    chat,
    metadata = {},
    ttlMs = sessionTtlMs,
  }: { readonly chat: string | null; readonly metadata?: Metadata; readonly ttlMs?: number },
): NewSession {
  return {
    owner,
    sessionId,
    createdAt: now,
    endsAt: sessionMaxAgeMs === null ? null : now + sessionMaxAgeMs,
    ttlMs,
    metadata: Object.freeze({ ...metadata }),
    chat,
  }
}
