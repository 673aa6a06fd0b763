import { mine } from '../store-fixture.js'
import { changedSession, changedTurn } from './changed-results.fixture.js'
import {
  changedPlace,
  changedQueued,
  changedStart,
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
  'lets a turn that left the line begin with its end': changedTurn((turn) =>
    neverBegan(turn) ? { ...turn, startedAt: turn.endedAt } : turn,
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
  'begins the next turn while another runs': (right) => ({
    async startTurn(ref, start) {
      const told = await right.startTurn(ref, start)
      return told.outcome === 'waiting' && told.position === 1 ? wrongStart(right, ref) : told
    },
  }),
  'begins whichever turn asks when none runs': (right) => ({
    async startTurn(ref, start) {
      const session = await right.getSession(mine(ref.sessionId), start.now)
      const told = await right.startTurn(ref, start)
      return told.outcome === 'waiting' && session?.activeTurnId === null ? wrongStart(right, ref) : told
    },
  }),
  'notes the beginning of a turn before it knows whether it may': (right) => {
    const asked = new Map<string, number>()
    return {
      async startTurn(ref, start) {
        asked.set(ref.turnId, start.now)
        return right.startTurn(ref, start)
      },
      async getTurn(ref, now) {
        const turn = await right.getTurn(ref, now)
        return turn && { ...turn, startedAt: turn.startedAt ?? asked.get(ref.turnId) ?? null }
      },
    }
  },
  'takes a turn that asks in vain for activity': (right) => {
    let askedAt = 0
    return {
      async startTurn(ref, start) {
        askedAt = start.now
        return right.startTurn(ref, start)
      },
      async getSession(ref, now) {
        const session = await right.getSession(ref, now)
        return session && { ...session, lastActiveAt: Math.max(session.lastActiveAt, askedAt) }
      },
    }
  },
  'answers with the session as it was before the turn began': changedStart((started) => ({
    ...started,
    session: { ...started.session, activeTurnId: null },
  })),
  'begins every turn with its first event': changedStart((started) => ({
    ...started,
    started: { ...started.started, seq: 1 },
  })),
  'begins every turn that waited with its second event': changedStart((started) => ({
    ...started,
    started: { ...started.started, seq: 2 },
  })),
  'forgets the state when a turn that waited begins': changedStart((started) => ({
    ...started,
    state: null,
  })),
  'returns the message of a turn with its history when it begins': changedStart(
    async (started, right, { sessionId, turnId }) => {
      const page = await right.listMessages(mine(sessionId), { order: 'asc', limit: 100 }, 0)
      const own = page?.messages.filter((message) => message.turnId === turnId) ?? []
      return { ...started, history: [...started.history, ...own] }
    },
  ),
  'returns no history when a turn that waited begins': changedStart((started) => ({
    ...started,
    history: [],
  })),
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
  'leaves a gap in line where a turn was cancelled': changedPlace(
    async (position, right, { sessionId }) =>
      position + (await turnsOf(right, sessionId)).filter(neverBegan).length,
  ),
  'begins a turn that was cancelled in line': (right) => ({
    async startTurn(ref, start) {
      const turn = await right.getTurn(mine(ref), 0)
      return turn?.status === 'cancelled' ? wrongStart(right, ref) : right.startTurn(ref, start)
    },
  }),
  'loses the message of a turn that was cancelled while it waited': lostMessages(neverBegan),
  'frees the session when a turn that waits is cancelled': (right) => {
    let isFreed = false
    return {
      async writeTurns(writes) {
        const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
        isFreed = writes.some(({ end }, index) => end && turns[index]?.status === 'queued')
        return right.writeTurns(writes)
      },
      async getSession(ref, now) {
        const session = await right.getSession(ref, now)
        return session && isFreed ? { ...session, activeTurnId: null } : session
      },
    }
  },
  'leaves the session busy with a turn that has waited': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      const waited = (await turnsOf(right, ref.sessionId)).find(
        ({ startedAt, createdAt, endedAt }) =>
          endedAt !== null && startedAt !== null && startedAt > createdAt,
      )
      return session && waited ? { ...session, activeTurnId: waited.turnId } : session
    },
  }),
  'begins a turn again that runs': (right) => ({
    async startTurn(ref, start) {
      const turn = await right.getTurn(mine(ref), 0)
      return turn?.status === 'running' ? wrongStart(right, ref) : right.startTurn(ref, start)
    },
  }),
  'tells a turn to wait that has ended': (right) => ({
    async startTurn(ref, start) {
      const turn = await right.getTurn(mine(ref), 0)
      return turn !== undefined && turn.endedAt !== null
        ? { outcome: 'waiting', position: 1 }
        : right.startTurn(ref, start)
    },
  }),
  'tells a turn to wait that there is not': (right) => ({
    async startTurn(ref, start) {
      const turn = await right.getTurn(mine(ref), 0)
      return turn === undefined ? { outcome: 'waiting', position: 1 } : right.startTurn(ref, start)
    },
  }),
  'finds a turn that asks in every session': remembering((memory) => (right) => ({
    async startTurn(ref, start) {
      const known = memory.accepted.find(({ turnId }) => turnId === ref.turnId)
      const told = await right.startTurn(known ?? ref, start)
      return known?.sessionId === ref.sessionId || told.outcome === 'waiting'
        ? told
        : { outcome: 'waiting', position: 1 }
    },
  })),
  'has one line for all sessions': remembering((memory) => (right) => ({
    ...changedQueued(async (queued) => {
      const sessions = new Set(memory.accepted.map(({ sessionId }) => sessionId))
      const lines = await Promise.all([...sessions].map((id) => queuedIn(right, id)))
      return placed(queued, lines.flat().length)
    })(right),
  })),
  'ends one turn of a session in each write': (right) => ({
    async writeTurns(writes) {
      const ended = new Set<string>()
      const taken = writes.filter(({ ref, end }) => {
        const isFirst = end === undefined || !ended.has(ref.sessionId)
        if (end !== undefined) ended.add(ref.sessionId)
        return isFirst
      })
      const outcomes = [...(await right.writeTurns(taken))]
      return writes.map((write) => (taken.includes(write) ? (outcomes.shift() ?? 'refused') : 'refused'))
    },
  }),
  'takes writes to a turn that was cancelled while it waited': (right) => ({
    async writeTurns(writes) {
      const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
      const outcomes = await right.writeTurns(writes)
      return outcomes.map((outcome, index) => {
        const turn = turns[index]
        return turn !== undefined && neverBegan(turn) ? 'written' : outcome
      })
    },
  }),
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
  'leaves an empty message of a turn that was cancelled while it waited': (right) => ({
    async writeTurns(writes) {
      const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
      const changed = writes.map((write, index) => {
        const { ref, end } = write
        if (end === undefined || end.message !== null || turns[index]?.status !== 'queued') return write
        const message = {
          messageId: `msg_assistant_${ref.turnId}`,
          turnId: ref.turnId,
          role: 'assistant',
          content: '',
          status: 'partial',
          createdAt: end.endedAt,
        } as const
        return { ...write, end: { ...end, message } }
      })
      return right.writeTurns(changed)
    },
  }),
}
