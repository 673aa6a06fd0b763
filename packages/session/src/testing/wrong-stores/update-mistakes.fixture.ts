import { type Mistakes, without } from './wrong-store.fixture.js'

export const updateMistakes: Mistakes = {
  'replaces metadata as a whole': (right) => ({
    async updateSession(sessionId, change, now) {
      const before = await right.getSession(sessionId, now)
      const gone = Object.fromEntries(Object.keys(before?.metadata ?? {}).map((key) => [key, null]))
      return right.updateSession(sessionId, { ...change, metadata: { ...gone, ...change.metadata } }, now)
    },
  }),
  'removes no key': (right) => ({
    updateSession: (sessionId, change, now) => {
      const kept = Object.entries(change.metadata ?? {}).filter(([, value]) => value !== null)
      return right.updateSession(sessionId, { ...change, metadata: Object.fromEntries(kept) }, now)
    },
  }),
  'knows no bound of pairs': (right) => ({
    updateSession: (sessionId, change, now) =>
      right.updateSession(sessionId, { ...change, maxPairs: 100 }, now),
  }),
  'changes the life of a session whose metadata it refuses': (right) => ({
    async updateSession(sessionId, change, now) {
      await right.updateSession(sessionId, without(change, 'metadata'), now)
      return right.updateSession(sessionId, change, now)
    },
  }),
  'keeps the time to live': (right) => ({
    updateSession: (sessionId, change, now) => right.updateSession(sessionId, without(change, 'ttlMs'), now),
  }),
  'changes expired sessions': (right) => ({
    updateSession: (sessionId, change) => right.updateSession(sessionId, change, 0),
  }),
}
