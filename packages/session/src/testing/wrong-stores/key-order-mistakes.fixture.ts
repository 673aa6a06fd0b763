import type { AcceptOutcome, AcceptRequest, SessionStore } from '../../session-store.js'
import { nextTick } from '../watch-change.js'
import { keeping } from './kept-keys.fixture.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

/** Looks at something else before it looks at the key. */
const lookingFirst =
  (refusal: (request: AcceptRequest, right: SessionStore) => Promise<AcceptOutcome | null>): Mistake =>
  (right) => ({
    acceptTurn: async (request) => (await refusal(request, right)) ?? right.acceptTurn(request),
  })

/** Whether a request found its key known. */
const isKnown = ({ outcome }: AcceptOutcome): boolean => outcome === 'repeated' || outcome === 'key_reused'

export const keyOrderMistakes: Mistakes = {
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
      if (create !== null && isKnown(told)) await right.createSession(create.session, create.bound)
      return told
    },
  }),
  'takes a repeated request for activity': (right) => {
    let repeatedAt = 0
    return {
      async acceptTurn(request) {
        const told = await right.acceptTurn(request)
        if (isKnown(told)) repeatedAt = request.now
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
      return isKnown(told) ? ({ ...told, ref: { sessionId, turnId } } as AcceptOutcome) : told
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
}
