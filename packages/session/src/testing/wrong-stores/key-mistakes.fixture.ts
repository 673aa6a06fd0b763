import type { AcceptOutcome, AcceptRequest, SessionStore, TurnKey } from '../../session-store.js'
import { mine } from '../store-fixture.js'
import { nextTick } from '../watch-change.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

interface Kept {
  readonly key: TurnKey
  readonly request: AcceptRequest
}

/** What a store of keys decides. Each rule that is left out is right. */
interface Rules {
  /** Under which name a key is kept. */
  readonly nameOf: (request: AcceptRequest, key: TurnKey) => string
  readonly isSame: (kept: TurnKey, key: TurnKey) => boolean
  /** Whether a key still stands for its turn. */
  readonly stands: (kept: Kept, now: number, right: SessionStore) => Promise<boolean>
  /** Whether an outcome makes the key stand for its turn. */
  readonly keeps: (outcome: AcceptOutcome) => boolean
  /** Whether requests are looked at one after the other. */
  readonly isSerial: boolean
}

async function hasSession({ request }: Kept, now: number, right: SessionStore): Promise<boolean> {
  return (await right.getSession(request.ref, now)) !== undefined
}

const rightRules: Rules = {
  nameOf: ({ ref }, { key }) => JSON.stringify([ref.owner, key]),
  isSame: (kept, { fingerprint }) => kept.fingerprint === fingerprint,
  stands: async (kept, now, right) => kept.key.until > now && (await hasSession(kept, now, right)),
  keeps: ({ outcome }) => outcome === 'accepted' || outcome === 'queued',
  isSerial: true,
}

/** Keeps keys beside a store that knows none. */
function keeping(changes: Partial<Rules>): Mistake {
  const rules = { ...rightRules, ...changes }
  return (right) => {
    const all = new Map<string, Kept>()
    const accept = async (request: AcceptRequest, key: TurnKey): Promise<AcceptOutcome> => {
      const name = rules.nameOf(request, key)
      const kept = all.get(name)
      if (kept !== undefined && (await rules.stands(kept, request.now, right))) {
        const { sessionId, turnId } = kept.request.ref
        const outcome = rules.isSame(kept.key, key) ? 'repeated' : 'key_reused'
        return { outcome, ref: { sessionId, turnId } }
      }
      if (!rules.isSerial) await nextTick()
      const outcome = await right.acceptTurn({ ...request, key: null })
      if (rules.keeps(outcome)) all.set(name, { key, request })
      return outcome
    }
    let last: Promise<unknown> = Promise.resolve()
    return {
      acceptTurn(request) {
        const { key } = request
        if (key === null) return right.acceptTurn(request)
        if (!rules.isSerial) return accept(request, key)
        const accepted = last.then(() => accept(request, key))
        last = accepted
        return accepted
      },
    }
  }
}

/** Keeps keys by other names. */
const naming = (nameOf: (owner: string, key: string, sessionId: string) => string): Mistake =>
  keeping({ nameOf: ({ ref }, { key }) => nameOf(ref.owner, key, ref.sessionId) })

/** Looks at something else before it looks at the key. */
const lookingFirst =
  (refusal: (request: AcceptRequest, right: SessionStore) => Promise<AcceptOutcome | null>): Mistake =>
  (right) => ({
    acceptTurn: async (request) => (await refusal(request, right)) ?? right.acceptTurn(request),
  })

/** Forgets a key when its turn is in a state. */
const forgetting = (statuses: readonly string[]): Mistake =>
  keeping({
    stands: async (kept, now, right) => {
      const turn = await right.getTurn(kept.request.ref, now)
      const stands = await rightRules.stands(kept, now, right)
      return stands && turn !== undefined && !statuses.includes(turn.status)
    },
  })

/** Repeats a request once more in a session of its own, whatever is told. */
const repeatedOnce = ({ outcome }: AcceptOutcome): boolean =>
  outcome === 'repeated' || outcome === 'key_reused'

const asNumber = (key: string): string => (Number.isNaN(Number(key)) ? key : String(Number(key)))

export const keyMistakes: Mistakes = {
  'knows no keys': (right) => ({ acceptTurn: (request) => right.acceptTurn({ ...request, key: null }) }),
  'forgets the key of a turn that waits': forgetting(['queued']),
  'forgets the key of a turn that runs': forgetting(['running']),
  'forgets the key of a turn that was answered': forgetting(['completed']),
  'forgets the key of a turn that failed': forgetting(['failed']),
  'forgets the key of a turn that was interrupted': forgetting(['interrupted']),
  'keeps the key of a turn that has begun only': keeping({ keeps: ({ outcome }) => outcome === 'accepted' }),
  'keeps the keys of each session apart': naming((owner, key, sessionId) =>
    JSON.stringify([owner, key, sessionId]),
  ),
  'keeps the keys of all owners together': naming((_, key) => key),
  'takes owners of different case for one': naming((owner, key) =>
    JSON.stringify([owner.toLowerCase(), key]),
  ),
  'trims owners': naming((owner, key) => JSON.stringify([owner.trim(), key])),
  'takes keys of different case for one': naming((owner, key) => JSON.stringify([owner, key.toLowerCase()])),
  'trims keys': naming((owner, key) => JSON.stringify([owner, key.trim()])),
  'takes keys for numbers': naming((owner, key) => JSON.stringify([owner, asNumber(key)])),
  'joins owner and key': naming((owner, key) => owner + key),
  'joins owner and key with a colon': naming((owner, key) => `${owner}:${key}`),
  'takes a key for a pattern': (right) => {
    const kept: AcceptRequest[] = []
    return {
      async acceptTurn(request) {
        const { key, ref } = request
        const pattern = key?.key.includes('%') && new RegExp(`^${key.key.replaceAll('%', '.*')}$`)
        const found = kept.find(
          (one) => pattern && one.ref.owner === ref.owner && pattern.test(one.key?.key ?? ''),
        )
        if (found === undefined) {
          kept.push(request)
          return right.acceptTurn(request)
        }
        const { sessionId, turnId } = found.ref
        return { outcome: 'repeated', ref: { sessionId, turnId } }
      },
    }
  },
  'takes every request with a known key for the same': keeping({ isSame: () => true }),
  'takes every request with a known key for another': keeping({ isSame: () => false }),
  'takes fingerprints of different case for one': keeping({
    isSame: (kept, key) => kept.fingerprint.toLowerCase() === key.fingerprint.toLowerCase(),
  }),
  'trims fingerprints': keeping({
    isSame: (kept, key) => kept.fingerprint.trim() === key.fingerprint.trim(),
  }),
  'looks at the beginning of a fingerprint only': keeping({
    isSame: (kept, key) => kept.fingerprint.startsWith(key.fingerprint),
  }),
  'takes an empty fingerprint for none': keeping({
    isSame: (kept, key) => key.fingerprint === '' || kept.fingerprint === key.fingerprint,
  }),
  'keeps the key of a request that it refuses': keeping({ keeps: () => true }),
  'keeps the key of a request that finds its session busy': keeping({
    keeps: (told) => rightRules.keeps(told) || told.outcome === 'turn_in_progress',
  }),
  'keeps the key of a request that finds no place in line': keeping({
    keeps: (told) => rightRules.keeps(told) || told.outcome === 'queue_full',
  }),
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
        if (request.key !== null && rightRules.keeps(told)) kept.push(request.key)
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
        if (rightRules.keeps(told)) sessions.set(ref.sessionId, key.key)
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
  'looks for the session before it looks at the key': lookingFirst(async ({ ref, create, now }, right) =>
    create === null && (await right.getSession(ref, now)) === undefined
      ? { outcome: 'session_not_found' }
      : null,
  ),
  'looks for a running turn before it looks at the key': lookingFirst(async ({ ref, onBusy, now }, right) => {
    const turnId = (await right.getSession(ref, now))?.activeTurnId ?? null
    return turnId !== null && onBusy.kind === 'reject' ? { outcome: 'turn_in_progress', turnId } : null
  }),
  'looks for a place in line before it looks at the key': lookingFirst(
    async ({ ref, onBusy, now }, right) => {
      const turnId = (await right.getSession(ref, now))?.activeTurnId ?? null
      return turnId !== null && onBusy.kind === 'queue' && onBusy.limit === 0
        ? { outcome: 'queue_full' }
        : null
    },
  ),
  'looks for room before it looks at the key': lookingFirst(async ({ create, now }, right) => {
    const isFull = create !== null && (await right.countSessions(now)) >= create.bound.maxSessions
    return isFull && create.bound.whenFull === 'reject' ? { outcome: 'full' } : null
  }),
  'makes the session before it looks at the key': (right) => ({
    async acceptTurn(request) {
      const { create } = request
      const told = await right.acceptTurn(request)
      if (create !== null && repeatedOnce(told)) await right.createSession(create.session, create.bound)
      return told
    },
  }),
  'takes a repeated request for activity': (right) => {
    let repeatedAt = 0
    return {
      async acceptTurn(request) {
        const told = await right.acceptTurn(request)
        if (repeatedOnce(told)) repeatedAt = request.now
        return told
      },
      async getSession(ref, now) {
        const session = await right.getSession(ref, now)
        return session && { ...session, lastActiveAt: Math.max(session.lastActiveAt, repeatedAt) }
      },
    }
  },
  'names the turn that was not made of a repeated request': (right) => ({
    async acceptTurn(request) {
      const told = await right.acceptTurn(request)
      const { sessionId, turnId } = request.ref
      return repeatedOnce(told) ? ({ ...told, ref: { sessionId, turnId } } as AcceptOutcome) : told
    },
  }),
  'looks at the key first and keeps it later': keeping({ isSerial: false }),
  'looks at the key first, and fails the second of two with it': (right) => {
    const asking = new Set<string>()
    return {
      async acceptTurn(request) {
        const { key, ref, now } = request
        if (key === null) return right.acceptTurn(request)
        if (asking.has(key.key)) {
          const turnId = (await right.getSession(ref, now))?.activeTurnId ?? ''
          return { outcome: 'turn_in_progress', turnId }
        }
        asking.add(key.key)
        await nextTick()
        const told = await right.acceptTurn(request)
        asking.delete(key.key)
        return told
      },
    }
  },
  'makes a request the same that comes at once with another': (right) => {
    const asking = new Map<string, string>()
    return {
      async acceptTurn(request) {
        const { key } = request
        if (key === null) return right.acceptTurn(request)
        const fingerprint = asking.get(key.key) ?? key.fingerprint
        asking.set(key.key, fingerprint)
        await nextTick()
        const told = await right.acceptTurn({ ...request, key: { ...key, fingerprint } })
        asking.delete(key.key)
        return told
      },
    }
  },
  'keeps the key a moment after the turn': (right) => {
    let isLate = false
    return {
      async acceptTurn(request) {
        if (isLate && request.key !== null) return right.acceptTurn({ ...request, key: null })
        isLate = request.onBusy.kind === 'queue'
        const told = await right.acceptTurn(request)
        await nextTick()
        isLate = false
        return told
      },
    }
  },
  'takes a request without a key for one with an empty key': (right) => ({
    acceptTurn: (request) =>
      right.acceptTurn({
        ...request,
        key: request.key ?? { key: '', fingerprint: '', until: Number.POSITIVE_INFINITY },
      }),
  }),
  'keeps one key for each session': keeping({ nameOf: ({ ref }) => ref.sessionId }),
  'finds the turns of keys in the sessions of their requests': (right) => ({
    async acceptTurn(request) {
      const told = await right.acceptTurn(request)
      return told.outcome === 'repeated' &&
        (await right.getTurn(mine({ ...told.ref, sessionId: request.ref.sessionId }), 0)) === undefined
        ? { outcome: 'session_not_found' }
        : told
    },
  }),
}
