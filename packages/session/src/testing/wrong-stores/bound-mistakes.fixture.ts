import type { NewSession, SessionBound, SessionRecord, SessionStore } from '../../session-store.js'
import { nextTick } from '../watch-change.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

/** Looks whether there is room, and makes a session later on, whatever has happened meanwhile. */
async function checkFirst(right: SessionStore, bound: SessionBound): Promise<SessionBound> {
  const count = await right.countSessions(bound.now)
  await nextTick()
  return count < bound.maxSessions ? { ...bound, maxSessions: Number.POSITIVE_INFINITY } : bound
}

/** Evicts another session than it should. */
const evicting =
  (choose: (sessions: readonly SessionRecord[], bound: SessionBound) => readonly SessionRecord[]): Mistake =>
  (right) => {
    const known: NewSession[] = []
    return {
      async createSession(session, bound) {
        const all = await Promise.all(known.map((session) => right.getSession(session, bound.now)))
        const sessions = all.filter((found) => found !== undefined)
        const chosen = sessions.length < bound.maxSessions ? [] : choose(sessions, bound)
        for (const session of chosen) await right.deleteSession(session, bound.now)
        known.push(session)
        const created = await right.createSession(session, bound)
        return created.outcome === 'created'
          ? { ...created, evicted: created.evicted + chosen.length }
          : created
      },
    }
  }

/** Evicts all of an owner that may be evicted; returns how many. */
async function evictIdle(
  right: SessionStore,
  owner: string,
  { whenFull, now }: SessionBound,
): Promise<number> {
  if (whenFull === 'reject') return 0
  const { sessions } = await right.listSessions({ owner, limit: 1_000 }, now)
  const chosen = sessions.filter(({ expiresAt }) => expiresAt !== null)
  for (const session of chosen) await right.deleteSession(session, now)
  return chosen.length
}

const idle = (sessions: readonly SessionRecord[], { whenFull }: SessionBound) =>
  whenFull === 'evict' ? sessions.filter(({ activeTurnId }) => activeTurnId === null) : []

export const boundMistakes: Mistakes = {
  'looks for room first and makes a session later': (right) => ({
    createSession: async (session, bound) => right.createSession(session, await checkFirst(right, bound)),
  }),
  'looks for room first and makes a session with its first turn later': (right) => ({
    async acceptTurn(request) {
      const { create } = request
      if (create === null) return right.acceptTurn(request)
      const bound = await checkFirst(right, create.bound)
      return right.acceptTurn({ ...request, create: { ...create, bound } })
    },
  }),
  'makes a session first and evicts another later': (right) => ({
    async createSession(session, bound) {
      if (bound.whenFull === 'reject') return right.createSession(session, bound)
      const created = await right.createSession(session, { ...bound, maxSessions: Number.POSITIVE_INFINITY })
      await nextTick()
      if ((await right.countSessions(bound.now)) <= bound.maxSessions) return created
      const evictor = { ...session, sessionId: `${session.sessionId}_evictor` }
      const made = await right.createSession(evictor, { ...bound, maxSessions: bound.maxSessions + 1 })
      await right.deleteSession(evictor, bound.now)
      return made.outcome === 'full' || created.outcome === 'full'
        ? made
        : { ...created, evicted: made.evicted }
    },
  }),
  'has room for one more': (right) => ({
    createSession: (session, bound) =>
      right.createSession(session, { ...bound, maxSessions: bound.maxSessions + 1 }),
  }),
  'has room for one less': (right) => ({
    createSession: (session, bound) =>
      right.createSession(session, { ...bound, maxSessions: bound.maxSessions - 1 }),
  }),
  'knows no bound for sessions made with their first turn': (right) => ({
    acceptTurn: ({ create, ...request }) =>
      right.acceptTurn({
        ...request,
        create: create && { ...create, bound: { ...create.bound, maxSessions: 1_000 } },
      }),
  }),
  'evicts nothing for sessions made with their first turn': (right) => ({
    acceptTurn: ({ create, ...request }) =>
      right.acceptTurn({
        ...request,
        create: create && { ...create, bound: { ...create.bound, whenFull: 'reject' } },
      }),
  }),
  'is full of expired sessions when none may be evicted': (right) => {
    const known: NewSession[] = []
    return {
      async createSession(session, bound) {
        const found = await Promise.all(known.map((session) => right.getSession(session, 0)))
        const count = found.filter((session) => session !== undefined).length
        if (bound.whenFull === 'reject' && count >= bound.maxSessions) return { outcome: 'full' }
        known.push(session)
        return right.createSession(session, bound)
      },
    }
  },
  'counts expired sessions among the evicted': (right) => ({
    async createSession(session, bound) {
      const before = await right.countSessions(0)
      const created = await right.createSession(session, bound)
      const evicted = before + 1 - (await right.countSessions(0))
      return created.outcome === 'created' ? { ...created, evicted } : created
    },
  }),
  'does not tell how many were evicted': (right) => ({
    async createSession(session, bound) {
      const created = await right.createSession(session, bound)
      return created.outcome === 'created' ? { ...created, evicted: 0 } : created
    },
  }),
  'evicts where none may be': (right) => ({
    createSession: (session, bound) => right.createSession(session, { ...bound, whenFull: 'evict' }),
  }),
  'evicts the oldest session, however active': evicting((sessions, bound) =>
    idle(sessions, bound).slice(0, 1),
  ),
  'evicts the most recently active session': evicting((sessions, bound) =>
    idle(sessions, bound)
      .sort((a, b) => b.lastActiveAt - a.lastActiveAt)
      .slice(0, 1),
  ),
  'evicts all idle sessions': evicting(idle),
  'evicts a session with a live turn': evicting((sessions, { whenFull }) =>
    whenFull === 'evict' ? sessions.slice(0, 1) : [],
  ),
  'lets a live session give way that has outlived its time': evicting((sessions, { now }) =>
    sessions.filter(({ lastActiveAt, ttlMs }) => now >= lastActiveAt + ttlMs),
  ),
  'evicts whoever may be, and is full then': (right) => ({
    async createSession(session, bound) {
      const made = await right.createSession(session, bound)
      if (made.outcome === 'full') await evictIdle(right, session.owner, bound)
      return made
    },
  }),
  'evicts whoever may be, and is full for a first message then': (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      if (accepted.outcome === 'full' && request.create !== null)
        await evictIdle(right, request.ref.owner, request.create.bound)
      return accepted
    },
  }),
  'collects what has expired, and is full then': (right) => ({
    async createSession(session, bound) {
      const made = await right.createSession(session, bound)
      if (made.outcome === 'full') await right.collectExpired(bound.now, Number.POSITIVE_INFINITY)
      return made
    },
  }),
  'makes room before it looks at the key, where very many are too many': (right) => ({
    async acceptTurn(request) {
      const { create, ref } = request
      const isNarrow =
        create !== null && (await right.countSessions(request.now)) > create.bound.maxSessions + 100
      const evicted = isNarrow ? await evictIdle(right, ref.owner, create.bound) : 0
      const accepted = await right.acceptTurn(request)
      return accepted.outcome === 'accepted' ? { ...accepted, evicted: accepted.evicted + evicted } : accepted
    },
  }),
  'evicts one session at most': (right) => ({
    async createSession(session, bound) {
      const count = await right.countSessions(bound.now)
      return right.createSession(session, { ...bound, maxSessions: Math.max(bound.maxSessions, count) })
    },
  }),
  'takes reading for activity': (right) => {
    const read = new Set<string>()
    const evict = evicting((sessions, bound) =>
      read.size === 0
        ? []
        : idle(sessions, bound)
            .filter(({ sessionId }) => !read.has(sessionId))
            .slice(0, 1),
    )
    return {
      ...evict(right),
      getSession: (session, now) => {
        read.add(session.sessionId)
        return right.getSession(session, now)
      },
    }
  },
}
