import type { NewSession } from '../../session-store.js'
import { changedSession } from './changed-results.fixture.js'
import type { Mistakes } from './wrong-store.fixture.js'

const endless = (session: NewSession): NewSession => ({ ...session, endsAt: null })

export const lifetimeMistakes: Mistakes = {
  'lets a session live as long as it is active': (right) => ({
    createSession: (session, bound) => right.createSession(endless(session), bound),
    acceptTurn: (request) =>
      right.acceptTurn({
        ...request,
        create: request.create && { ...request.create, session: endless(request.create.session) },
      }),
  }),
  'forgets the end of a session that is made with its first turn': (right) => ({
    acceptTurn: (request) =>
      right.acceptTurn({
        ...request,
        create: request.create && { ...request.create, session: endless(request.create.session) },
      }),
  }),
  'takes turns past the end of a session in which one is live': (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      const isLive = (await right.getSession(request.ref, request.now)) !== undefined
      return accepted.outcome === 'session_not_found' && isLive
        ? right.acceptTurn({ ...request, now: 0 })
        : accepted
    },
  }),
  'does not tell when a session ends': changedSession((session) => ({ ...session, endsAt: null })),
  'lists sessions without their ends': (right) => ({
    async listSessions(page, now) {
      const found = await right.listSessions(page, now)
      return { ...found, sessions: found.sessions.map((session) => ({ ...session, endsAt: null })) }
    },
  }),
  'takes no end for one after the first life': (right) => ({
    createSession: (session, bound) =>
      right.createSession({ ...session, endsAt: session.endsAt ?? session.createdAt + session.ttlMs }, bound),
  }),
  'looks at the end when a session is made only': changedSession((session) =>
    session.expiresAt === null || session.lastActiveAt === session.createdAt
      ? session
      : { ...session, expiresAt: session.lastActiveAt + session.ttlMs },
  ),
  'lets a session live to its end however idle it is': changedSession((session) =>
    session.expiresAt === null ? session : { ...session, expiresAt: session.endsAt ?? session.expiresAt },
  ),
  'finds a session past its end until it has been idle, too': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      const before = await right.getSession(ref, 0)
      const isIdle = before !== undefined && now >= before.lastActiveAt + before.ttlMs
      return session ?? (isIdle ? undefined : before)
    },
  }),
  'ends a session with a live turn': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      return session !== undefined && session.endsAt !== null && now >= session.endsAt ? undefined : session
    },
  }),
  'tells the end of a session while a turn is live': changedSession((session) => ({
    ...session,
    expiresAt: session.expiresAt ?? session.endsAt,
  })),
  'collects no session before it has been idle': (right) => {
    const sessions: NewSession[] = []
    return {
      createSession: (session, bound) => {
        sessions.push(session)
        return right.createSession(session, bound)
      },
      async collectExpired(now, limit) {
        const found = await Promise.all(sessions.map((session) => right.getSession(session, 0)))
        const isIdle = found.every(
          (session) => session === undefined || now >= session.lastActiveAt + session.ttlMs,
        )
        return isIdle ? right.collectExpired(now, limit) : 0
      },
    }
  },
  'accepts turns past the end of a session': (right) => ({
    async acceptTurn(request) {
      const told = await right.acceptTurn(request)
      return told.outcome === 'session_not_found' ? right.acceptTurn({ ...request, now: 0 }) : told
    },
  }),
  'counts sessions past their end': (right) => ({ countSessions: () => right.countSessions(0) }),
  'prolongs a session past its end by a change': (right) => ({
    async updateSession(ref, change, now) {
      const updated = await right.updateSession(ref, change, now)
      if (updated.outcome !== 'updated' || updated.session.expiresAt === null) return updated
      const { lastActiveAt, ttlMs } = updated.session
      return { ...updated, session: { ...updated.session, expiresAt: lastActiveAt + ttlMs } }
    },
  }),
  'takes the end of a session for its time to live when that is changed': (right) => ({
    async updateSession(ref, change, now) {
      const updated = await right.updateSession(ref, change, now)
      if (updated.outcome !== 'updated' || updated.session.expiresAt === null) return updated
      const { endsAt, expiresAt } = updated.session
      return { ...updated, session: { ...updated.session, expiresAt: endsAt ?? expiresAt } }
    },
  }),
  'keeps its place for a session past its end': (right) => {
    const sessions: NewSession[] = []
    return {
      async createSession(session, bound) {
        const found = await Promise.all(sessions.map((session) => right.getSession(session, 0)))
        const ended = found.filter(
          (session) =>
            session !== undefined && session.endsAt !== null && session.expiresAt === session.endsAt,
        )
        if (ended.length >= bound.maxSessions && bound.whenFull === 'reject') return { outcome: 'full' }
        sessions.push(session)
        return right.createSession(session, bound)
      },
    }
  },
  'is not rid of a session that ended with its last turn': (right) => ({
    async collectExpired(now, limit) {
      const { sessions } = await right.listSessions({ owner: 'owner-1', limit: 1_000 }, 0)
      const isLate = sessions.some(({ endsAt, lastActiveAt }) => endsAt !== null && lastActiveAt >= endsAt)
      return isLate ? 0 : right.collectExpired(now, limit)
    },
  }),
}
