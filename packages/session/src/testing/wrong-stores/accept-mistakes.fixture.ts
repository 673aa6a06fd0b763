import type { AcceptRequest, SessionStore } from '../../session-store.js'
import { nextTick } from '../watch-change.js'
import { changedAccept, changedHistory, changedSession, changedTurn } from './changed-results.fixture.js'
import { type Mistakes, without } from './wrong-store.fixture.js'

/** A store that gets another request than it was given. */
const changedRequest =
  (change: (request: AcceptRequest) => AcceptRequest) =>
  (right: SessionStore): Partial<SessionStore> => ({
    acceptTurn: (request) => right.acceptTurn(change(request)),
  })

export const acceptMistakes: Mistakes = {
  'does not move lastActiveAt when it accepts': (right) => ({
    ...changedSession((session) =>
      session.activeTurnId === null ? session : { ...session, lastActiveAt: session.createdAt },
    )(right),
    ...changedAccept((accepted) => ({
      ...accepted,
      session: { ...accepted.session, lastActiveAt: accepted.session.createdAt },
    }))(right),
  }),
  'answers with the session as it was before the turn': changedAccept((accepted) => ({
    ...accepted,
    session: { ...accepted.session, messageCount: accepted.session.messageCount - 1, activeTurnId: null },
  })),
  'shows a new session before its first turn': (right) => ({
    async acceptTurn(request) {
      if (request.create === null) return right.acceptTurn(request)
      const created = await right.createSession(request.create.session, request.create.bound)
      if (created.outcome === 'full') return created
      await nextTick()
      const accepted = await right.acceptTurn({ ...request, create: null })
      return accepted.outcome === 'accepted' ? { ...accepted, evicted: created.evicted } : accepted
    },
  }),
  'shows the turn only after the message': (right) => {
    let isAccepting = false
    return {
      async acceptTurn(request) {
        isAccepting = true
        const accepted = await right.acceptTurn(request)
        await nextTick()
        isAccepting = false
        return accepted
      },
      getTurn: async (ref, now) => (isAccepting ? undefined : right.getTurn(ref, now)),
    }
  },
  'accepts one message at a time, of whatever session': (right) => {
    let turnId: string | null = null
    return {
      async acceptTurn(request) {
        if (turnId !== null) return { outcome: 'turn_in_progress', turnId }
        turnId = request.ref.turnId
        await nextTick()
        const accepted = await right.acceptTurn(request)
        turnId = null
        return accepted
      },
    }
  },
  'names the wrong turn that is in progress': (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      const { turnId } = request.ref
      return accepted.outcome === 'turn_in_progress' ? { ...accepted, turnId } : accepted
    },
  }),
  'finds no session whose time has passed while a turn is live': (right) => ({
    async acceptTurn(request) {
      const session = await right.getSession(request.ref, request.now)
      return session !== undefined && request.now >= session.lastActiveAt + session.ttlMs
        ? { outcome: 'session_not_found' }
        : right.acceptTurn(request)
    },
  }),
  'loses the metadata of a turn': changedRequest((request) => ({ ...request, metadata: {} })),
  'loses the metadata of a turn that has ended': changedTurn((turn) =>
    turn.endedAt === null ? turn : { ...turn, metadata: {} },
  ),
  'loses the metadata of a session': changedSession((session) => ({ ...session, metadata: {} })),
  'loses the metadata of a session made with its first turn': changedRequest((request) =>
    request.create === null
      ? request
      : {
          ...request,
          create: { ...request.create, session: { ...request.create.session, metadata: {} } },
        },
  ),
  'loses metadata that is not ASCII': changedTurn((turn) => ({
    ...turn,
    metadata: Object.fromEntries(Object.entries(turn.metadata).filter(([key]) => /^\w+$/.test(key))),
  })),
  'takes the making of the session for the beginning of the turn': (right) => ({
    async getTurn(ref, now) {
      const session = await right.getSession(ref, now)
      const turn = await right.getTurn(ref, now)
      return turn && session && { ...turn, startedAt: session.createdAt }
    },
  }),
  'does not tell how many were evicted for a first turn': changedAccept((accepted) => ({
    ...accepted,
    evicted: 0,
  })),
  'returns more history than is wanted': changedRequest((request) => ({
    ...request,
    historyLimit: request.historyLimit + 1,
  })),
  'returns no history that is longer than one turn': changedHistory((history) => history.slice(-2)),
  'returns the history newest first': changedHistory((history) => history.toReversed()),
  'returns the new message with the history': (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      if (accepted.outcome !== 'accepted') return accepted
      const position = accepted.session.messageCount
      return { ...accepted, history: [...accepted.history, { ...request.message, position }] }
    },
  }),
  'loses the functions that were called from the history': changedHistory((history) =>
    history.map((message) => without(message, 'functionsCalled')),
  ),
  'calls every message of the history complete': changedHistory((history) =>
    history.map((message) => ({ ...message, status: 'complete' })),
  ),
  'leaves partial messages out of the history': changedHistory((history) =>
    history.filter(({ status }) => status === 'complete'),
  ),
  'returns a history without times': changedHistory((history) =>
    history.map((message) => ({ ...message, createdAt: 0 })),
  ),
}
