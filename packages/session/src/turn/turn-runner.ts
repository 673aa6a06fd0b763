import { leaseMs, type OnBusy, type SessionLimits } from '../limits.js'
import type { Logger } from '../logger.js'
import type { ManagerParts } from '../manager-parts.js'
import { newSession } from '../new-session.js'
import { noRoom, sessionNotFound, shuttingDown } from '../refusals.js'
import { SessionError } from '../session-error.js'
import type { TurnRequest } from '../session-manager.js'
import type { AcceptOutcome, AcceptRequest, BusyRule, OwnedTurnRef, SessionRef } from '../session-store.js'
import { storeCall } from '../store-call.js'
import type { TurnRef } from '../turn-event.js'
import { DeadlineWatch } from './deadline-watch.js'
import { EventWriter } from './event-writer.js'
import { LiveTurn } from './live-turn.js'
import { runTurn, type TurnRuntime } from './run-turn.js'
import { SessionLines } from './session-lines.js'
import { TransientMap } from './transient-map.js'
import { TurnLog } from './turn-log.js'
import { UnclosedTurns } from './unclosed-turns.js'

const shutdown = { status: 'interrupted', reason: 'shutdown' } as const
const superseded = { status: 'cancelled', reason: 'superseded' } as const

/** So many turns more than may run may be waiting to be ended in the store, before it is asked to take no others. */
const mostLost = 100

/** Most turns have none of their own. */
const noMetadata: Readonly<Record<string, string>> = Object.freeze({})

/** What became of a request. */
export interface StartedTurn {
  /** The turn that it began, or that its key stands for. */
  readonly ref: TurnRef
  /** The turn, when it is a new one. */
  readonly turn: LiveTurn | null
}

/** A message that the store is being asked to accept. */
interface Accepting {
  readonly ref: OwnedTurnRef
  readonly key: string | undefined
  readonly accepted: Promise<unknown>
}

/** Accepts messages and runs their turns in this process. */
export class TurnRunner {
  /** Names this process in its leases. */
  readonly instance = crypto.randomUUID()
  readonly #parts: ManagerParts
  readonly #runtime: TurnRuntime
  readonly #lines = new SessionLines()
  readonly #unclosed: UnclosedTurns
  /** The turns that run or wait. */
  readonly #live = new TransientMap<LiveTurn>()
  /** The turns that the store is being asked to accept: it may have done so before it says so. */
  readonly #accepting = new TransientMap<Accepting>()
  /** How much has to finish before this process may: each turn from before its acceptance until after its end. */
  #underWay = 0
  #allDone = () => {}
  readonly #deleting = new Set<SessionRef>()
  #isClosed = false
  /** Whether what is running has had its time to finish. */
  #isGraceOver = false

  constructor(parts: ManagerParts) {
    this.#parts = parts
    this.#unclosed = new UnclosedTurns(parts, (sessionId) => this.#lines.moved(sessionId))
    const { instance } = this
    this.#runtime = {
      ...parts,
      instance,
      lines: this.#lines,
      unclosed: this.#unclosed,
      writer: new EventWriter(parts.store),
      deadlines: new DeadlineWatch(parts.clock),
    }
  }

  /** How many turns run. */
  get running(): number {
    return this.#live.size - this.queued
  }

  /** How many turns wait. */
  get queued(): number {
    return this.#live.values().filter(({ begun }) => begun === null).length
  }

  /** The turn, if this process runs it, or is about to. */
  async find(ref: OwnedTurnRef): Promise<LiveTurn | undefined> {
    const turn = await this.#whenAccepted(ref.turnId)
    return turn !== undefined && isSame(ref, turn.session) ? turn : undefined
  }

  /**
   * Ends what could not be ended when the store failed: one turn.
   *
   * @returns whether it is such a one
   * @throws SessionError `store_unavailable`
   */
  closeUnclosed(turnId: string): Promise<boolean> {
    return this.#unclosed.close(turnId)
  }

  /** The same for all there are; what still can't be ended is left for the next time. */
  closeAllUnclosed(): Promise<void> {
    return this.#unclosed.closeAll()
  }

  /** Lets go of a turn that the store has ended: its lease had run out. */
  async abandon(ref: TurnRef): Promise<void> {
    const error = new SessionError('turn_not_found', 'The lease of the turn has run out.', ref)
    const turn = await this.#whenAccepted(ref.turnId)
    turn?.abandon(error)
  }

  /**
   * Accepts a message and begins its turn, or puts it in line. A request whose key is known already makes no turn.
   *
   * @throws SessionError see `SessionScope.startTurn`
   */
  start(request: TurnRequest, owner: string): Promise<StartedTurn> {
    this.#underWay += 1
    const accepted = this.#accept(request, owner)
    accepted.then(this.#leave, this.#leave) // whoever asked for the turn has the error
    return accepted
  }

  #run(turn: LiveTurn, logger: Logger): void {
    this.#underWay += 1
    void runTurn(turn, this.#runtime, new TurnLog(logger, turn.ref)).then(this.#leave)
  }

  readonly #leave = () => {
    this.#underWay -= 1
    if (this.#underWay === 0) this.#allDone()
  }

  /** Stops the live turns of a session that is being deleted, keeps new ones away meanwhile, then deletes. */
  async whileDeleting<T>(session: SessionRef, remove: () => Promise<T>): Promise<T> {
    this.#deleting.add(session)
    try {
      for (const { ref, accepted } of this.#accepting.values()) {
        if (isSame(ref, session)) await accepted.catch(() => {})
      }
      const turns = this.#live.values().filter((turn) => isSame(turn.session, session))
      // All at once: or one that waits would begin when the one before it ends.
      for (const turn of turns) turn.stop({ status: 'cancelled', reason: 'session_deleted' })
      await Promise.allSettled(turns.map(({ ended }) => ended))
      return await remove()
    } finally {
      this.#deleting.delete(session)
    }
  }

  /** Takes no more turns: from now on, only those that there are can be asked for again. */
  refuse(): void {
    this.#isClosed = true
  }

  /** Takes no more turns; resolves when the running ones have ended. */
  async close(grace: number): Promise<void> {
    this.refuse()
    const cancelTimer = this.#parts.clock.after(grace, () => {
      this.#isGraceOver = true
      for (const turn of this.#live.values()) turn.stop(shutdown)
    })
    while (this.#underWay > 0) await new Promise<void>((resolve) => (this.#allDone = resolve))
    cancelTimer()
    await this.#unclosed.closeAll()
  }

  /** A turn that this process runs, or is about to: the store may tell of it before it has answered. */
  async #whenAccepted(turnId: string): Promise<LiveTurn | undefined> {
    await this.#accepting.get(turnId)?.accepted.catch(() => {})
    return this.#live.get(turnId)
  }

  /** Stops a turn for one that takes its place. */
  async #supersede(turnId: string): Promise<void> {
    const turn = await this.#whenAccepted(turnId)
    if (turn !== undefined) turn.stop(superseded)
    else await this.#unclosed.close(turnId).catch(() => {}) // the next sweep tries again
  }

  async #accept(request: TurnRequest, owner: string): Promise<StartedTurn> {
    const { ids, clock, limits, store } = this.#parts
    const now = clock.now()
    if (this.#isClosed || this.#live.size + this.#accepting.size >= limits.maxTurns) {
      const known = await this.#repeated(request, owner, now)
      if (known !== undefined) return this.#again(known)
      if (this.#isClosed) throw shuttingDown()
      await this.#refuseBefore(request, owner, now)
      throw new SessionError('overloaded', `As many turns run or wait as may (${limits.maxTurns}).`)
    }
    // A store that fails each time may have taken them all: they must be known, and not be too many to know.
    if (this.#unclosed.size >= limits.maxTurns + mostLost)
      throw new SessionError('store_unavailable', 'The store did not tell yet what became of earlier turns.')
    const acceptedMonotonic = clock.monotonic()
    const ref = { owner, sessionId: request.sessionId ?? ids('sess'), turnId: ids('turn') }
    for (const session of this.#deleting) if (isSame(ref, session)) throw sessionNotFound(ref.sessionId)
    const asked = this.#acceptRequest(request, ref, now)
    const accepting = storeCall(() => store.acceptTurn(asked))
    this.#accepting.add(ref.turnId, { ref, key: request.key?.key, accepted: accepting })
    try {
      let answer = await accepting
      if (answer.outcome === 'turn_in_progress' && this.#unclosed.size > 0)
        answer = await this.#askAgain(asked, answer)
      const outcome = accepted(answer, ref, limits)
      if (outcome.outcome === 'repeated') return await this.#again(outcome.ref)
      const turn = this.#add(request, { ref, outcome, acceptedMonotonic })
      if (outcome.outcome === 'queued') {
        for (const turnId of outcome.supersedes) void this.#supersede(turnId)
        if ((request.onBusy ?? limits.onBusy) === 'interrupt') this.#lines.moved(ref.sessionId) // others are behind it
      }
      this.#run(turn, request.logger ?? this.#parts.logger)
      if (this.#unclosed.size > 0) void this.#unclosed.closeAll() // the store works again
      return { ref: turn.ref, turn }
    } catch (error) {
      if (error instanceof SessionError && error.code === 'store_unavailable')
        void this.#unclosed.addLost(ref, error)
      throw error
    } finally {
      this.#accepting.delete(ref.turnId)
    }
  }

  /** Ends what stands in the way of a turn and is run by nobody, and asks the store again. */
  async #askAgain(
    request: AcceptRequest,
    refused: AcceptOutcome & { readonly turnId: string },
  ): Promise<AcceptOutcome> {
    const isClosed = await this.#unclosed.close(refused.turnId)
    return isClosed ? storeCall(() => this.#parts.store.acceptTurn(request)) : refused
  }

  /**
   * The turn of an earlier request. Who repeats it waits for its end, which has to come: of a turn that nobody runs it has
   * not been written.
   *
   * @throws SessionError `store_unavailable` while it can't be written
   */
  async #again(ref: TurnRef): Promise<StartedTurn> {
    await this.#unclosed.close(ref.turnId)
    return { ref, turn: null }
  }

  /** The turn of an earlier request with the same key: to answer with it, no turn has to be made. */
  async #repeated({ key }: TurnRequest, owner: string, now: number): Promise<TurnRef | undefined> {
    if (key === undefined) return undefined
    const { store, limits } = this.#parts
    for (const other of this.#accepting.values()) {
      if (other.ref.owner === owner && other.key === key.key) await other.accepted.catch(() => {})
    }
    const until = now + limits.keyTtlMs
    const known = await storeCall(() => store.getKeyedTurn(owner, { ...key, until }, now))
    if (known?.isSame === false) throw keyReused(known.ref)
    return known?.ref
  }

  /** Who could not be served anyway is told so, rather than to come again when there is less to do. */
  async #refuseBefore({ sessionId, onBusy }: TurnRequest, owner: string, now: number): Promise<void> {
    const { store, limits } = this.#parts
    if (sessionId === undefined) return
    const session = await storeCall(() => store.getSession({ owner, sessionId }, now))
    if (session === undefined) throw sessionNotFound(sessionId)
    const { activeTurnId: turnId } = session
    if (turnId !== null && (onBusy ?? limits.onBusy) === 'reject') throw turnInProgress(sessionId, turnId)
  }

  // Made once, and not for each turn.
  readonly #awaitReader = (giveUp: () => void) =>
    this.#parts.clock.after(this.#parts.limits.disconnectGraceMs, giveUp)

  /** Whoever waits for the end of a turn finds its place free. */
  readonly #onOver = ({ ref }: LiveTurn) => {
    this.#live.delete(ref.turnId)
    this.#lines.moved(ref.sessionId)
  }

  /** Takes in a turn that the store has accepted. */
  #add(
    request: TurnRequest,
    { ref, outcome, acceptedMonotonic }: { ref: OwnedTurnRef; outcome: Taken; acceptedMonotonic: number },
  ): LiveTurn {
    const { sessionId, turnId } = ref
    const turn = new LiveTurn({
      ref: { sessionId, turnId },
      request,
      session: outcome.session,
      first: outcome.outcome === 'accepted' ? outcome.started : outcome.queued,
      acceptedMonotonic,
      awaitReader: this.#awaitReader,
      onOver: this.#onOver,
    })
    if (outcome.outcome === 'accepted') turn.begin(outcome, acceptedMonotonic)
    this.#live.add(turnId, turn)
    if (this.#isGraceOver) turn.stop(shutdown)
    return turn
  }

  #acceptRequest(request: TurnRequest, ref: OwnedTurnRef, now: number): AcceptRequest {
    const { ids, limits } = this.#parts
    const { maxSessions, whenFull, historyLimit } = limits
    return {
      ref,
      create:
        request.sessionId === undefined
          ? { session: newSession(ref, now, limits), bound: { maxSessions, whenFull, now } }
          : null,
      message: {
        messageId: ids('msg'),
        turnId: ref.turnId,
        role: 'user',
        content: request.message,
        status: 'complete',
        createdAt: now,
      },
      metadata: request.metadata === undefined ? noMetadata : Object.freeze({ ...request.metadata }),
      onBusy: busyRule(request.onBusy ?? limits.onBusy, limits.queueLimit),
      key: request.key === undefined ? null : { ...request.key, until: now + limits.keyTtlMs },
      lease: { instance: this.instance, until: now + leaseMs },
      historyLimit,
      now,
    }
  }
}

function isSame(one: SessionRef, other: SessionRef): boolean {
  return one.sessionId === other.sessionId && one.owner === other.owner
}

function keyReused(ref: TurnRef): SessionError {
  return new SessionError('key_reused', 'The key stands for another request.', ref)
}

function turnInProgress(sessionId: string, turnId: string): SessionError {
  return new SessionError('turn_in_progress', 'The session has a running turn.', { sessionId, turnId })
}

/** What the store took: a turn that runs, or one that waits. */
type Taken = Extract<AcceptOutcome, { outcome: 'accepted' | 'queued' }>

/** @throws SessionError when the message was not accepted */
function accepted(
  outcome: AcceptOutcome,
  { sessionId }: TurnRef,
  { maxSessions }: SessionLimits,
): Taken | { readonly outcome: 'repeated'; readonly ref: TurnRef } {
  switch (outcome.outcome) {
    case 'accepted':
    case 'queued':
      return outcome
    case 'repeated':
      return { outcome: 'repeated', ref: outcome.ref }
    case 'key_reused':
      throw keyReused(outcome.ref)
    case 'session_not_found':
      throw sessionNotFound(sessionId)
    case 'turn_in_progress':
      throw turnInProgress(sessionId, outcome.turnId)
    case 'queue_full':
      throw new SessionError('queue_full', 'As many turns of the session wait as may.', { sessionId })
    case 'full':
      throw noRoom(maxSessions)
  }
}

function busyRule(onBusy: OnBusy, limit: number): BusyRule {
  return onBusy === 'queue' ? { kind: 'queue', limit } : { kind: onBusy }
}
