import assert from 'node:assert/strict'
import type { ExportOptions, SessionExport } from '../session-export.js'
import type { SessionStore } from '../session-store.js'
import { start } from './store-fixture.js'

/** A store that can carry sessions to and from others. */
export type CarryingStore = SessionStore & Required<Pick<SessionStore, 'exportSessions' | 'importSession'>>

/** The store, which has to be one that can carry sessions. */
export function carrying(store: SessionStore): CarryingStore {
  assert(
    isCarrying(store),
    'The store has not both exportSessions and importSession. If it is to have neither, tell the suite: { carries: false }',
  )
  return store
}

function isCarrying(store: SessionStore): store is CarryingStore {
  return store.exportSessions !== undefined && store.importSession !== undefined
}

/** All sessions that a store exports. */
export async function exportAll(
  store: SessionStore,
  options: ExportOptions = {},
  now = start,
): Promise<readonly SessionExport[]> {
  const sessions: SessionExport[] = []
  for await (const session of carrying(store).exportSessions(options, now)) sessions.push(session)
  return sessions
}

/** The one session that a store exports. */
export async function exportOne(store: SessionStore, now = start): Promise<SessionExport> {
  const [session, ...others] = await exportAll(store, {}, now)
  assert(session !== undefined && others.length === 0, 'the store has not exactly one session to export')
  return session
}
