import { interruptedEnd } from '../interrupted-end.js'
import type { TurnRef } from '../turn-event.js'
import { TurnTranscript } from '../turn-transcript.js'
import type { Tables } from './tables.js'
import { endTurn } from './write-turn.js'

/** How many events are read in one go: a turn may have very many, and nothing else happens meanwhile. */
const pageLength = 500

/** Which turns to interrupt, and why. */
export interface Interruption {
  readonly now: number
  readonly reason: string
  readonly leasesUntil: number
}

/**
 * A turn that is to be interrupted. What it has said and done is read bit by bit before it is ended: events are only ever
 * added.
 */
export class AbandonedTurn {
  readonly ref: TurnRef
  readonly #tables: Tables
  readonly #transcript = new TurnTranscript()
  #lastSeq = 0

  constructor(ref: TurnRef, tables: Tables) {
    this.ref = ref
    this.#tables = tables
  }

  /** Reads some more of its events; returns whether there may be still more. */
  readSome(): boolean {
    const turn = this.#tables.live.find(this.ref)?.turn
    return turn !== undefined && this.#read(turn) === pageLength
  }

  /** Ends it, unless it has ended by itself or its lease was renewed; returns whether it was ended. */
  end({ now, reason, leasesUntil }: Interruption): boolean {
    const row = this.#tables.live.find(this.ref)
    if (row === undefined || row.lease_until > leasesUntil) return false
    while (this.#read(row.turn) > 0) {} // what came since
    const { event, end } = interruptedEnd(this.ref, this.#transcript, { now, reason })
    this.#tables.events.add(row.turn, [{ ...event, seq: this.#lastSeq + 1 }])
    endTurn(this.#tables, row, end)
    return true
  }

  /** Returns how many events there were. */
  #read(turn: number): number {
    const events = this.#tables.events.read(turn, { after: this.#lastSeq, limit: pageLength })
    for (const event of events) this.#transcript.add(event)
    this.#lastSeq = events.at(-1)?.seq ?? this.#lastSeq
    return events.length
  }
}
