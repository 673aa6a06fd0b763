import type { SessionStore } from '../../session-store.js'
import type { Mistakes } from './wrong-store.fixture.js'

/** Whose each session is, as a store that forgets to ask could find it out. */
function keeping(
  mistake: (owners: ReadonlyMap<string, string>) => (right: SessionStore) => Partial<SessionStore>,
) {
  return (right: SessionStore): Partial<SessionStore> => {
    const owners = new Map<string, string>()
    return {
      async createSession(session, bound) {
        owners.set(session.sessionId, session.owner)
        return right.createSession(session, bound)
      },
      async acceptTurn(request) {
        if (request.create !== null) owners.set(request.ref.sessionId, request.ref.owner)
        return right.acceptTurn(request)
      },
      ...mistake(owners)(right),
    }
  }
}

const owned = <Ref extends { readonly owner: string; readonly sessionId: string }>(
  ref: Ref,
  owners: ReadonlyMap<string, string>,
): Ref => ({ ...ref, owner: owners.get(ref.sessionId) ?? ref.owner })

const sameText = (owner: string): string => owner.normalize('NFC')

export const ownerMistakes: Mistakes = {
  'shows sessions to every owner': keeping((owners) => (right) => ({
    getSession: (ref, now) => right.getSession(owned(ref, owners), now),
  })),
  'lists messages for every owner': keeping((owners) => (right) => ({
    listMessages: (ref, page, now) => right.listMessages(owned(ref, owners), page, now),
  })),
  'shows turns to every owner': keeping((owners) => (right) => ({
    getTurn: (ref, now) => right.getTurn(owned(ref, owners), now),
  })),
  'lets every owner read events': keeping((owners) => (right) => ({
    readEvents: (ref, range, now) => right.readEvents(owned(ref, owners), range, now),
  })),
  'lets every owner change sessions': keeping((owners) => (right) => ({
    updateSession: (ref, change, now) => right.updateSession(owned(ref, owners), change, now),
  })),
  'lets every owner delete sessions': keeping((owners) => (right) => ({
    deleteSession: (ref, now) => right.deleteSession(owned(ref, owners), now),
  })),
  'accepts turns of every owner': keeping((owners) => (right) => ({
    acceptTurn: (request) => right.acceptTurn({ ...request, ref: owned(request.ref, owners) }),
  })),
  'tells every owner that a turn is live': keeping((owners) => (right) => ({
    async acceptTurn(request) {
      const session = await right.getSession(owned(request.ref, owners), request.now)
      const turnId = session?.activeTurnId ?? null
      return turnId === null ? right.acceptTurn(request) : { outcome: 'turn_in_progress', turnId }
    },
  })),
  'says of another owner that the session is full': keeping((owners) => (right) => ({
    async acceptTurn(request) {
      const isOther = owned(request.ref, owners).owner !== request.ref.owner
      return isOther ? { outcome: 'full' } : right.acceptTurn(request)
    },
  })),
  'lists nobody’s sessions for an owner': (right) => ({
    async listSessions(page, now) {
      const own = await right.listSessions(page, now)
      const free = await right.listSessions({ ...page, owner: '' }, now)
      return { ...own, sessions: [...own.sessions, ...free.sessions].slice(0, page.limit) }
    },
  }),
  'tells that more sessions follow when they are of others': (right) => ({
    async listSessions(page, now) {
      const own = await right.listSessions(page, now)
      return { ...own, more: own.more || (await right.countSessions(now)) > page.limit }
    },
  }),
  'forgets whose a session is': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      return session && { ...session, owner: '' }
    },
  }),
  'takes owners of different spelling for one': (right) => ({
    createSession: (session, bound) =>
      right.createSession({ ...session, owner: sameText(session.owner) }, bound),
    getSession: (ref, now) => right.getSession({ ...ref, owner: sameText(ref.owner) }, now),
  }),
  'takes an owner for the same with spaces behind': (right) => ({
    createSession: (session, bound) =>
      right.createSession({ ...session, owner: session.owner.trimEnd() }, bound),
    listSessions: (page, now) => right.listSessions({ ...page, owner: page.owner.trimEnd() }, now),
  }),
  'makes a session for nobody with its first turn': (right) => ({
    acceptTurn: (request) =>
      right.acceptTurn({
        ...request,
        create: request.create && {
          ...request.create,
          session: { ...request.create.session, owner: '' },
        },
      }),
  }),
  'counts only the sessions of one owner': keeping((owners) => (right) => ({
    async countSessions(now) {
      const [first] = owners.values()
      if (first === undefined) return 0
      return (await right.listSessions({ owner: first, limit: 10_000 }, now)).sessions.length
    },
  })),
}
