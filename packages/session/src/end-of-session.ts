import type { SessionLimits } from './limits.js'

/** When a session that is made now ends at the latest. */
export function endOfSession(now: number, { sessionMaxAgeMs }: SessionLimits): number | null {
  return sessionMaxAgeMs === null ? null : now + sessionMaxAgeMs
}
