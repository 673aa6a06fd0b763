import type { SessionBound } from '../session-store.js'
import type { RemovableSession } from './session-table.js'
import type { Tables } from './tables.js'
import { createTimeSlice } from './time-slice.js'

/** Removes a session: from then on it is gone for everybody. What belonged to it is deleted later, bit by bit. */
export function removeSession({ sessions, live, removed, states }: Tables, session: RemovableSession): void {
  const { id, turn_count } = session
  sessions.delete(session)
  if (turn_count === 0) {
    states.delete(id) // it may have been imported with one
    return
  }
  live.deleteAll(id)
  removed.add(id)
}

/** Removes up to `limit` expired sessions, as many as the time allows; returns how many. None means that none is left. */
export function removeExpired(tables: Tables, now: number, limit: number): number {
  const slice = createTimeSlice()
  let count = 0
  while (count < limit) {
    const session = tables.sessions.expired(now)
    if (session === undefined) break
    removeSession(tables, session)
    count += 1
    if (slice.isOver()) break
  }
  return count
}

/**
 * Makes room for one session; returns how many were evicted for it, or null when there is no room to make: then none was
 * removed.
 */
export function makeRoom(tables: Tables, bound: SessionBound): number | null {
  let { total } = tables.sessions
  if (!canMakeRoom(tables, bound, total)) return null
  let evicted = 0
  for (; total >= bound.maxSessions; total -= 1) {
    const gone = removeOne(tables, bound)
    if (gone === null) return null
    if (gone === 'evicted') evicted += 1
  }
  return evicted
}

/** Tells whether as many may give way as have to, where that is more than one: whether one may is soon found out. */
function canMakeRoom(
  { sessions, live }: Tables,
  { maxSessions, whenFull, now }: SessionBound,
  total: number,
): boolean {
  const tooMany = total + 1 - maxSessions
  if (tooMany <= 1) return true
  return tooMany <= (whenFull === 'evict' ? total - live.countSessions() : sessions.countExpired(now))
}

/** How many sessions may have to give way in one go. */
const fewSessions = 100

/** Tells whether very many sessions have to give way. */
export function isMuchTooNarrow({ sessions }: Tables, { maxSessions }: SessionBound): boolean {
  return sessions.total >= maxSessions + fewSessions
}

/**
 * Where very many have to give way, because a bound is narrower than it was, makes room as far as the time allows.
 *
 * @returns how many were evicted, and whether no more have to give way, or can, than may in one go
 */
export function makeSomeRoom(
  tables: Tables,
  bound: SessionBound,
): { readonly evicted: number; readonly isDone: boolean } {
  const slice = createTimeSlice()
  let evicted = 0
  if (!canMakeRoom(tables, bound, tables.sessions.total)) return { evicted, isDone: true }
  while (isMuchTooNarrow(tables, bound)) {
    if (slice.isOver()) return { evicted, isDone: false }
    const gone = removeOne(tables, bound)
    if (gone === null) break
    if (gone === 'evicted') evicted += 1
  }
  return { evicted, isDone: true }
}

/** Removes the session that has to give way first; null when none may. */
function removeOne(tables: Tables, { whenFull, now }: SessionBound): 'expired' | 'evicted' | null {
  const expired = tables.sessions.expired(now)
  const session = expired ?? (whenFull === 'evict' ? tables.sessions.leastActive() : undefined)
  if (session === undefined) return null
  removeSession(tables, session)
  return expired === undefined ? 'evicted' : 'expired'
}
