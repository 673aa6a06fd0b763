import { mine } from '../store-fixture.js'
import { changedStart, wrongStart } from './line-view.fixture.js'
import { remembering } from './remembering.fixture.js'
import type { Mistakes } from './wrong-store.fixture.js'

export const lineStartMistakes: Mistakes = {
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
  'begins a turn that was cancelled in line': (right) => ({
    async startTurn(ref, start) {
      const turn = await right.getTurn(mine(ref), 0)
      return turn?.status === 'cancelled' ? wrongStart(right, ref) : right.startTurn(ref, start)
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
}
