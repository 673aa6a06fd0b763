import type { SessionRecord } from '../../session-store.js'
import { changedAccept } from './changed-results.fixture.js'
import { type Mistakes, without } from './wrong-store.fixture.js'

export const updateMistakes: Mistakes = {
  'replaces metadata as a whole': (right) => ({
    async updateSession(ref, change, now) {
      const before = await right.getSession(ref, now)
      const gone = Object.fromEntries(Object.keys(before?.metadata ?? {}).map((key) => [key, null]))
      return right.updateSession(ref, { ...change, metadata: { ...gone, ...change.metadata } }, now)
    },
  }),
  'removes no key': (right) => ({
    updateSession: (ref, change, now) => {
      const kept = Object.entries(change.metadata ?? {}).filter(([, value]) => value !== null)
      return right.updateSession(ref, { ...change, metadata: Object.fromEntries(kept) }, now)
    },
  }),
  'knows no bound of pairs': (right) => ({
    updateSession: (ref, change, now) => right.updateSession(ref, { ...change, maxPairs: 100 }, now),
  }),
  'changes the life of a session whose metadata it refuses': (right) => ({
    async updateSession(ref, change, now) {
      await right.updateSession(ref, without(change, 'metadata'), now)
      return right.updateSession(ref, change, now)
    },
  }),
  'tells the next turn the metadata from before the change': (right) => {
    const made = new Map<string, SessionRecord['metadata']>()
    return {
      createSession: (session, bound) => {
        made.set(session.sessionId, session.metadata)
        return right.createSession(session, bound)
      },
      ...changedAccept((accepted) => {
        const metadata = made.get(accepted.session.sessionId) ?? accepted.session.metadata
        return { ...accepted, session: { ...accepted.session, metadata } }
      })(right),
    }
  },
  'keeps the time to live': (right) => ({
    updateSession: (ref, change, now) => right.updateSession(ref, without(change, 'ttlMs'), now),
  }),
  'changes expired sessions': (right) => ({
    updateSession: (ref, change) => right.updateSession(ref, change, 0),
  }),
}
