import { endedElsewhere } from '../refusals.js'
import { SessionError } from '../session-error.js'
import type { SessionStore, TurnEnd, TurnWrite } from '../session-store.js'
import type { LiveTurn } from './live-turn.js'

/** What goes to the store together. */
interface Batch {
  readonly turns: Map<LiveTurn, TurnEnd | null>
  /** Resolves when it has been written, or could not be. */
  readonly done: PromiseWithResolvers<void>
}

/**
 * Brings the events of all turns to the store, and then to their readers. What the turns produced in one tick of the
 * event loop goes to the store in one write; while a write is under way, the next one gathers.
 */
export class EventWriter {
  readonly #store: SessionStore
  #gathering: Batch | null = null
  #isWriting = false

  constructor(store: SessionStore) {
    this.#store = store
  }

  /** Writes a turn's pending events with the next batch. With an `end`, the last of them is the final one. */
  schedule(turn: LiveTurn, end: TurnEnd | null = null): void {
    this.#gathering ??= { turns: new Map(), done: Promise.withResolvers() }
    const { turns } = this.#gathering
    if (end !== null || !turns.has(turn)) turns.set(turn, end)
    if (this.#isWriting) return
    this.#isWriting = true
    void this.#drain()
  }

  /** Resolves once what is scheduled of a turn has been written, or could not be; at the earliest in the next tick. */
  written(turn: LiveTurn): Promise<void> {
    return this.#gathering?.turns.has(turn) === true ? this.#gathering.done.promise : nextTick()
  }

  async #drain(): Promise<void> {
    await nextTick()
    for (let batch = this.#gathering; batch !== null; batch = this.#gathering) {
      this.#gathering = null
      await this.#write([...batch.turns])
      batch.done.resolve()
    }
    this.#isWriting = false
  }

  async #write(batch: readonly (readonly [LiveTurn, TurnEnd | null])[]): Promise<void> {
    const writes = batch.map(([turn, end]): TurnWrite => {
      const events = turn.pending
      turn.pending = []
      return end === null ? { ref: turn.ref, events } : { ref: turn.ref, events, end }
    })
    try {
      const outcomes = await this.#store.writeTurns(writes)
      for (const [index, [turn]] of batch.entries()) {
        const events = writes[index]?.events ?? []
        if (outcomes[index] === 'written') turn.publish(events)
        else turn.abandon(endedElsewhere(turn.ref))
      }
    } catch (cause) {
      const message = 'The store could not keep the events of a turn.'
      for (const [turn] of batch)
        turn.abandon(new SessionError('store_unavailable', message, { cause, ...turn.ref }))
    }
  }
}

/** Resolves when everything that is ready to run has run. */
function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
