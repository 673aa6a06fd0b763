import type { AcceptOutcome, AcceptRequest, SessionStore, TurnKey } from '../../session-store.js'
import { nextTick } from '../watch-change.js'
import { hasSession, type Kept, keepsKey } from './kept-keys.fixture.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

/** A key that somebody asks with. */
interface Asked {
  readonly owner: string
  readonly key: TurnKey
  readonly now: number
}

/** How a store looks for the turn of a key. Each rule that is left out is right. */
interface Rules {
  readonly nameOf: (owner: string, key: string) => string
  readonly isSame: (kept: TurnKey, asked: TurnKey) => boolean
  /** Whether a key still stands for its turn. */
  readonly stands: (kept: Kept, asked: Asked, right: SessionStore) => Promise<boolean>
  /** Whether an outcome makes the key stand for its turn. */
  readonly keeps: (outcome: AcceptOutcome) => boolean
}

const rightRules: Rules = {
  nameOf: (owner, key) => JSON.stringify([owner, key]),
  isSame: (kept, asked) => kept.fingerprint === asked.fingerprint,
  stands: async (kept, { now }, right) => kept.key.until > now && (await hasSession(kept, now, right)),
  keeps: keepsKey,
}

/** Looks for turns in what it remembers of all requests, by its own rules. */
function looking(changes: Partial<Rules>): Mistake {
  const rules = { ...rightRules, ...changes }
  return (right) => {
    const all = new Map<string, Kept>()
    return {
      async acceptTurn(request) {
        const { key, ref } = request
        const outcome = await right.acceptTurn(request)
        if (key !== null && rules.keeps(outcome)) all.set(rules.nameOf(ref.owner, key.key), { key, request })
        return outcome
      },
      async getKeyedTurn(owner, key, now) {
        const kept = all.get(rules.nameOf(owner, key.key))
        if (kept === undefined || !(await rules.stands(kept, { owner, key, now }, right))) return undefined
        const { sessionId, turnId } = kept.request.ref
        return { ref: { sessionId, turnId }, isSame: rules.isSame(kept.key, key) }
      },
    }
  }
}

/** Looks by other names. */
const naming = (nameOf: Rules['nameOf']): Mistake => looking({ nameOf })

/** Does not find a turn in a state. */
const missing = (status: string): Mistake =>
  looking({
    stands: async (kept, asked, right) => {
      const turn = await right.getTurn(kept.request.ref, asked.now)
      return turn?.status !== status && rightRules.stands(kept, asked, right)
    },
  })

/** Goes on telling of a turn of a session, when something has become of sessions. */
const outliving =
  (change: (right: SessionStore, happened: () => void) => Partial<SessionStore>): Mistake =>
  (right) => {
    let hasHappened = false
    const happened = () => {
      hasHappened = true
    }
    const stands: Rules['stands'] = async (kept, asked, store) =>
      kept.key.until > asked.now && (hasHappened || (await hasSession(kept, asked.now, store)))
    return { ...looking({ stands })(right), ...change(right, happened) }
  }

/** Does something as soon as it was asked for a turn. */
const onceAsked =
  (mistake: (right: SessionStore, asked: readonly Asked[]) => Partial<SessionStore>): Mistake =>
  (right) => {
    const asked: Asked[] = []
    return {
      getKeyedTurn(owner, key, now) {
        asked.push({ owner, key, now })
        return right.getKeyedTurn(owner, key, now)
      },
      ...mistake(right, asked),
    }
  }

/** Shows the turn of a key as it was a moment ago, after a call has changed it. */
const lagging =
  (call: 'acceptTurn' | 'deleteSession'): Mistake =>
  (right) => {
    let isLate = false
    let last: Awaited<ReturnType<SessionStore['getKeyedTurn']>>
    const late = async <T>(change: () => Promise<T>): Promise<T> => {
      isLate = true
      const changed = await change()
      await nextTick()
      isLate = false
      return changed
    }
    const changes: Partial<SessionStore> =
      call === 'acceptTurn'
        ? { acceptTurn: (request) => late(() => right.acceptTurn(request)) }
        : { deleteSession: (ref, now) => late(() => right.deleteSession(ref, now)) }
    return {
      ...changes,
      async getKeyedTurn(owner, key, now) {
        if (!isLate) last = await right.getKeyedTurn(owner, key, now)
        return last
      },
    }
  }

export const keyedTurnMistakes: Mistakes = {
  'finds no turn by its key': () => ({ getKeyedTurn: async () => undefined }),
  'finds no turn that waits': missing('queued'),
  'finds no turn that runs': missing('running'),
  'finds no turn that was answered': missing('completed'),
  'finds no turn that failed': missing('failed'),
  'finds no turn that was cancelled': missing('cancelled'),
  'finds no turn that was interrupted': missing('interrupted'),
  'finds turns that had to wait only when they had not': looking({
    keeps: ({ outcome }) => outcome === 'accepted',
  }),
  'finds the turns of all owners': naming((_, key) => key),
  'finds the turns of owners of different case': naming((owner, key) =>
    JSON.stringify([owner.toLowerCase(), key]),
  ),
  'finds the turns of owners that it trims': naming((owner, key) => JSON.stringify([owner.trim(), key])),
  'finds turns by keys of different case': naming((owner, key) => JSON.stringify([owner, key.toLowerCase()])),
  'finds turns by keys that it trims': naming((owner, key) => JSON.stringify([owner, key.trim()])),
  'finds turns by the beginning of a key': naming((owner, key) => JSON.stringify([owner, key.slice(0, 1)])),
  'finds turns by keys that it takes for numbers': naming((owner, key) =>
    JSON.stringify([owner, key === '' || Number.isNaN(Number(key)) ? key : Number(key)]),
  ),
  'finds turns by a key that it takes for a pattern': (right) => {
    const keys: string[] = []
    return {
      acceptTurn(request) {
        if (request.key !== null) keys.push(request.key.key)
        return right.acceptTurn(request)
      },
      async getKeyedTurn(owner, key, now) {
        const pattern = new RegExp(`^${key.key.replaceAll('%', '.*')}$`)
        const name = key.key.includes('%') ? keys.find((each) => pattern.test(each)) : undefined
        return right.getKeyedTurn(owner, { ...key, key: name ?? key.key }, now)
      },
    }
  },
  'finds turns by owner and key in one': naming((owner, key) => owner + key),
  'finds turns by owner and key with a colon between them': naming((owner, key) => `${owner}:${key}`),
  'finds the turn of every request with the key for the same': looking({ isSame: () => true }),
  'finds the turn of every request with the key for another': looking({ isSame: () => false }),
  'finds the turn for the same request when fingerprints differ in case': looking({
    isSame: (kept, asked) => kept.fingerprint.toLowerCase() === asked.fingerprint.toLowerCase(),
  }),
  'finds the turn for the same request when it has trimmed the fingerprint': looking({
    isSame: (kept, asked) => kept.fingerprint.trim() === asked.fingerprint.trim(),
  }),
  'finds the turn for the same request by the beginning of its fingerprint': looking({
    isSame: (kept, asked) => kept.fingerprint.startsWith(asked.fingerprint),
  }),
  'finds no turn for another request': (right) => ({
    async getKeyedTurn(owner, key, now) {
      const found = await right.getKeyedTurn(owner, key, now)
      return found?.isSame ? found : undefined
    },
  }),
  'finds a turn a millisecond too long': looking({
    stands: async (kept, { now }, right) => kept.key.until >= now && hasSession(kept, now, right),
  }),
  'finds a turn a millisecond too short': looking({
    stands: async (kept, { now }, right) => kept.key.until - 1 > now && hasSession(kept, now, right),
  }),
  'finds a turn as long as there is its session': looking({
    stands: (kept, { now }, right) => hasSession(kept, now, right),
  }),
  'finds a turn for as long as the key of the asker would stand': looking({
    stands: async (kept, { key, now }, right) => key.until > now && hasSession(kept, now, right),
  }),
  'finds a turn only while the key of the asker would stand, too': looking({
    stands: async (kept, asked, right) =>
      asked.key.until > asked.now && rightRules.stands(kept, asked, right),
  }),
  'finds the first turn that a key ever stood for': (right) => {
    const turns = new Map<string, { sessionId: string; turnId: string }>()
    return {
      async getKeyedTurn(owner, key, now) {
        const found = await right.getKeyedTurn(owner, key, now)
        const name = JSON.stringify([owner, key.key])
        return found && { ...found, ref: turns.get(name) ?? found.ref }
      },
      async acceptTurn(request) {
        const { key, ref } = request
        const told = await right.acceptTurn(request)
        const name = JSON.stringify([ref.owner, key?.key])
        const { sessionId, turnId } = ref
        if (keepsKey(told) && !turns.has(name)) turns.set(name, { sessionId, turnId })
        return told
      },
    }
  },
  'finds the turn of a session that is gone': looking({
    stands: async ({ key }, { now }) => key.until > now,
  }),
  'finds the turn of a session that was deleted': outliving((right, happened) => ({
    async deleteSession(session, now) {
      const isIdle = (await right.getSession(session, now))?.activeTurnId === null
      if (isIdle) happened()
      return right.deleteSession(session, now)
    },
  })),
  'finds a turn that waited in a session that was deleted': outliving((right, happened) => ({
    async deleteSession(session, now) {
      const turns = (await right.listTurns(session, { order: 'asc', limit: 100 }, now))?.turns
      const isDeleted = await right.deleteSession(session, now)
      if (turns?.some(({ status }) => status === 'queued')) happened()
      return isDeleted
    },
  })),
  'finds the turn of a session that has expired until it is collected': looking({
    stands: async (kept, { now }, right) => kept.key.until > now && hasSession(kept, 0, right),
  }),
  'finds the turn of a session that was collected': outliving((right, happened) => ({
    async collectExpired(now, limit) {
      const collected = await right.collectExpired(now, limit)
      if (collected > 0) happened()
      return collected
    },
  })),
  'finds the turn of a session that was evicted': outliving((right, happened) => ({
    async createSession(session, bound) {
      const created = await right.createSession(session, bound)
      if (created.outcome === 'created' && created.evicted > 0) happened()
      return created
    },
  })),
  'finds no turn in a session that has outlived its time with it': looking({
    stands: async (kept, asked, right) => {
      const session = await right.getSession(kept.request.ref, asked.now)
      const isLate = session !== undefined && asked.now >= session.lastActiveAt + session.ttlMs
      return !isLate && rightRules.stands(kept, asked, right)
    },
  }),
  'finds the turn that a refused request would have had': (right) => {
    const refused = new Map<string, AcceptRequest>()
    return {
      async acceptTurn(request) {
        const told = await right.acceptTurn(request)
        const isRefused = !keepsKey(told) && !('ref' in told)
        if (request.key !== null && isRefused) refused.set(request.key.key, request)
        return told
      },
      async getKeyedTurn(owner, key, now) {
        const found = await right.getKeyedTurn(owner, key, now)
        const ref = refused.get(key.key)?.ref
        if (found !== undefined || ref === undefined) return found
        return { ref: { sessionId: ref.sessionId, turnId: ref.turnId }, isSame: true }
      },
    }
  },
  'finds the turn that a request would have had which reuses a key': (right) => {
    const reused = new Map<string, AcceptRequest>()
    return {
      async acceptTurn(request) {
        const told = await right.acceptTurn(request)
        if (told.outcome === 'key_reused') reused.set(request.key?.key ?? '', request)
        return told
      },
      async getKeyedTurn(owner, key, now) {
        const found = await right.getKeyedTurn(owner, key, now)
        const ref = reused.get(key.key)?.ref
        return found && ref ? { ...found, ref: { sessionId: ref.sessionId, turnId: ref.turnId } } : found
      },
    }
  },
  'takes being asked for a turn for activity': onceAsked((right, asked) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      const askedAt = Math.max(0, ...asked.map(({ now }) => now))
      return session && { ...session, lastActiveAt: Math.max(session.lastActiveAt, askedAt) }
    },
  })),
  'lets a session live on that was asked for a turn': onceAsked((right, asked) => ({
    getSession: async (ref, now) =>
      (await right.getSession(ref, now)) ??
      (asked.some(({ now }) => now > 0) ? right.getSession(ref, 0) : undefined),
  })),
  'lets a key stand for as long as one that asked with it': onceAsked((right, asked) => ({
    async acceptTurn(request) {
      const { key, now } = request
      const isAsked = asked.some((one) => one.key.key === key?.key && one.key.until > now)
      const told = await right.acceptTurn(request)
      const { sessionId, turnId } = request.ref
      return told.outcome === 'session_not_found' && isAsked
        ? { outcome: 'repeated', ref: { sessionId, turnId } }
        : told
    },
  })),
  'lets a key stand no longer than one that asked with it': onceAsked((right, asked) => ({
    acceptTurn(request) {
      const { key, now } = request
      const isOver = asked.some((one) => one.key.key === key?.key && one.key.until <= now)
      return right.acceptTurn(isOver ? { ...request, key: null } : request)
    },
  })),
  'gives a key to whoever asks with it first': onceAsked((right, asked) => ({
    acceptTurn(request) {
      const { key } = request
      const taken = asked.find((one) => one.key.key === key?.key)
      return right.acceptTurn(
        key === null || taken === undefined
          ? request
          : { ...request, key: { ...key, fingerprint: taken.key.fingerprint } },
      )
    },
  })),
  'finds a turn a moment after it was accepted': lagging('acceptTurn'),
  'finds a turn a moment after its session was deleted': lagging('deleteSession'),
}
