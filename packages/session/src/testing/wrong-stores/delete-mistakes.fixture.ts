import type { TurnRecord } from '../../session-store.js'
import type { TurnRef } from '../../turn-event.js'
import { nextTick } from '../watch-change.js'
import type { Mistakes } from './wrong-store.fixture.js'

export const deleteMistakes: Mistakes = {
  'deletes a session for everybody who asks at the same time': (right) => ({
    async deleteSession(session, now) {
      const found = await right.getSession(session, now)
      await nextTick()
      await right.deleteSession(session, now)
      return found !== undefined
    },
  }),
  'claims to have deleted what never was': (right) => ({
    async deleteSession(session, now) {
      await right.deleteSession(session, now)
      return true
    },
  }),
  'leaves the id of a deleted session unusable': (right) => {
    const deleted = new Set<string>()
    return {
      async deleteSession(session, now) {
        deleted.add(session.sessionId)
        return right.deleteSession(session, now)
      },
      acceptTurn: async (request) =>
        deleted.has(request.ref.sessionId) ? { outcome: 'session_not_found' } : right.acceptTurn(request),
    }
  },
  'leaves the turns of a deleted session': (right) => {
    const turns = new Map<string, TurnRecord>()
    return {
      async getTurn(ref, now) {
        const turn = (await right.getTurn(ref, now)) ?? turns.get(ref.turnId)
        if (turn !== undefined) turns.set(ref.turnId, turn)
        return turn
      },
      async deleteSession(session, now) {
        const turn = await right.getTurn({ ...session, turnId: 'turn_1' }, now)
        if (turn !== undefined) turns.set('turn_1', turn)
        return right.deleteSession(session, now)
      },
    }
  },
  'interrupts the live turn of a deleted session': (right) => {
    const left: TurnRef[] = []
    return {
      async deleteSession(session, now) {
        const { sessionId } = session
        const turnId = (await right.getSession(session, now))?.activeTurnId ?? null
        if (turnId !== null) left.push({ sessionId, turnId })
        return right.deleteSession(session, now)
      },
      interruptAbandoned: async (now, reason, leasesUntil) => [
        ...(await right.interruptAbandoned(now, reason, leasesUntil)),
        ...left.splice(0),
      ],
    }
  },
  'leaves the place of a deleted session taken': (right) => {
    let deleted = 0
    return {
      async deleteSession(session, now) {
        const isDeleted = await right.deleteSession(session, now)
        if (isDeleted) deleted += 1
        return isDeleted
      },
      createSession: (session, bound) =>
        right.createSession(session, { ...bound, maxSessions: bound.maxSessions - deleted }),
    }
  },
  'collects deleted sessions once more': (right) => {
    let deleted = 0
    return {
      async deleteSession(session, now) {
        const isDeleted = await right.deleteSession(session, now)
        if (isDeleted) deleted += 1
        return isDeleted
      },
      collectExpired: async (now, limit) => deleted + (await right.collectExpired(now, limit)),
    }
  },
}
