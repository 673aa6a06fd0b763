import { mine } from '../store-fixture.js'
import { changedSession, changedTurn } from './changed-results.fixture.js'
import {
  changedPlace,
  changedQueued,
  lostMessages,
  neverBegan,
  placed,
  queuedIn,
  turnsOf,
  wrongStart,
} from './line-view.fixture.js'
import { remembering } from './remembering.fixture.js'
import type { Mistakes } from './wrong-store.fixture.js'

export const queueMistakes: Mistakes = {
  'makes every message wait that may': (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      if (accepted.outcome !== 'accepted' || request.onBusy.kind !== 'queue') return accepted
      const queued = { type: 'turn.queued', position: 1, seq: 1 } as const
      return { outcome: 'queued', session: accepted.session, queued, supersedes: [] }
    },
  }),
  'looks for a place in line before it looks whether one is needed': (right) => ({
    acceptTurn: async (request) =>
      request.onBusy.kind === 'queue' && request.onBusy.limit === 0
        ? { outcome: 'queue_full' }
        : right.acceptTurn(request),
  }),
  'loses the metadata of a turn that waits': changedTurn((turn) =>
    turn.status === 'queued' ? { ...turn, metadata: {} } : turn,
  ),
  'calls a turn that waits running': changedTurn((turn) =>
    turn.status === 'queued' ? { ...turn, status: 'running' } : turn,
  ),
  'lets a turn that waits begin with its acceptance': changedTurn((turn) => ({
    ...turn,
    startedAt: turn.startedAt ?? turn.createdAt,
  })),
  'lets a turn that has waited begin with its acceptance': changedTurn((turn) =>
    turn.startedAt === null ? turn : { ...turn, startedAt: turn.createdAt },
  ),
  'keeps the message of a turn only when it begins': lostMessages(({ status }) => status === 'queued'),
  'takes a turn that waits for the active one': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      const last = (await queuedIn(right, ref.sessionId)).at(-1)
      return session && last ? { ...session, activeTurnId: last.turnId } : session
    },
  }),
  'shows the active turn to nobody but those that wait': changedSession((session) => ({
    ...session,
    activeTurnId: null,
  })),
  'lines up by the time of acceptance': (right) => ({
    async startTurn(ref, start) {
      const queued = [...(await queuedIn(right, ref.sessionId))].sort((a, b) => a.createdAt - b.createdAt)
      const told = await right.startTurn(ref, start)
      const position = queued.findIndex(({ turnId }) => turnId === ref.turnId) + 1
      return told.outcome === 'waiting' ? { ...told, position } : told
    },
  }),
  'lines up the latest first': (right) => ({
    async startTurn(ref, start) {
      const queued = (await queuedIn(right, ref.sessionId)).toReversed()
      const told = await right.startTurn(ref, start)
      const position = queued.findIndex(({ turnId }) => turnId === ref.turnId) + 1
      return told.outcome === 'waiting' ? { ...told, position } : told
    },
  }),
  'lines up by numbers as texts': changedPlace(async (position, right, { sessionId, turnId }) => {
    const line = (await queuedIn(right, sessionId)).toSorted((a, b) =>
      String(a.position) < String(b.position) ? -1 : 1,
    )
    return line.length > 9 ? line.findIndex((turn) => turn.turnId === turnId) + 1 : position
  }),
  'counts places from 0': (right) => ({
    ...changedPlace((position) => position - 1)(right),
    ...changedQueued((queued) =>
      queued.queued.type === 'turn.queued' ? placed(queued, queued.queued.position - 1) : queued,
    )(right),
  }),
  'counts the turn that runs among those that wait': changedPlace((position) => position + 1),
  'tells a place that it forgets to keep': changedQueued((queued) => placed(queued, 1)),
  'goes on counting places where others have left': remembering((memory) =>
    changedQueued((queued) => placed(queued, memory.accepted.length - 1)),
  ),
  'lets one more wait than may': (right) => ({
    acceptTurn: (request) =>
      right.acceptTurn(
        request.onBusy.kind === 'queue'
          ? { ...request, onBusy: { kind: 'queue', limit: request.onBusy.limit + 1 } }
          : request,
      ),
  }),
  'lets one less wait than may': (right) => ({
    acceptTurn: (request) =>
      right.acceptTurn(
        request.onBusy.kind === 'queue'
          ? { ...request, onBusy: { kind: 'queue', limit: request.onBusy.limit - 1 } }
          : request,
      ),
  }),
  'counts those that have left the line among those that wait': (right) => ({
    async acceptTurn(request) {
      const left = (await turnsOf(right, request.ref.sessionId)).filter(neverBegan).length
      return right.acceptTurn(
        request.onBusy.kind === 'queue'
          ? { ...request, onBusy: { kind: 'queue', limit: request.onBusy.limit - left } }
          : request,
      )
    },
  }),
  'counts a message before it finds that there is no place for it': (right) => {
    let refused = 0
    return {
      async acceptTurn(request) {
        const accepted = await right.acceptTurn(request)
        if (accepted.outcome === 'queue_full') refused += 1
        return accepted
      },
      async getSession(ref, now) {
        const session = await right.getSession(ref, now)
        return session && { ...session, messageCount: session.messageCount + refused }
      },
    }
  },
  'counts a refused message as activity': (right) => {
    let refusedAt = 0
    return {
      async acceptTurn(request) {
        const accepted = await right.acceptTurn(request)
        if (accepted.outcome === 'queue_full') refusedAt = request.now
        return accepted
      },
      async getSession(ref, now) {
        const session = await right.getSession(ref, now)
        return session && { ...session, lastActiveAt: Math.max(session.lastActiveAt, refusedAt) }
      },
    }
  },
  'accepts any message at once when no turn runs, though others wait': (right) => ({
    async acceptTurn(request) {
      const session = await right.getSession(request.ref, request.now)
      const accepted = await right.acceptTurn(request)
      const isBusy = accepted.outcome === 'turn_in_progress' || accepted.outcome === 'queued'
      if (!isBusy || session?.activeTurnId !== null) return accepted
      return { ...(await wrongStart(right, request.ref)), outcome: 'accepted', evicted: 0 }
    },
  }),
  'knows no name for what is in progress when no turn runs': (right) => ({
    async acceptTurn(request) {
      const session = await right.getSession(request.ref, request.now)
      const accepted = await right.acceptTurn(request)
      return accepted.outcome === 'turn_in_progress'
        ? { ...accepted, turnId: session?.activeTurnId ?? '' }
        : accepted
    },
  }),
  'keeps the first event only of a turn that has waited': (right) => ({
    async readEvents(ref, range, now) {
      const events = await right.readEvents(ref, range, now)
      return events?.filter(({ type, seq }) => type !== 'turn.queued' || seq === 1)
    },
  }),
  'drops turn.queued when the turn begins': (right) => ({
    async readEvents(ref, range, now) {
      const events = await right.readEvents(ref, range, now)
      const turn = await right.getTurn(ref, now)
      return turn?.startedAt === null ? events : events?.filter(({ type }) => type !== 'turn.queued')
    },
  }),
  'writes nothing to a turn that waits': (right) => ({
    async writeTurns(writes) {
      const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
      const isWaiting = turns.map((turn) => turn?.status === 'queued')
      const taken = writes.filter(({ end }, index) => !isWaiting[index] || end !== undefined)
      const outcomes = [...(await right.writeTurns(taken))]
      return writes.map((write) => (taken.includes(write) ? (outcomes.shift() ?? 'refused') : 'refused'))
    },
  }),
  'counts no events of a turn that waits': changedTurn((turn) =>
    turn.status === 'queued' ? { ...turn, lastSeq: 1 } : turn,
  ),
  'has one line for all sessions': remembering((memory) => (right) => ({
    ...changedQueued(async (queued) => {
      const sessions = new Set(memory.accepted.map(({ sessionId }) => sessionId))
      const lines = await Promise.all([...sessions].map((id) => queuedIn(right, id)))
      return placed(queued, lines.flat().length)
    })(right),
  })),
  'numbers messages by their turns': (right) => ({
    async listMessages(ref, request, now) {
      const page = await right.listMessages(ref, request, now)
      if (page === undefined) return undefined
      const turnIds = page.messages.map(({ turnId }) => turnId)
      const messages = [...page.messages].sort(
        (a, b) => turnIds.indexOf(a.turnId) - turnIds.indexOf(b.turnId),
      )
      return { ...page, messages }
    },
  }),
}
