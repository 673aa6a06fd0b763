import type { SessionRecord } from '../../session-store.js'
import { nextTick } from '../watch-change.js'
import { changedSession } from './changed-results.fixture.js'
import type { Mistakes } from './wrong-store.fixture.js'

export const expiryMistakes: Mistakes = {
  'keeps a session a millisecond too long': (right) => ({
    getSession: (ref, now) => right.getSession(ref, now - 1),
  }),
  'ends a session a millisecond too early': (right) => ({
    getSession: (ref, now) => right.getSession(ref, now + 1),
  }),
  'lists the messages of an expired session': (right) => ({
    listMessages: (ref, page) => right.listMessages(ref, page, 0),
  }),
  'finds turns of an expired session': (right) => ({ getTurn: (ref) => right.getTurn(ref, 0) }),
  'reads events of an expired session': (right) => ({
    readEvents: (ref, range) => right.readEvents(ref, range, 0),
  }),
  'deletes an expired session': (right) => ({ deleteSession: (ref) => right.deleteSession(ref, 0) }),
  'counts expired sessions': (right) => ({ countSessions: () => right.countSessions(0) }),
  'accepts turns in an expired session': (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      return accepted.outcome === 'session_not_found' ? right.acceptTurn({ ...request, now: 0 }) : accepted
    },
  }),
  'prolongs a life by reading': (right) => {
    const read = new Map<string, SessionRecord>()
    return {
      async getSession(ref, now) {
        const session = (await right.getSession(ref, now)) ?? read.get(ref.sessionId)
        if (session !== undefined) read.set(ref.sessionId, session)
        return session
      },
    }
  },
  'lets the life of a session begin when it was made': changedSession((session) => ({
    ...session,
    expiresAt: session.expiresAt === null ? null : session.createdAt + session.ttlMs,
  })),
  'lets all sessions live as long as the first': (right) => {
    let ttlMs = 0
    return {
      createSession: (session, bound) => {
        ttlMs ||= session.ttlMs
        return right.createSession({ ...session, ttlMs }, bound)
      },
    }
  },
  'forgets how long a session made with its first turn is to live': (right) => ({
    acceptTurn: ({ create, ...request }) =>
      right.acceptTurn({
        ...request,
        create: create && { ...create, session: { ...create.session, ttlMs: 60_000 } },
      }),
  }),
  'lets a session expire during a turn': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      return session !== undefined && now < session.lastActiveAt + session.ttlMs ? session : undefined
    },
  }),
  'finds no live turn whose session has outlived its time': (right) => ({
    async getTurn(ref, now) {
      const session = await right.getSession(ref, now)
      const isLate = session !== undefined && now >= session.lastActiveAt + session.ttlMs
      return isLate ? undefined : right.getTurn(ref, now)
    },
  }),
  'does not delete a session that has outlived its time': (right) => ({
    async deleteSession(ref, now) {
      const session = await right.getSession(ref, now)
      const isLate = session !== undefined && now >= session.lastActiveAt + session.ttlMs
      return isLate ? false : right.deleteSession(ref, now)
    },
  }),
  'collects what has expired when it counts': (right) => ({
    async countSessions(now) {
      await right.collectExpired(now, Number.POSITIVE_INFINITY)
      return right.countSessions(now)
    },
  }),
  'collects what has expired when it lists': (right) => ({
    async listSessions(page, now) {
      await right.collectExpired(now, Number.POSITIVE_INFINITY)
      return right.listSessions(page, now)
    },
  }),
  'lists expired sessions': (right) => ({
    listSessions: (page) => right.listSessions(page, 0),
  }),
  'fills a page with expired sessions, and leaves those out afterwards': (right) => ({
    async listSessions(page, now) {
      const { sessions, more } = await right.listSessions(page, 0)
      return {
        sessions: sessions.filter(({ expiresAt }) => expiresAt === null || expiresAt > now),
        more,
      }
    },
  }),
  'collects more than it is told to': (right) => ({
    collectExpired: (now, limit) => right.collectExpired(now, limit + 1),
  }),
  'collects less than it could': (right) => ({
    collectExpired: (now, limit) => right.collectExpired(now, limit - 1),
  }),
  'claims to have collected as many as it was told to': (right) => ({
    async collectExpired(now, limit) {
      await right.collectExpired(now, limit)
      return limit
    },
  }),
  'looks for a session first and accepts a turn in it later, there or not': (right) => ({
    async acceptTurn(request) {
      const { ref, now } = request
      const session = await right.getSession(ref, now)
      await nextTick()
      const accepted = await right.acceptTurn(request)
      if (session === undefined || accepted.outcome !== 'session_not_found') return accepted
      const started = { type: 'turn.started', sessionId: ref.sessionId, turnId: ref.turnId, seq: 1 } as const
      return { outcome: 'accepted', session, started, history: [], state: null, evicted: 0 }
    },
  }),
}
