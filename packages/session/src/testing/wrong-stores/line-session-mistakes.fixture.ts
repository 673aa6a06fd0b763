import type { NewSession, SessionRecord } from '../../session-store.js'
import type { TurnRef } from '../../turn-event.js'
import { mine, owner } from '../store-fixture.js'
import { changedSession } from './changed-results.fixture.js'
import { neverBegan, queuedIn, turnsOf } from './line-view.fixture.js'
import { remembering } from './remembering.fixture.js'
import type { Mistakes } from './wrong-store.fixture.js'

/** Whether a session would have expired if the turns that wait did not count. */
const isLate = (session: SessionRecord | undefined, now: number): boolean =>
  session?.activeTurnId === null && now >= session.lastActiveAt + session.ttlMs

export const lineSessionMistakes: Mistakes = {
  'lets a session expire between two turns': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      return isLate(session, now) ? undefined : session
    },
  }),
  'tells when a session expires in which turns wait': changedSession((session) =>
    session.activeTurnId === null
      ? { ...session, expiresAt: session.expiresAt ?? session.lastActiveAt + session.ttlMs }
      : session,
  ),
  'collects sessions between two turns': remembering((memory) => (right) => ({
    async collectExpired(now, limit) {
      let collected = await right.collectExpired(now, limit)
      for (const { sessionId } of memory.accepted) {
        const session = await right.getSession(mine(sessionId), now)
        if (isLate(session, now) && (await right.deleteSession(mine(sessionId), now))) collected += 1
      }
      return collected
    },
  })),
  'counts no sessions between two turns': remembering((memory) => (right) => ({
    async countSessions(now) {
      const ids = [...new Set(memory.accepted.map(({ sessionId }) => sessionId))]
      const sessions = await Promise.all(ids.map((id) => right.getSession(mine(id), now)))
      const late = sessions.filter((session) => isLate(session, now))
      return (await right.countSessions(now)) - late.length
    },
  })),
  'lists no sessions between two turns': (right) => ({
    async listSessions(page, now) {
      const found = await right.listSessions(page, now)
      return { ...found, sessions: found.sessions.filter((session) => !isLate(session, now)) }
    },
  }),
  'shows no turns of a late session between two turns': (right) => ({
    async getTurn(ref, now) {
      return isLate(await right.getSession(ref, now), now) ? undefined : right.getTurn(ref, now)
    },
  }),
  'shows no events of a late session between two turns': (right) => ({
    async readEvents(ref, range, now) {
      return isLate(await right.getSession(ref, now), now) ? undefined : right.readEvents(ref, range, now)
    },
  }),
  'accepts no message in a late session between two turns': (right) => ({
    async acceptTurn(request) {
      const session = await right.getSession(request.ref, request.now)
      return isLate(session, request.now) ? { outcome: 'session_not_found' } : right.acceptTurn(request)
    },
  }),
  'evicts a session between two turns': (right) => {
    const known: NewSession[] = []
    return {
      async createSession(session, bound) {
        for (const other of known) {
          const found = await right.getSession(other, bound.now)
          const isBetween = found?.activeTurnId === null && found.expiresAt === null
          const isFull = (await right.countSessions(bound.now)) >= bound.maxSessions
          if (isBetween && isFull && bound.whenFull === 'evict') await right.deleteSession(other, bound.now)
        }
        known.push(session)
        return right.createSession(session, bound)
      },
    }
  },
  'lets a late session give way between two turns as if it had expired': (right) => {
    const known: NewSession[] = []
    return {
      async createSession(session, bound) {
        for (const other of known) {
          const found = await right.getSession(other, bound.now)
          if (found?.expiresAt === null && isLate(found, bound.now))
            await right.deleteSession(other, bound.now)
        }
        known.push(session)
        return right.createSession(session, bound)
      },
    }
  },
  'counts the life of a session anew by a change between two turns': (right) => ({
    async updateSession(ref, change, now) {
      const updated = await right.updateSession(ref, change, now)
      if (updated.outcome !== 'updated' || updated.session.activeTurnId !== null) return updated
      const { lastActiveAt, ttlMs } = updated.session
      return { ...updated, session: { ...updated.session, expiresAt: lastActiveAt + ttlMs } }
    },
  }),
  'finds no session to change between two turns': (right) => ({
    async updateSession(ref, change, now) {
      return isLate(await right.getSession(ref, now), now)
        ? { outcome: 'session_not_found' }
        : right.updateSession(ref, change, now)
    },
  }),
  'deletes no late session between two turns': (right) => ({
    async deleteSession(ref, now) {
      return isLate(await right.getSession(ref, now), now) ? false : right.deleteSession(ref, now)
    },
  }),
  'begins the life of a session with the end of its last turn that ran': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      const turns = await turnsOf(right, ref.sessionId)
      if (session === undefined || session.expiresAt === null || !turns.some(neverBegan)) return session
      const ended = turns.filter((turn) => !neverBegan(turn)).map(({ endedAt }) => endedAt ?? 0)
      return { ...session, expiresAt: Math.max(...ended, session.createdAt) + session.ttlMs }
    },
  }),
  'calls a session idle when one that waited has left': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      const hasLeft = (await turnsOf(right, ref.sessionId)).some(neverBegan)
      return session && hasLeft && (await queuedIn(right, ref.sessionId)).length === 0
        ? { ...session, expiresAt: session.lastActiveAt + session.ttlMs }
        : session
    },
  }),
  'takes the beginning of a turn for activity': (right) => {
    let begunAt = 0
    return {
      async startTurn(ref, start) {
        const told = await right.startTurn(ref, start)
        if (told.outcome === 'started') begunAt = start.now
        return told
      },
      async getSession(ref, now) {
        const session = await right.getSession(ref, now)
        return session && { ...session, lastActiveAt: Math.max(session.lastActiveAt, begunAt) }
      },
    }
  },
  'goes back to the end of a turn that is told late': (right) => {
    let endedAt: number | null = null
    return {
      async writeTurns(writes) {
        const outcomes = await right.writeTurns(writes)
        endedAt = writes.at(-1)?.end?.endedAt ?? endedAt
        return outcomes
      },
      async acceptTurn(request) {
        endedAt = null
        return right.acceptTurn(request)
      },
      async getSession(ref, now) {
        const session = await right.getSession(ref, now)
        return session && { ...session, lastActiveAt: endedAt ?? session.lastActiveAt }
      },
    }
  },
  'lets everybody wait in the line of a session': (right) => ({
    async acceptTurn(request) {
      const told = await right.acceptTurn(request)
      if (told.outcome !== 'session_not_found' || request.onBusy.kind === 'reject') return told
      return right.acceptTurn({ ...request, ref: { ...request.ref, owner } })
    },
  }),
  'tells the line of a deleted session to go on waiting': (right) => {
    const left = new Set<string>()
    return {
      async deleteSession(ref, now) {
        for (const { turnId } of await queuedIn(right, ref.sessionId)) left.add(turnId)
        return right.deleteSession(ref, now)
      },
      async startTurn(ref, start) {
        const told = await right.startTurn(ref, start)
        return told.outcome === 'gone' && left.has(ref.turnId) ? { outcome: 'waiting', position: 1 } : told
      },
    }
  },
  'interrupts the line of a deleted session': (right) => {
    const left: TurnRef[] = []
    return {
      async deleteSession(ref, now) {
        const { sessionId } = ref
        const line = await queuedIn(right, sessionId)
        left.push(...line.map(({ turnId }) => ({ sessionId, turnId })))
        return right.deleteSession(ref, now)
      },
      interruptAbandoned: async (now, reason, leasesUntil) => [
        ...(await right.interruptAbandoned(now, reason, leasesUntil)),
        ...left.splice(0),
      ],
    }
  },
  'takes writes to the line of a deleted session': (right) => {
    const left = new Set<string>()
    return {
      async deleteSession(ref, now) {
        for (const { turnId } of await queuedIn(right, ref.sessionId)) left.add(turnId)
        return right.deleteSession(ref, now)
      },
      async writeTurns(writes) {
        const outcomes = await right.writeTurns(writes)
        return outcomes.map((outcome, index) =>
          left.has(writes[index]?.ref.turnId ?? '') ? 'written' : outcome,
        )
      },
    }
  },
  'leaves the line of a deleted session to a new one': (right) => {
    const left = new Map<string, number>()
    return {
      async deleteSession(ref, now) {
        left.set(ref.sessionId, (await queuedIn(right, ref.sessionId)).length)
        return right.deleteSession(ref, now)
      },
      async acceptTurn(request) {
        const told = await right.acceptTurn(request)
        const line = left.get(request.ref.sessionId) ?? 0
        if (told.outcome !== 'accepted' || line === 0) return told
        const queued = { type: 'turn.queued', position: line + 1, seq: 1 } as const
        return { outcome: 'queued', session: told.session, queued, supersedes: [] }
      },
    }
  },
}
