import type { Logger } from '../logger.js'
import type { ManagerParts } from '../manager-parts.js'
import { SessionError } from '../session-error.js'
import type { TurnRequest } from '../session-manager.js'
import type { OwnedTurnRef, SessionRef } from '../session-store.js'
import type { TurnRef } from '../turn-event.js'
import { DeadlineWatch } from './deadline-watch.js'
import { EventWriter } from './event-writer.js'
import type { LiveTurn } from './live-turn.js'
import { LiveTurns } from './live-turns.js'
import { MessageIntake, type TurnOfRequest } from './message-intake.js'
import { runTurn, type TurnRuntime } from './run-turn.js'
import { SessionLines } from './session-lines.js'
import { TurnLog } from './turn-log.js'
import { UnclosedTurns } from './unclosed-turns.js'

const shutdown = { status: 'interrupted', reason: 'shutdown' } as const

/** Runs turns in this process, from the acceptance of their messages to their end. */
export class TurnRunner {
  /** Names this process in its leases. */
  readonly instance = crypto.randomUUID()
  readonly #parts: ManagerParts
  readonly #runtime: TurnRuntime
  readonly #unclosed: UnclosedTurns
  readonly #turns = new LiveTurns()
  readonly #intake: MessageIntake
  /** How much has to finish before this process may: each turn from before its acceptance until after its end. */
  #underWay = 0
  #allDone = () => {}
  /** Whether what is running has had its time to finish. */
  #isGraceOver = false

  constructor(parts: ManagerParts) {
    const lines = new SessionLines()
    const unclosed = new UnclosedTurns(parts, (sessionId) => lines.moved(sessionId))
    const { instance } = this
    this.#parts = parts
    this.#unclosed = unclosed
    this.#runtime = {
      ...parts,
      instance,
      lines,
      unclosed,
      writer: new EventWriter(parts.store),
      deadlines: new DeadlineWatch(parts.clock),
    }
    const run = (turn: LiveTurn, logger: Logger) => this.#run(turn, logger)
    this.#intake = new MessageIntake(parts, { instance, turns: this.#turns, lines, unclosed, run })
  }

  /** How many turns run. */
  get running(): number {
    return this.#turns.running
  }

  /** How many turns wait. */
  get queued(): number {
    return this.#turns.queued
  }

  /** The turn, if this process runs it, or is about to. */
  find(ref: OwnedTurnRef): Promise<LiveTurn | undefined> {
    return this.#turns.find(ref)
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
    const turn = await this.#turns.get(ref.turnId)
    turn?.abandon(error)
  }

  /**
   * Accepts a message and begins its turn, or puts it in line. A request whose key is known already makes no turn.
   *
   * @throws SessionError see `SessionScope.startTurn`
   */
  start(request: TurnRequest, owner: string): Promise<TurnOfRequest> {
    this.#underWay += 1
    const accepted = this.#intake.accept(request, owner)
    accepted.then(this.#leave, this.#leave) // whoever asked for the turn has the error
    return accepted
  }

  #run(turn: LiveTurn, logger: Logger): void {
    if (this.#isGraceOver) turn.stop(shutdown)
    this.#underWay += 1
    void runTurn(turn, this.#runtime, new TurnLog(logger, turn.ref)).then(this.#leave)
  }

  readonly #leave = () => {
    this.#underWay -= 1
    if (this.#underWay === 0) this.#allDone()
  }

  /** Stops the live turns of a session that is being deleted, keeps new ones away meanwhile, then deletes. */
  async whileDeleting<T>(session: SessionRef, remove: () => Promise<T>): Promise<T> {
    const reopen = this.#intake.closeSession(session)
    try {
      const turns = await this.#turns.ofSession(session)
      // All at once: or one that waits would begin when the one before it ends.
      for (const turn of turns) turn.stop({ status: 'cancelled', reason: 'session_deleted' })
      await Promise.allSettled(turns.map(({ ended }) => ended))
      return await remove()
    } finally {
      reopen()
    }
  }

  /** Takes no more turns: from now on, only those that there are can be asked for again. */
  refuse(): void {
    this.#intake.close()
  }

  /** Takes no more turns; resolves when the running ones have ended. */
  async close(grace: number): Promise<void> {
    this.refuse()
    const cancelTimer = this.#parts.clock.after(grace, () => {
      this.#isGraceOver = true
      for (const turn of this.#turns.values()) turn.stop(shutdown)
    })
    while (this.#underWay > 0) await new Promise<void>((resolve) => (this.#allDone = resolve))
    cancelTimer()
    await this.#unclosed.closeAll()
  }
}
