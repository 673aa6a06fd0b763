import type { Logger } from '../logger.js'
import type { ManagerParts } from '../manager-parts.js'
import { SessionError } from '../session-error.js'
import type { TurnRequest } from '../session-manager.js'
import type { AcceptOutcome, AcceptRequest, OwnedTurnRef, SessionRef } from '../session-store.js'
import { storeCall } from '../store-call.js'
import { leaseMs } from '../sweeper.js'
import type { TurnRef } from '../turn-event.js'
import { EventWriter } from './event-writer.js'
import { type Accepted, LiveTurn } from './live-turn.js'
import { runTurn } from './run-turn.js'
import { tellTurnEnd } from './tell-turn-end.js'

const shutdown = { status: 'interrupted', reason: 'shutdown' } as const

/** Accepts messages and runs their turns in this process. */
export class TurnRunner {
  /** Names this process in its leases. */
  readonly instance = crypto.randomUUID()
  readonly #parts: ManagerParts
  readonly #writer: EventWriter
  readonly #live = new Map<string, LiveTurn>()
  /** The turns that the store is being asked to accept: it may have done so before it says so. */
  readonly #accepting = new Map<string, { readonly ref: OwnedTurnRef; readonly accepted: Promise<unknown> }>()
  /** Everything that has to finish before this process may: each turn from before its acceptance until after its end. */
  readonly #runs = new Set<Promise<unknown>>()
  readonly #deleting = new Set<SessionRef>()
  #isClosed = false
  /** Whether what is running has had its time to finish. */
  #isGraceOver = false

  constructor(parts: ManagerParts) {
    this.#parts = parts
    this.#writer = new EventWriter(parts.store)
  }

  /** How many turns are running. */
  get running(): number {
    return this.#live.size
  }

  /** The turn, if this process runs it, or is about to. */
  async find(ref: OwnedTurnRef): Promise<LiveTurn | undefined> {
    await this.#accepting.get(ref.turnId)?.accepted.catch(() => {})
    const turn = this.#live.get(ref.turnId)
    return turn !== undefined && isSame(ref, turn.accepted.session) ? turn : undefined
  }

  /**
   * Accepts a message and begins its turn.
   *
   * @throws SessionError see `SessionManager.startTurn`
   */
  start(request: TurnRequest, owner: string): Promise<LiveTurn> {
    const accepted = this.#accept(request, owner)
    const run = accepted.then(
      (turn) => this.#run(turn, request.logger ?? this.#parts.logger),
      () => {}, // whoever asked for the turn has the error
    )
    this.#runs.add(run)
    void run.finally(() => this.#runs.delete(run))
    return accepted
  }

  /** Stops the live turn of a session that is being deleted, keeps new ones away meanwhile, then deletes. */
  async whileDeleting<T>(session: SessionRef, remove: () => Promise<T>): Promise<T> {
    this.#deleting.add(session)
    try {
      for (const { ref, accepted } of this.#accepting.values()) {
        if (isSame(ref, session)) await accepted.catch(() => {})
      }
      for (const turn of this.#live.values()) {
        if (!isSame(turn.accepted.session, session)) continue
        turn.stop({ status: 'cancelled', reason: 'session_deleted' })
        await turn.ended.catch(() => {})
      }
      return await remove()
    } finally {
      this.#deleting.delete(session)
    }
  }

  /** Takes no more turns; resolves when the running ones have ended. */
  async close(grace: number): Promise<void> {
    this.#isClosed = true
    const cancelTimer = this.#parts.clock.after(grace, () => {
      this.#isGraceOver = true
      for (const turn of this.#live.values()) turn.stop(shutdown)
    })
    while (this.#runs.size > 0) await Promise.all(this.#runs)
    cancelTimer()
  }

  async #accept(request: TurnRequest, owner: string): Promise<LiveTurn> {
    const { ids, clock, limits, store } = this.#parts
    if (this.#isClosed)
      throw new SessionError('shutting_down', 'The session manager is closing and takes no more turns.')
    if (this.#live.size + this.#accepting.size >= limits.maxTurns) {
      throw new SessionError('overloaded', `As many turns are running as may (${limits.maxTurns}).`)
    }
    const now = clock.now()
    const monotonic = clock.monotonic()
    const ref = { owner, sessionId: request.sessionId ?? ids('sess'), turnId: ids('turn') }
    for (const session of this.#deleting) if (isSame(ref, session)) throw sessionNotFound(ref.sessionId)
    const accepting = storeCall(store.acceptTurn(this.#acceptRequest(request, ref, now)))
    this.#accepting.set(ref.turnId, { ref, accepted: accepting })
    try {
      const outcome = await accepting
      const turn = new LiveTurn(
        { sessionId: ref.sessionId, turnId: ref.turnId },
        request,
        accepted(outcome, ref),
        monotonic,
      )
      this.#live.set(ref.turnId, turn)
      if (this.#isGraceOver) turn.stop(shutdown)
      const leave = () => this.#live.delete(ref.turnId)
      turn.ended.then(leave, leave) // before anybody who waits for the end: its place is free by then
      return turn
    } finally {
      this.#accepting.delete(ref.turnId)
    }
  }

  #acceptRequest(request: TurnRequest, ref: OwnedTurnRef, now: number): AcceptRequest {
    const { ids, limits } = this.#parts
    const { maxSessions, whenFull, historyLimit } = limits
    const { owner, sessionId } = ref
    const session = { owner, sessionId, createdAt: now, ttlMs: limits.sessionTtlMs, metadata: {} }
    return {
      ref,
      create: request.sessionId === undefined ? { session, bound: { maxSessions, whenFull, now } } : null,
      message: {
        messageId: ids('msg'),
        turnId: ref.turnId,
        role: 'user',
        content: request.message,
        status: 'complete',
        createdAt: now,
      },
      metadata: Object.freeze({ ...request.metadata }),
      lease: { instance: this.instance, until: now + leaseMs },
      historyLimit,
      now,
    }
  }

  async #run(turn: LiveTurn, parent: Logger): Promise<void> {
    const { sessionId, turnId } = turn.ref
    const logger = parent.child({ session_id: sessionId, turn_id: turnId })
    try {
      await runTurn(turn, { ...this.#parts, writer: this.#writer }, logger)
    } catch (cause) {
      // Nothing is known that leads here. Should something, then its readers and its session are not to wait for ever.
      const error = new SessionError('store_unavailable', 'The turn broke down.', { cause, ...turn.ref })
      turn.abandon(error)
      const outcome = { status: 'failed', code: 'store_unavailable', error } as const
      tellTurnEnd(turn, outcome, this.#parts.clock, this.#parts.observer)
    }
  }
}

function isSame(one: SessionRef, other: SessionRef): boolean {
  return one.sessionId === other.sessionId && one.owner === other.owner
}

/** The error for a session that is unknown, expired or deleted. */
export function sessionNotFound(sessionId: string): SessionError {
  return new SessionError('session_not_found', 'There is no such session, or it has expired.', { sessionId })
}

function accepted(outcome: AcceptOutcome, ref: TurnRef): Accepted {
  switch (outcome.outcome) {
    case 'accepted':
      return outcome
    case 'session_not_found':
      throw sessionNotFound(ref.sessionId)
    case 'turn_in_progress':
      throw new SessionError('turn_in_progress', 'The session has a running turn.', {
        sessionId: ref.sessionId,
        turnId: outcome.turnId,
      })
    case 'full':
      throw new SessionError('session_capacity_reached', 'There is no room for one more session.')
  }
}
