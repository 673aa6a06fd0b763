import type { SessionPage, SessionPageRequest } from '../session-store.js'
import { amongOwn, type MemorySession } from './memory-session.js'

/**
 * A page of an owner's sessions, from a list that has the most recently active one last. It goes over the page, over the
 * moments at its ends and over what has expired in between and is not yet collected; only behind a session that has moved
 * or is gone, it has to look for the place.
 *
 * @param own the owner's sessions: the last one of the list, and the one before the page, if it is still kept
 */
export function sessionPage(
  { last, known }: { readonly last: MemorySession | null; readonly known: MemorySession | undefined },
  { limit, after }: SessionPageRequest,
  now: number,
): SessionPage {
  const sessions: MemorySession[] = []
  let session = after === undefined ? last : firstOfMoment(last, known, after.lastActiveAt)
  while (session !== null && sessions.length <= limit) {
    const at = session.lastActiveAt
    const moment: MemorySession[] = []
    for (; session !== null && session.lastActiveAt === at; session = amongOwn.before(session)) {
      const isSeen = after !== undefined && at === after.lastActiveAt && session.sessionId <= after.sessionId
      if (!isSeen && !session.hasExpired(now)) moment.push(session)
    }
    sessions.push(...moment.sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1)))
  }
  return { sessions: sessions.slice(0, limit).map((item) => item.record()), more: sessions.length > limit }
}

/** The first session, from the most recent one on, that was last active at this moment or before it. */
function firstOfMoment(
  last: MemorySession | null,
  known: MemorySession | undefined,
  at: number,
): MemorySession | null {
  let session = known?.lastActiveAt === at ? known : last
  while (session !== null && session.lastActiveAt > at) session = amongOwn.before(session)
  for (let next = session; next?.lastActiveAt === at; next = amongOwn.after(next)) session = next
  return session
}
