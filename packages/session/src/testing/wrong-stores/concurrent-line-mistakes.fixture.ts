import type { StartOutcome } from '../../session-store.js'
import { mine, roomy } from '../store-fixture.js'
import { nextTick } from '../watch-change.js'
import { changedSession } from './changed-results.fixture.js'
import { placed, queuedIn, turnsOf, wrongStart } from './line-view.fixture.js'
import type { Mistakes } from './wrong-store.fixture.js'

export const concurrentLineMistakes: Mistakes = {
  'counts the line first and joins it later': (right) => ({
    async acceptTurn(request) {
      const queued = await queuedIn(right, request.ref.sessionId)
      await nextTick()
      const accepted = await right.acceptTurn(request)
      return accepted.outcome === 'queued' && request.onBusy.kind === 'queue'
        ? placed(accepted, queued.length + 1)
        : accepted
    },
  }),
  'looks for a place in line first and takes it later': (right) => ({
    async acceptTurn(request) {
      const { onBusy, ref } = request
      if (onBusy.kind !== 'queue') return right.acceptTurn(request)
      const isFull = (await queuedIn(right, ref.sessionId)).length >= onBusy.limit
      await nextTick()
      const limit = isFull ? onBusy.limit : Number.POSITIVE_INFINITY
      return right.acceptTurn({ ...request, onBusy: { kind: 'queue', limit } })
    },
  }),
  'looks whether a session is idle first and runs a turn in it later': (right) => ({
    async acceptTurn(request) {
      const session = await right.getSession(request.ref, request.now)
      await nextTick()
      const accepted = await right.acceptTurn(request)
      if (accepted.outcome !== 'queued' || session?.expiresAt === null) return accepted
      return { ...(await wrongStart(right, request.ref)), outcome: 'accepted', evicted: 0 }
    },
  }),
  'numbers turns and messages by how many there were before': (right) => {
    const counts = new Map<string, number>()
    return {
      async acceptTurn(request) {
        const { length } = await turnsOf(right, request.ref.sessionId)
        await nextTick()
        counts.set(request.ref.turnId, length + 1)
        return right.acceptTurn(request)
      },
      async listTurns(ref, request, now) {
        const page = await right.listTurns(ref, request, now)
        return (
          page && {
            ...page,
            turns: page.turns.map((turn) => ({
              ...turn,
              position: counts.get(turn.turnId) ?? turn.position,
            })),
          }
        )
      },
    }
  },
  'looks what is to be superseded first and lines up later': (right) => ({
    async acceptTurn(request) {
      if (request.onBusy.kind !== 'interrupt') return right.acceptTurn(request)
      const session = await right.getSession(request.ref, request.now)
      await nextTick()
      const accepted = await right.acceptTurn(request)
      const active = session?.activeTurnId ?? null
      return accepted.outcome === 'queued'
        ? { ...accepted, supersedes: active === null ? [] : [active] }
        : accepted
    },
  }),
  'begins a turn for everybody who asks at the same time': (right) => {
    const asked = new Map<string, Promise<StartOutcome>>()
    return {
      async startTurn(ref, start) {
        const asking = asked.get(ref.turnId) ?? right.startTurn(ref, start)
        asked.set(ref.turnId, asking)
        const told = await asking
        await nextTick()
        asked.delete(ref.turnId)
        return told
      },
    }
  },
  'looks whether a turn runs first and begins another later': (right) => ({
    async startTurn(ref, start) {
      const session = await right.getSession(mine(ref.sessionId), start.now)
      await nextTick()
      const told = await right.startTurn(ref, start)
      return told.outcome === 'waiting' && session?.activeTurnId === null ? wrongStart(right, ref) : told
    },
  }),
  'lets a turn begin while another is ending': (right) => {
    let isEnding = false
    return {
      async writeTurns(writes) {
        isEnding = writes.some(({ end }) => end !== undefined)
        await nextTick()
        isEnding = false
        return right.writeTurns(writes)
      },
      async startTurn(ref, start) {
        const told = await right.startTurn(ref, start)
        return isEnding && told.outcome === 'waiting' ? wrongStart(right, ref) : told
      },
    }
  },
  'begins a turn that has been interrupted meanwhile': (right) => ({
    async startTurn(ref, start) {
      const turn = await right.getTurn(mine(ref), start.now)
      await nextTick()
      const told = await right.startTurn(ref, start)
      return told.outcome === 'gone' && turn?.status === 'queued' ? wrongStart(right, ref) : told
    },
  }),
  'makes a session anew that was deleted while a turn of it began': (right) => ({
    async startTurn(ref, start) {
      const session = await right.getSession(mine(ref.sessionId), start.now)
      await nextTick()
      const told = await right.startTurn(ref, start)
      if (told.outcome === 'gone' && session !== undefined) await right.createSession(session, roomy)
      return told
    },
  }),
  'shows the session idle for a moment when a turn ends with others behind it': (right) => {
    let isEnding = false
    return {
      ...changedSession((session) =>
        isEnding ? { ...session, expiresAt: session.lastActiveAt + session.ttlMs } : session,
      )(right),
      async writeTurns(writes) {
        const outcomes = await right.writeTurns(writes)
        isEnding = true
        await nextTick()
        isEnding = false
        return outcomes
      },
    }
  },
  'shows a turn that waits only after its message': (right) => {
    let isAccepting = false
    return {
      async acceptTurn(request) {
        isAccepting = request.onBusy.kind === 'queue'
        const accepted = await right.acceptTurn(request)
        await nextTick()
        isAccepting = false
        return accepted
      },
      async listTurns(ref, page, now) {
        const found = await right.listTurns(ref, page, now)
        return found && isAccepting ? { ...found, turns: found.turns.slice(0, -1) } : found
      },
    }
  },
  'shows that a turn has begun before its event': (right) => {
    let isBeginning = false
    return {
      async startTurn(ref, start) {
        const told = await right.startTurn(ref, start)
        isBeginning = told.outcome === 'started'
        await nextTick()
        isBeginning = false
        return told
      },
      async readEvents(ref, range, now) {
        const events = await right.readEvents(ref, range, now)
        return isBeginning ? events?.filter(({ type }) => type !== 'turn.started') : events
      },
    }
  },
  'takes a turn out of line and shows its end later': (right) => {
    let isLeaving = false
    return {
      async writeTurns(writes) {
        const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
        const outcomes = await right.writeTurns(writes)
        isLeaving = writes.some(({ end }, index) => end && turns[index]?.status === 'queued')
        await nextTick()
        isLeaving = false
        return outcomes
      },
      async getTurn(ref, now) {
        const turn = await right.getTurn(ref, now)
        return turn && isLeaving ? { ...turn, status: 'queued', endedAt: null, final: null } : turn
      },
    }
  },
}
