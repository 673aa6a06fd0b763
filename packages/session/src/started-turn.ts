import type { ReadEventsOptions, Turn } from './session-manager.js'
import { EventReader, type EventSource } from './turn/event-reader.js'
import { flattenBatches } from './turn/flatten-batches.js'
import { readEnd } from './turn/read-end.js'
import type { FinalTurnEvent, TurnEvent } from './turn-event.js'

/** The turn of a request, whoever began it. */
export class StartedTurn implements Turn {
  readonly sessionId: string
  readonly turnId: string
  readonly isRepeated: boolean
  readonly #source: EventSource
  #ended: Promise<FinalTurnEvent> | undefined

  constructor(source: EventSource, isRepeated: boolean) {
    this.sessionId = source.ref.sessionId
    this.turnId = source.ref.turnId
    this.isRepeated = isRepeated
    this.#source = source
  }

  /** Made when it is asked for: of a turn that this process does not run, it asks the store until there is an end. */
  get ended(): Promise<FinalTurnEvent> {
    if (this.#ended === undefined) {
      this.#ended = readEnd(this.#source)
      this.#ended.catch(() => {}) // it may fail with nobody waiting for it; the runner has logged it
    }
    return this.#ended
  }

  events(read?: ReadEventsOptions): AsyncIterable<TurnEvent> {
    return flattenBatches(this.eventBatches(read))
  }

  eventBatches(read: ReadEventsOptions = {}): AsyncIterable<readonly TurnEvent[]> {
    return new EventReader(this.#source, read)
  }

  attend(): () => void {
    return this.#source.live?.attend() ?? (() => {})
  }
}
