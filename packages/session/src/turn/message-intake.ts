import type { Logger } from '../logger.js'
import type { ManagerParts } from '../manager-parts.js'
import { keyReused, sessionNotFound, shuttingDown, turnInProgress } from '../refusals.js'
import { SessionError } from '../session-error.js'
import type { TurnRequest } from '../session-manager.js'
import type { AcceptOutcome, AcceptRequest, OwnedTurnRef, SessionRef } from '../session-store.js'
import { storeCall } from '../store-call.js'
import type { TurnRef } from '../turn-event.js'
import { acceptRequest } from './accept-request.js'
import { LiveTurn } from './live-turn.js'
import { isSameSession, type LiveTurns } from './live-turns.js'
import { readAcceptance, type Taken } from './read-acceptance.js'
import type { SessionLines } from './session-lines.js'
import type { UnclosedTurns } from './unclosed-turns.js'

const superseded = { status: 'cancelled', reason: 'superseded' } as const

/** So many turns more than may run may be waiting to be ended in the store, before it is asked to take no others. */
const mostLost = 100

/** What became of a request. */
export interface TurnOfRequest {
  /** The turn that it began, or that its key stands for. */
  readonly ref: TurnRef
  /** The turn, when it is a new one. */
  readonly turn: LiveTurn | null
}

/** What it takes to accept messages. */
export interface IntakeParts {
  /** Names this process in its leases. */
  readonly instance: string
  readonly turns: LiveTurns
  readonly lines: SessionLines
  readonly unclosed: UnclosedTurns
  /** Is handed each turn that was accepted. */
  readonly run: (turn: LiveTurn, logger: Logger) => void
}

/** Accepts messages: has the store make turns of them, where they may be made, and hands these on. */
export class MessageIntake {
  readonly #parts: ManagerParts
  readonly #intake: IntakeParts
  readonly #closedSessions = new Set<SessionRef>()
  #isClosed = false

  constructor(parts: ManagerParts, intake: IntakeParts) {
    this.#parts = parts
    this.#intake = intake
  }

  /** Accepts no more messages: from now on, only the turns that there are can be asked for again. */
  close(): void {
    this.#isClosed = true
  }

  /** Accepts no more messages of a session; returns how to do so again. */
  closeSession(session: SessionRef): () => void {
    this.#closedSessions.add(session)
    return () => this.#closedSessions.delete(session)
  }

  /**
   * Accepts a message and begins its turn, or puts it in line. A request whose key is known already makes no turn.
   *
   * @throws SessionError see `SessionScope.startTurn`
   */
  async accept(request: TurnRequest, owner: string): Promise<TurnOfRequest> {
    const { ids, clock, limits } = this.#parts
    const { instance, turns, unclosed } = this.#intake
    const now = clock.now()
    if (this.#isClosed || turns.size >= limits.maxTurns) return this.#withoutTurn(request, owner, now)
    // A store that fails each time may have taken them all: they must be known, and not be too many to know.
    if (unclosed.size >= limits.maxTurns + mostLost)
      throw new SessionError('store_unavailable', 'The store did not tell yet what became of earlier turns.')
    const acceptedMonotonic = clock.monotonic()
    const ref = { owner, sessionId: request.sessionId ?? ids('sess'), turnId: ids('turn') }
    for (const session of this.#closedSessions)
      if (isSameSession(ref, session)) throw sessionNotFound(ref.sessionId)
    const accepted = this.#ask(acceptRequest(request, ref, { now, instance }, this.#parts))
    turns.expect({ ref, key: request.key?.key, accepted })
    try {
      const outcome = readAcceptance(await accepted, ref, limits)
      if (outcome.outcome === 'repeated') return await this.#again(outcome.ref)
      const turn = this.#take(request, { ref, outcome, acceptedMonotonic })
      return { ref: turn.ref, turn }
    } catch (error) {
      if (error instanceof SessionError && error.code === 'store_unavailable')
        void unclosed.addLost(ref, error)
      throw error
    } finally {
      turns.decided(ref.turnId)
    }
  }

  /** Asks the store; once more when it refuses because of a turn that nobody runs, which is ended first. */
  #ask(request: AcceptRequest): Promise<AcceptOutcome> {
    const { store } = this.#parts
    const { unclosed } = this.#intake
    return storeCall(() => store.acceptTurn(request)).then((answer) =>
      answer.outcome === 'turn_in_progress' && unclosed.size > 0 ? this.#askAgain(request, answer) : answer,
    )
  }

  async #askAgain(
    request: AcceptRequest,
    refused: AcceptOutcome & { readonly turnId: string },
  ): Promise<AcceptOutcome> {
    const isClosed = await this.#intake.unclosed.close(refused.turnId)
    return isClosed ? storeCall(() => this.#parts.store.acceptTurn(request)) : refused
  }

  /** Takes in a turn that the store has accepted. */
  #take(
    request: TurnRequest,
    { ref, outcome, acceptedMonotonic }: { ref: OwnedTurnRef; outcome: Taken; acceptedMonotonic: number },
  ): LiveTurn {
    const { sessionId, turnId } = ref
    const { turns, lines, unclosed, run } = this.#intake
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
    turns.add(turn)
    if (outcome.outcome === 'queued') {
      for (const other of outcome.supersedes) void this.#supersede(other)
      if ((request.onBusy ?? this.#parts.limits.onBusy) === 'interrupt') lines.moved(sessionId) // others are behind it
    }
    run(turn, request.logger ?? this.#parts.logger)
    if (unclosed.size > 0) void unclosed.closeAll() // the store works again
    return turn
  }

  // Made once, and not for each turn.
  readonly #awaitReader = (giveUp: () => void) =>
    this.#parts.clock.after(this.#parts.limits.disconnectGraceMs, giveUp)

  /** Whoever waits for the end of a turn finds its place free. */
  readonly #onOver = ({ ref }: LiveTurn) => {
    this.#intake.turns.delete(ref.turnId)
    this.#intake.lines.moved(ref.sessionId)
  }

  /** Stops a turn for one that takes its place. */
  async #supersede(turnId: string): Promise<void> {
    const turn = await this.#intake.turns.get(turnId)
    if (turn !== undefined) turn.stop(superseded)
    else await this.#intake.unclosed.close(turnId).catch(() => {}) // the next sweep tries again
  }

  /**
   * The turn of an earlier request, where none may be made.
   *
   * @throws SessionError why there is none
   */
  async #withoutTurn(request: TurnRequest, owner: string, now: number): Promise<TurnOfRequest> {
    const known = await this.#repeated(request, owner, now)
    if (known !== undefined) return this.#again(known)
    if (this.#isClosed) throw shuttingDown()
    await this.#refuseBefore(request, owner, now)
    const { maxTurns } = this.#parts.limits
    throw new SessionError('overloaded', `As many turns run or wait as may (${maxTurns}).`)
  }

  /** The turn of an earlier request with the same key: to answer with it, no turn has to be made. */
  async #repeated({ key }: TurnRequest, owner: string, now: number): Promise<TurnRef | undefined> {
    if (key === undefined) return undefined
    const { store, limits } = this.#parts
    await this.#intake.turns.keyDecided(owner, key.key)
    const until = now + limits.keyTtlMs
    const known = await storeCall(() => store.getKeyedTurn(owner, { ...key, until }, now))
    if (known?.isSame === false) throw keyReused(known.ref)
    return known?.ref
  }

  /**
   * The turn of an earlier request. Who repeats it waits for its end, which has to come: of a turn that nobody runs it has
   * not been written.
   *
   * @throws SessionError `store_unavailable` while it can't be written
   */
  async #again(ref: TurnRef): Promise<TurnOfRequest> {
    await this.#intake.unclosed.close(ref.turnId)
    return { ref, turn: null }
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
}
