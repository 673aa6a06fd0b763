import type { SessionChange, SessionRef, UpdateOutcome } from '../session-store.js'
import { readJson } from './read-json.js'
import { expiryAfter, sessionRecord } from './session-table.js'
import type { Tables } from './tables.js'

/** Changes a session, all at once or not at all. */
export function updateSession(
  { sessions }: Tables,
  ref: SessionRef,
  change: SessionChange,
  now: number,
): UpdateOutcome {
  const row = sessions.find(ref, now)
  if (row === undefined) return { outcome: 'session_not_found' }
  const known = readJson(row.metadata) as Record<string, string>
  const merged = Object.entries({ ...known, ...change.metadata })
  const metadata = Object.fromEntries(merged.filter(([, value]) => value !== null))
  const pairs = Object.keys(metadata).length
  if (pairs > change.maxPairs) return { outcome: 'too_many_pairs', pairs }
  row.metadata = JSON.stringify(metadata)
  if (change.ttlMs !== undefined) {
    row.ttl_ms = change.ttlMs
    if (row.expires_at !== null) row.expires_at = expiryAfter(row.last_active_at, row)
  }
  sessions.save(row)
  return { outcome: 'updated', session: sessionRecord(row) }
}
