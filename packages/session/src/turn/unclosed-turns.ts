import type { ManagerParts } from '../manager-parts.js'
import { storeCall } from '../store-call.js'
import { isFinal } from '../turn-event.js'
import { TurnTranscript } from '../turn-transcript.js'
import { endOf, type TurnOutcome } from './end-turn.js'
import type { LiveTurn } from './live-turn.js'

/** A turn that was given up, and why. */
interface Unclosed {
  readonly turn: LiveTurn
  readonly outcome: TurnOutcome
}

/**
 * The turns whose events the store did not take: their readers are gone, but the store takes them for live, and this
 * process goes on renewing their leases. Their sessions must not stay busy for that.
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

  /** Ends a turn that was given up, with what the store did take of it; if it can't, it is kept for later. Never rejects. */
  async add(turn: LiveTurn, outcome: TurnOutcome): Promise<void> {
    this.#turns.set(turn.ref.turnId, { turn, outcome })
    await this.close(turn.ref.turnId).catch((err: unknown) => {
      const { sessionId, turnId } = turn.ref
      this.#parts.logger.error(
        { err, session_id: sessionId, turn_id: turnId },
        'a turn could not be ended in the store; the next sweep tries again',
      )
    })
  }

  /** Tries once more with all of them; those that still can't be ended are kept. */
  async closeAll(): Promise<void> {
    await Promise.allSettled([...this.#turns.keys()].map((turnId) => this.close(turnId)))
  }

  /** Tries once more with one turn, if it is one of these. @throws SessionError `store_unavailable` */
  async close(turnId: string): Promise<void> {
    const unclosed = this.#turns.get(turnId)
    if (unclosed === undefined) return
    const attempt =
      this.#attempts.get(turnId) ?? this.#close(unclosed).finally(() => this.#attempts.delete(turnId))
    this.#attempts.set(turnId, attempt)
    await attempt
  }

  async #close({ turn, outcome }: Unclosed): Promise<void> {
    const { store, clock, ids } = this.#parts
    const { ref, session, published } = turn
    const owned = { ...ref, owner: session.owner }
    const range = { after: published.length, limit: Number.MAX_SAFE_INTEGER }
    // A write whose answer was lost may have been kept all the same.
    const later = await storeCall(() => store.readEvents(owned, range, clock.now()))
    const kept = [...published, ...(later ?? [])]
    const last = kept.at(-1)
    if (later !== undefined && last !== undefined && !isFinal(last)) {
      const transcript = new TurnTranscript()
      for (const event of kept) transcript.add(event)
      const at = { now: clock.now(), monotonic: clock.monotonic(), messageId: ids('msg') }
      const { event, end } = endOf(turn, transcript, outcome, at)
      await storeCall(() => store.writeTurns([{ ref, events: [{ ...event, seq: kept.length + 1 }], end }]))
    }
    this.#turns.delete(ref.turnId)
    this.#onClosed(ref.sessionId)
  }
}
