import { mergeMetadata } from '../merge-metadata.js'
import type { SessionChange, SessionRef, UpdateOutcome } from '../session-store.js'
import { readJson } from './read-json.js'
import { idleExpiry, sessionRecord } from './session-table.js'
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
  const metadata = mergeMetadata(known, change.metadata)
  const pairs = Object.keys(metadata).length
  if (pairs > change.maxPairs) return { outcome: 'too_many_pairs', pairs }
  row.metadata = JSON.stringify(metadata)
  if (change.ttlMs !== undefined) {
    row.ttl_ms = change.ttlMs
    if (row.expires_at !== null) row.expires_at = idleExpiry(row)
  }
  sessions.save(row)
  return { outcome: 'updated', session: sessionRecord(row) }
}
