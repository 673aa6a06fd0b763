import { endedElsewhere } from '../refusals.js'
import { SessionError } from '../session-error.js'
import type { SessionStore, TurnEnd, TurnWrite } from '../session-store.js'
import type { LiveTurn } from './live-turn.js'

/** What goes to the store together. */
export interface Batch {
  readonly turns: LiveTurn[]
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
    this.#gathering ??= { turns: [], done: Promise.withResolvers() }
    if (turn.batch !== this.#gathering) {
      turn.batch = this.#gathering
      this.#gathering.turns.push(turn)
    }
    if (end !== null) turn.end = end
    if (this.#isWriting) return
    this.#isWriting = true
    setImmediate(this.#start)
  }

  /**
   * Resolves once the batch that a turn is in has been written, or could not be; in the next tick when it is in none, also while
   * its last one is being written.
   */
  written(turn: LiveTurn): Promise<void> {
    return turn.batch?.done.promise ?? nextTick()
  }

  // One function for all batches: a promise of the next tick would be two objects more for each.
  readonly #start = (): void => {
    void this.#drain()
  }

  async #drain(): Promise<void> {
    for (let batch = this.#gathering; batch !== null; batch = this.#gathering) {
      this.#gathering = null
      const { turns, done } = batch
      const writes = turns.map(takePending)
      try {
        const outcomes = await this.#store.writeTurns(writes)
        for (const [index, turn] of turns.entries()) {
          if (outcomes[index] === 'written') turn.publish(writes[index]?.events ?? [])
          else turn.abandon(endedElsewhere(turn.ref))
        }
      } catch (cause) {
        const message = 'The store could not keep the events of a turn.'
        for (const turn of turns)
          turn.abandon(new SessionError('store_unavailable', message, { cause, ...turn.ref }))
      }
      done.resolve()
    }
    this.#isWriting = false
  }
}

/** What of a turn is to be written; it has nothing pending then, and is in no batch. */
function takePending(turn: LiveTurn): TurnWrite {
  const { ref, pending: events, end } = turn
  turn.pending = []
  turn.batch = null
  return end === null ? { ref, events } : { ref, events, end }
}

/** Resolves when everything that is ready to run has run. */
function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
