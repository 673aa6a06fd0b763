import { logForeign } from '../log-foreign.js'
import type { ManagerParts } from '../manager-parts.js'
import type { SessionError } from '../session-error.js'
import type { OwnedTurnRef } from '../session-store.js'
import { storeCall } from '../store-call.js'
import { isFinal, type TurnEvent } from '../turn-event.js'
import { transcriptOf } from '../turn-transcript.js'
import { stoppedEnd } from './end-turn.js'
import type { LiveTurn, StopReason } from './live-turn.js'

/** A turn that was given up, and why. */
interface Unclosed {
  readonly ref: OwnedTurnRef
  /** What the store is known to have of it. */
  readonly published: readonly TurnEvent[]
  readonly outcome: StopReason
}

/**
 * The turns whose events the store did not take, and those that it may have taken without saying so: nobody runs them, but
 * the store takes them for live, and this process goes on renewing their leases. Their sessions must not stay busy for that.
 */
export class UnclosedTurns {
  readonly #parts: ManagerParts
  readonly #onClosed: (sessionId: string) => void
  readonly #turns = new Map<string, Unclosed>()
  /** The attempts under way, so that no turn is ended by two at once. */
  readonly #attempts = new Map<string, Promise<void>>()

  /** @param onClosed is told whose line has moved */
  constructor(parts: ManagerParts, onClosed: (sessionId: string) => void) {
    this.#parts = parts
    this.#onClosed = onClosed
  }

  /** How many there are. */
  get size(): number {
    return this.#turns.size
  }

  /** Ends a turn that was given up, with what the store did take of it; if it can't, it is kept for later. Never rejects. */
  async add({ ref, session, published }: LiveTurn, outcome: StopReason): Promise<void> {
    const { sessionId, turnId } = ref
    this.#turns.set(turnId, { ref: { owner: session.owner, sessionId, turnId }, published, outcome })
    await this.close(turnId).catch((err: unknown) => {
      const fields = { err, session_id: sessionId, turn_id: turnId }
      const message = 'a turn could not be ended in the store; the next sweep tries again'
      logForeign(this.#parts.logger, 'error', fields, message)
    })
  }

  /** The same for one that the store failed to accept, if it did accept it. @param error what whoever asked for it got */
  async addLost(ref: OwnedTurnRef, error: SessionError): Promise<void> {
    const outcome = { status: 'failed', code: 'store_unavailable', error } as const
    this.#turns.set(ref.turnId, { ref, published: [], outcome })
    await this.close(ref.turnId).catch(() => {}) // the next sweep tries again, and whoever asked has the error
  }

  /** Tries once more with all of them; those that still can't be ended are kept. */
  async closeAll(): Promise<void> {
    await Promise.allSettled([...this.#turns.keys()].map((turnId) => this.close(turnId)))
  }

  /** Tries once more with one turn. Returns whether it is one of these. @throws SessionError `store_unavailable` */
  async close(turnId: string): Promise<boolean> {
    const unclosed = this.#turns.get(turnId)
    if (unclosed === undefined) return false
    const attempt =
      this.#attempts.get(turnId) ?? this.#close(unclosed).finally(() => this.#attempts.delete(turnId))
    this.#attempts.set(turnId, attempt)
    await attempt
    return true
  }

  async #close({ ref, published, outcome }: Unclosed): Promise<void> {
    const { store, clock, ids } = this.#parts
    const range = { after: published.length, limit: Number.MAX_SAFE_INTEGER }
    // A write whose answer was lost may have been kept all the same.
    const later = await storeCall(() => store.readEvents(ref, range, clock.now()))
    const kept = [...published, ...(later ?? [])]
    const last = kept.at(-1)
    if (later !== undefined && last !== undefined && !isFinal(last)) {
      const at = { now: clock.now(), messageId: ids('msg') }
      const { event, end } = stoppedEnd(ref, transcriptOf(kept), outcome, at)
      await storeCall(() => store.writeTurns([{ ref, events: [{ ...event, seq: kept.length + 1 }], end }]))
    }
    this.#turns.delete(ref.turnId)
    this.#onClosed(ref.sessionId)
  }
}
