import type { JsonValue } from '../json.js'
import type { Beginning, MessageRecord, SessionRecord } from '../session-store.js'
import type { TurnEvent } from '../turn-event.js'
import type { HistoryRange, MessageTable } from './message-table.js'

/** What a beginning is made of. */
export interface TurnBeginningParts extends Omit<Beginning, 'history'> {
  readonly messages: MessageTable
  readonly range: HistoryRange
}

/**
 * What a turn's answer needs. Its history is read when it is asked for: two hundred messages cost several times as much as
 * the rest of a turn, and not every chat interface wants to know. Later it is the same, for turns end once and messages are
 * never changed.
 */
export class TurnBeginning implements Beginning {
  readonly session: SessionRecord
  readonly started: TurnEvent
  declare readonly history: readonly MessageRecord[]
  readonly state: JsonValue
  readonly #messages: MessageTable
  readonly #range: HistoryRange
  #history: readonly MessageRecord[] | undefined

  constructor({ session, started, state, messages, range }: TurnBeginningParts) {
    this.session = session
    this.started = started
    this.state = state
    this.#messages = messages
    this.#range = range
    Object.defineProperty(this, 'history', TurnBeginning.#property)
  }

  // A property of its own, for whoever copies it; one function for all, as in `TurnContext`.
  static readonly #property: PropertyDescriptor & ThisType<TurnBeginning> = {
    enumerable: true,
    configurable: true,
    get() {
      this.#history ??= this.#messages.history(this.#range)
      return this.#history
    },
  }
}
