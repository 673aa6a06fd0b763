import type { AcceptRequest } from '../../session-store.js'
import { mine } from '../store-fixture.js'
import { changedSession } from './changed-results.fixture.js'
import {
  changedPlace,
  changedQueued,
  changedStart,
  placed,
  queuedIn,
  wrongStart,
} from './line-view.fixture.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

/** Knows which turns were to interrupt others. */
function knowing(mistake: (interrupting: ReadonlySet<string>) => Mistake): Mistake {
  return (right) => {
    const interrupting = new Set<string>()
    const wrong = mistake(interrupting)(right)
    return {
      ...wrong,
      async acceptTurn(request: AcceptRequest) {
        const accepted = await (wrong.acceptTurn ?? right.acceptTurn)(request)
        if (request.onBusy.kind === 'interrupt') interrupting.add(request.ref.turnId)
        return accepted
      },
    }
  }
}

export const interruptingMistakes: Mistakes = {
  'makes a message wait that has nothing to interrupt': (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      if (accepted.outcome !== 'accepted' || request.onBusy.kind !== 'interrupt') return accepted
      const queued = { type: 'turn.queued', position: 1, seq: 1 } as const
      return { outcome: 'queued', session: accepted.session, queued, supersedes: [] }
    },
  }),
  'puts a turn that is to interrupt behind all others': (right) => ({
    async acceptTurn(request) {
      if (request.onBusy.kind !== 'interrupt') return right.acceptTurn(request)
      const accepted = await right.acceptTurn({ ...request, onBusy: { kind: 'queue', limit: 100 } })
      const active = accepted.outcome === 'queued' ? accepted.session.activeTurnId : null
      return accepted.outcome === 'queued' && active !== null
        ? { ...accepted, supersedes: [active] }
        : accepted
    },
  }),
  'ends by itself what is to be interrupted': (right) => ({
    async acceptTurn(request) {
      const session = await right.getSession(request.ref, request.now)
      const turnId = session?.activeTurnId ?? null
      if (request.onBusy.kind !== 'interrupt' || turnId === null) return right.acceptTurn(request)
      const ref = { sessionId: request.ref.sessionId, turnId }
      const seq = ((await right.getTurn(mine(ref), request.now))?.lastSeq ?? 0) + 1
      const accepted = await right.acceptTurn(request)
      const end = { status: 'cancelled', endedAt: request.now, message: null, functionsCalled: [] } as const
      const events = [{ type: 'turn.cancelled', reason: 'superseded', content: '', seq }] as const
      await right.writeTurns([{ ref, events, end }])
      return accepted
    },
  }),
  'supersedes nothing': changedQueued((queued) => ({ ...queued, supersedes: [] })),
  'supersedes every turn of the line, too': (right) => ({
    async acceptTurn(request) {
      const line = (await queuedIn(right, request.ref.sessionId)).map(({ turnId }) => turnId)
      const accepted = await right.acceptTurn(request)
      return accepted.outcome === 'queued' && request.onBusy.kind === 'interrupt'
        ? { ...accepted, supersedes: [...new Set([...accepted.supersedes, ...line])] }
        : accepted
    },
  }),
  'supersedes what runs only': changedQueued((queued) => ({
    ...queued,
    supersedes: queued.supersedes.filter((turnId) => turnId === queued.session.activeTurnId),
  })),
  'supersedes what waits only': changedQueued((queued) => ({
    ...queued,
    supersedes: queued.supersedes.filter((turnId) => turnId !== queued.session.activeTurnId),
  })),
  'supersedes every turn that was ever to interrupt': knowing((interrupting) =>
    changedQueued((queued) => ({
      ...queued,
      supersedes: queued.supersedes.length === 0 ? [] : [...new Set([...queued.supersedes, ...interrupting])],
    })),
  ),
  'names a turn twice that was to interrupt and runs': knowing((interrupting) =>
    changedQueued((queued) => ({
      ...queued,
      supersedes: [
        ...queued.supersedes,
        ...queued.supersedes.filter(
          (turnId) => turnId === queued.session.activeTurnId && interrupting.has(turnId),
        ),
      ],
    })),
  ),
  'lines up those that are to interrupt in the order in which they came': knowing((interrupting) =>
    changedPlace(async (position, right, { sessionId, turnId }) => {
      const line = (await queuedIn(right, sessionId)).filter((turn) => interrupting.has(turn.turnId))
      const place = line.findIndex((turn) => turn.turnId === turnId)
      return place === -1 ? position : place + 1
    }),
  ),
  'tells those that are to interrupt the places in which they came': knowing((interrupting) =>
    changedQueued(async (queued, right, { sessionId }) => {
      const line = (await queuedIn(right, sessionId)).filter((turn) => interrupting.has(turn.turnId))
      return queued.supersedes.length > 0 ? placed(queued, line.length + 1) : queued
    }),
  ),
  'does not move back those that queue when another is to interrupt': knowing((interrupting) =>
    changedPlace(async (position, right, { sessionId, turnId }) => {
      const line = (await queuedIn(right, sessionId)).filter((turn) => interrupting.has(turn.turnId))
      return interrupting.has(turnId) ? position : position - line.length
    }),
  ),
  'does not count those that are to interrupt when others queue': knowing((interrupting) =>
    changedQueued(async (queued, right, { sessionId }) => {
      const line = (await queuedIn(right, sessionId)).filter((turn) => !interrupting.has(turn.turnId))
      return queued.supersedes.length > 0 ? queued : placed(queued, Math.max(1, line.length))
    }),
  ),
  'has no place for one that is to interrupt when others wait': (right) => ({
    async acceptTurn(request) {
      const line = await queuedIn(right, request.ref.sessionId)
      return request.onBusy.kind === 'interrupt' && line.length >= 2
        ? { outcome: 'queue_full' }
        : right.acceptTurn(request)
    },
  }),
  'lets others wait as if none were to interrupt': knowing((interrupting) => (right) => ({
    async acceptTurn(request) {
      const line = await queuedIn(right, request.ref.sessionId)
      const more = line.filter(({ turnId }) => interrupting.has(turnId)).length
      return right.acceptTurn(
        request.onBusy.kind === 'queue'
          ? { ...request, onBusy: { kind: 'queue', limit: request.onBusy.limit + more } }
          : request,
      )
    },
  })),
  'runs at once what is to interrupt when no turn runs, though others wait': (right) => ({
    async acceptTurn(request) {
      const session = await right.getSession(request.ref, request.now)
      const accepted = await right.acceptTurn(request)
      const isNext = accepted.outcome === 'queued' && request.onBusy.kind === 'interrupt'
      if (!isNext || session?.activeTurnId !== null) return accepted
      return { ...(await wrongStart(right, request.ref)), outcome: 'accepted', evicted: 0 }
    },
  }),
  'gives a turn that interrupts nothing of what it interrupted': changedStart((started) => ({
    ...started,
    history: started.history.filter(({ status }) => status === 'complete'),
  })),
  'does not take a message that waits for activity': changedSession((session) =>
    session.expiresAt === null && session.messageCount === 2
      ? { ...session, lastActiveAt: session.createdAt }
      : session,
  ),
  'leaves a place to one that was to interrupt and was cancelled': knowing((interrupting) =>
    changedPlace(async (position, right, { sessionId }) => {
      const page = await right.listTurns(mine(sessionId), { order: 'asc', limit: 100 }, 0)
      const left = page?.turns.filter(
        ({ turnId, status }) => interrupting.has(turnId) && status === 'cancelled',
      )
      return position + (left?.length ?? 0)
    }),
  ),
}
