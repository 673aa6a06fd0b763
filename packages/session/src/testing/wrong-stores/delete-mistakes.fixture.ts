import type { TurnRecord } from '../../session-store.js'
import { nextTick } from '../watch-change.js'
import type { Mistakes } from './wrong-store.fixture.js'

export const deleteMistakes: Mistakes = {
  'deletes a session for everybody who asks at the same time': (right) => ({
    async deleteSession(sessionId, now) {
      const session = await right.getSession(sessionId, now)
      await nextTick()
      await right.deleteSession(sessionId, now)
      return session !== undefined
    },
  }),
  'claims to have deleted what never was': (right) => ({
    async deleteSession(sessionId, now) {
      await right.deleteSession(sessionId, now)
      return true
    },
  }),
  'leaves the id of a deleted session unusable': (right) => {
    const deleted = new Set<string>()
    return {
      async deleteSession(sessionId, now) {
        deleted.add(sessionId)
        return right.deleteSession(sessionId, now)
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
      async deleteSession(sessionId, now) {
        const turn = await right.getTurn({ sessionId, turnId: 'turn_1' }, now)
        if (turn !== undefined) turns.set('turn_1', turn)
        return right.deleteSession(sessionId, now)
      },
    }
  },
  'leaves the place of a deleted session taken': (right) => {
    let deleted = 0
    return {
      async deleteSession(sessionId, now) {
        const isDeleted = await right.deleteSession(sessionId, now)
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
      async deleteSession(sessionId, now) {
        const isDeleted = await right.deleteSession(sessionId, now)
        if (isDeleted) deleted += 1
        return isDeleted
      },
      collectExpired: async (now, limit) => deleted + (await right.collectExpired(now, limit)),
    }
  },
}
