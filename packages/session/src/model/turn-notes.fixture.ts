import assert from 'node:assert/strict'
import type { SessionLimits } from '../limits.js'
import type {
  AcceptOutcome,
  AcceptRequest,
  Beginning,
  KeyedTurn,
  StartOutcome,
  TurnKey,
} from '../session-store.js'
import type { TurnRef } from '../turn-event.js'
import type { ModelReader } from './model-reader.fixture.js'
import type { Script } from './steered-chat.fixture.js'

/** What the store said when it was asked which turn a key stands for. */
export interface LookUp {
  readonly owner: string
  readonly key: TurnKey
  readonly found: KeyedTurn | undefined
}

/** What was asked of turns, and what the store said to it: for what the model of a store does not know. */
export class TurnNotes {
  /** The answers, by the messages that they are for. */
  readonly scripts = new Map<string, Script>()
  /** What the store was asked to accept, by the message, and what it said to it. */
  readonly accepted = new Map<string, { readonly request: AcceptRequest; readonly outcome: AcceptOutcome }>()
  /** The turns that keys were said to stand for, in the order in which the store was asked. */
  readonly lookUps: LookUp[] = []
  /** What the store said when it let a turn run. */
  readonly beginnings = new Map<string, Beginning>()
  /** The place in line that the store told a turn last. */
  readonly places = new Map<string, number>()
  /** When the store last had it of a turn that its place has become worse. */
  readonly worseAt = new Map<string, number>()
  /** The turns that are cancelled when their last reader has left. */
  readonly attended = new Set<string>()
  /** When somebody last had a short look at a turn's events. */
  readonly lookedAt = new Map<string, number>()
  /** The sessions that were asked to be deleted by their owners. */
  readonly deleting = new Set<string>()
  readonly #reasons = new Map<string, Set<string>>()
  readonly #stopping = new Set<string>()

  /** Notes what became of a message. */
  accept(request: AcceptRequest, outcome: AcceptOutcome): void {
    const { content } = request.message
    const { turnId } = request.ref
    assert(this.scripts.has(content), 'a message was accepted that nobody has sent')
    assert(!this.accepted.has(content), `the store was asked twice to accept ${content}`)
    this.accepted.set(content, { request, outcome })
    if (outcome.outcome === 'accepted') this.beginnings.set(turnId, outcome)
    if (outcome.outcome !== 'queued') return
    if (outcome.queued.type === 'turn.queued') this.places.set(turnId, outcome.queued.position)
    for (const superseded of outcome.supersedes) {
      this.mayStop(superseded, 'superseded')
      this.mustStop(superseded)
    }
  }

  /** Notes what became of a turn that wanted to begin. */
  start(turnId: string, outcome: StartOutcome): void {
    if (outcome.outcome === 'started') this.beginnings.set(turnId, outcome)
    if (outcome.outcome === 'waiting') this.places.set(turnId, outcome.position)
  }

  /** Notes that a turn may be cancelled for this reason. */
  mayStop(turnId: string, reason: string): void {
    const reasons = this.#reasons.get(turnId) ?? new Set()
    this.#reasons.set(turnId, reasons.add(reason))
  }

  /** Notes that a turn has to stop. */
  mustStop(turnId: string): void {
    this.#stopping.add(turnId)
  }

  /** For what a turn may be cancelled. */
  reasonsOf({ turnId, sessionId }: TurnRef): ReadonlySet<string> {
    const reasons = new Set(this.#reasons.get(turnId))
    if (this.deleting.has(sessionId)) reasons.add('session_deleted')
    if (this.attended.has(turnId)) reasons.add('client_disconnected')
    return reasons
  }

  /** Whether a turn has to stop by now. */
  hasToStop(
    { turnId, sessionId }: TurnRef,
    {
      now,
      readers,
      limits,
    }: {
      readonly now: number
      readonly readers: readonly ModelReader[]
      readonly limits: Pick<SessionLimits, 'disconnectGraceMs'>
    },
  ): boolean {
    if (this.#stopping.has(turnId) || this.deleting.has(sessionId)) return true
    const its = readers.filter(({ ref }) => ref.turnId === turnId)
    if (!this.attended.has(turnId) || its.some(({ isReading }) => isReading)) return false
    const times = [this.lookedAt.get(turnId), ...its.map(({ leftAt }) => leftAt)]
    const leftAt = Math.max(...times.filter((time) => typeof time === 'number'))
    return now >= leftAt + limits.disconnectGraceMs && leftAt > 0
  }
}
