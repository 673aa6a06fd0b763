import type { AcceptOutcome, SessionStore, TurnRecord } from '../../session-store.js'
import type { TurnRef } from '../../turn-event.js'
import type { Queued, Started } from '../line-fixture.js'
import { mine } from '../store-fixture.js'
import type { Mistake } from './wrong-store.fixture.js'

/** All turns of a session, as they were accepted. */
export async function turnsOf(right: SessionStore, sessionId: string): Promise<readonly TurnRecord[]> {
  const page = await right.listTurns(mine(sessionId), { order: 'asc', limit: 1_000 }, 0)
  return page?.turns ?? []
}

/** The turns of a session that wait, as they were accepted. */
export async function queuedIn(right: SessionStore, sessionId: string): Promise<readonly TurnRecord[]> {
  return (await turnsOf(right, sessionId)).filter(({ status }) => status === 'queued')
}

/** Whether a turn has ended before it could begin. */
export function neverBegan(turn: TurnRecord): boolean {
  return turn.endedAt !== null && turn.startedAt === null
}

/** Messages of a session, without those of some of its turns. */
export async function withoutTurns<M extends { readonly turnId: string }>(
  messages: readonly M[],
  right: SessionStore,
  sessionId: string,
  isLeftOut: (turn: TurnRecord) => boolean,
): Promise<readonly M[]> {
  const leftOut = new Set((await turnsOf(right, sessionId)).filter(isLeftOut).map(({ turnId }) => turnId))
  return messages.filter(({ turnId }) => !leftOut.has(turnId))
}

/** Lists messages without those of some turns. */
export function lostMessages(isLost: (turn: TurnRecord) => boolean): Mistake {
  return (right) => ({
    async listMessages(ref, request, now) {
      const page = await right.listMessages(ref, request, now)
      const messages = await withoutTurns(page?.messages ?? [], right, ref.sessionId, isLost)
      return page && { ...page, messages }
    },
  })
}

/** The beginning of a turn that must not begin. */
export async function wrongStart(right: SessionStore, turn: TurnRef): Promise<Started> {
  const session = await right.getSession(mine(turn.sessionId), 0)
  if (session === undefined) throw new Error('there is no such session')
  const started = { type: 'turn.started', sessionId: turn.sessionId, turnId: turn.turnId, seq: 2 } as const
  return { outcome: 'started', session, started, history: [], state: null }
}

/** Tells those that have waited something else when they begin. */
export function changedStart(
  change: (started: Started, right: SessionStore, ref: TurnRef) => Started | Promise<Started>,
): Mistake {
  return (right) => ({
    async startTurn(ref, start) {
      const told = await right.startTurn(ref, start)
      return told.outcome === 'started' ? change(told, right, ref) : told
    },
  })
}

/** Tells those that wait another place whenever they ask. */
export function changedPlace(
  change: (position: number, right: SessionStore, ref: TurnRef) => number | Promise<number>,
): Mistake {
  return (right) => ({
    async startTurn(ref, start) {
      const told = await right.startTurn(ref, start)
      if (told.outcome !== 'waiting') return told
      return { ...told, position: await change(told.position, right, ref) }
    },
  })
}

/** Tells those that have to wait something else when they are accepted. */
export function changedQueued(
  change: (queued: Queued, right: SessionStore, ref: TurnRef) => AcceptOutcome | Promise<AcceptOutcome>,
): Mistake {
  return (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      return accepted.outcome === 'queued' ? change(accepted, right, request.ref) : accepted
    },
  })
}

/** Another place in the first event of a turn that waits. */
export function placed(queued: Queued, position: number): Queued {
  return { ...queued, queued: { type: 'turn.queued', position, seq: 1 } }
}
