import type { TurnKey } from '../../session-store.js'
import { hasSession, keeping, keepsKey, rightRules } from './kept-keys.fixture.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

/** Forgets a key when its turn is in a state. */
const forgetting = (statuses: readonly string[]): Mistake =>
  keeping({
    stands: async (kept, now, right) => {
      const turn = await right.getTurn(kept.request.ref, now)
      const stands = await rightRules.stands(kept, now, right)
      return stands && turn !== undefined && !statuses.includes(turn.status)
    },
  })

export const keyLifetimeMistakes: Mistakes = {
  'forgets the key of a turn that waits': forgetting(['queued']),
  'forgets the key of a turn that runs': forgetting(['running']),
  'forgets the key of a turn that was answered': forgetting(['completed']),
  'forgets the key of a turn that failed': forgetting(['failed']),
  'forgets the key of a turn that was interrupted': forgetting(['interrupted']),
  'lets a key stand a millisecond too long': keeping({
    stands: async (kept, now, right) => kept.key.until >= now && hasSession(kept, now, right),
  }),
  'lets a key stand a millisecond too short': keeping({
    stands: async (kept, now, right) => kept.key.until - 1 > now && hasSession(kept, now, right),
  }),
  'lets a key stand as long as its session': keeping({ stands: hasSession }),
  'lets a key stand for as long as a repeat would': (right) => {
    const untils = new Map<string, number>()
    return {
      async acceptTurn(request) {
        const { key } = request
        if (key === null) return right.acceptTurn(request)
        const told = await right.acceptTurn({
          ...request,
          key: { ...key, until: untils.get(key.key) ?? key.until },
        })
        untils.set(key.key, key.until)
        const isLate = request.now >= key.until
        return isLate && told.outcome === 'repeated' ? right.acceptTurn({ ...request, key: null }) : told
      },
    }
  },
  'forgets every key when it collects': (right) => {
    let round = 0
    return {
      acceptTurn: ({ key, ...request }) =>
        right.acceptTurn({ ...request, key: key && { ...key, key: `${round}:${key.key}` } }),
      collectExpired: async (now, limit) => {
        round += 1
        return right.collectExpired(now, limit)
      },
    }
  },
  'forgets keys in the order in which they came, not in which they run out': (right) => {
    const kept: TurnKey[] = []
    return {
      async acceptTurn(request) {
        const told = await right.acceptTurn(request)
        if (request.key !== null && keepsKey(told)) kept.push(request.key)
        const first = kept.find(({ until }) => until > request.now)
        const place = kept.findIndex(({ key }) => key === request.key?.key)
        const isLate = first !== undefined && place > kept.indexOf(first)
        return told.outcome === 'session_not_found' && isLate
          ? { outcome: 'key_reused', ref: { sessionId: 'sess_1', turnId: 'turn_1' } }
          : told
      },
    }
  },
  'lets a key outlive its session': keeping({ stands: async ({ key }, now) => key.until > now }),
  'lets a key outlive a session that is deleted': (right) => {
    const deleted = new Set<string>()
    return {
      ...keeping({
        stands: async (kept, now, store) =>
          deleted.has(kept.request.ref.sessionId) || rightRules.stands(kept, now, store),
      })(right),
      async deleteSession(session, now) {
        const isDeleted = await right.deleteSession(session, now)
        if (isDeleted) deleted.add(session.sessionId)
        return isDeleted
      },
    }
  },
  'lets a key outlive a session that has expired until it is collected': keeping({
    stands: async (kept, now, right) => kept.key.until > now && hasSession(kept, 0, right),
  }),
  'lets a key outlive a session that is evicted': (right) => {
    let evicted = 0
    return {
      ...keeping({
        stands: async (kept, now, store) => evicted > 0 || rightRules.stands(kept, now, store),
      })(right),
      async createSession(session, bound) {
        const created = await right.createSession(session, bound)
        if (created.outcome === 'created') evicted += created.evicted
        return created
      },
    }
  },
  'lets a key of a turn that waits outlive its session': keeping({
    stands: async (kept, now, right) =>
      kept.request.onBusy.kind === 'queue' || rightRules.stands(kept, now, right),
  }),
  'forgets a key with the session of the turn that had it before': (right) => {
    const sessions = new Map<string, string>()
    const gone = new Set<string>()
    return {
      async acceptTurn(request) {
        const { key, ref } = request
        if (key === null) return right.acceptTurn(request)
        const told = await right.acceptTurn(gone.has(key.key) ? { ...request, key: null } : request)
        if (keepsKey(told)) sessions.set(ref.sessionId, key.key)
        return told
      },
      async deleteSession(session, now) {
        const key = sessions.get(session.sessionId)
        if (key !== undefined) gone.add(key)
        return right.deleteSession(session, now)
      },
    }
  },
  'forgets a key whose session has outlived its time with a live turn': keeping({
    stands: async (kept, now, right) => {
      const session = await right.getSession(kept.request.ref, now)
      const isLate = session !== undefined && now >= session.lastActiveAt + session.ttlMs
      return !isLate && rightRules.stands(kept, now, right)
    },
  }),
}
