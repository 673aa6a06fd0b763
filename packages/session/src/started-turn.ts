import type { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
import type { ReadEventsOptions, Turn } from './session-manager.js'
import { EventReader, type EventSource } from './turn/event-reader.js'
import type { LiveTurn } from './turn/live-turn.js'
import { flatten, readEnd } from './turn/read-events.js'
import type { TurnRunner } from './turn/turn-runner.js'
import type { FinalTurnEvent, TurnEvent, TurnRef } from './turn-event.js'

/** What a turn is read with. */
export interface TurnSource {
  readonly owner: string
  readonly parts: ManagerParts
  readonly life: ManagerLife
  readonly runner: TurnRunner
}

/** The turn of a request, whoever began it. */
export class StartedTurn implements Turn {
  readonly sessionId: string
  readonly turnId: string
  readonly isRepeated: boolean
  /** The turn, where this process runs it. */
  readonly #live: LiveTurn | undefined
  readonly #source: TurnSource
  #ended: Promise<FinalTurnEvent> | undefined

  constructor(ref: TurnRef, isRepeated: boolean, live: LiveTurn | undefined, source: TurnSource) {
    this.sessionId = ref.sessionId
    this.turnId = ref.turnId
    this.isRepeated = isRepeated
    this.#live = live
    this.#source = source
  }

  /** Made when it is asked for: of a turn that this process does not run, it asks the store until there is an end. */
  get ended(): Promise<FinalTurnEvent> {
    if (this.#ended === undefined) {
      this.#ended = readEnd(this.#eventSource)
      this.#ended.catch(() => {}) // it may fail with nobody waiting for it; the runner has logged it
    }
    return this.#ended
  }

  events(read?: ReadEventsOptions): AsyncIterable<TurnEvent> {
    return flatten(this.eventBatches(read))
  }

  eventBatches(read: ReadEventsOptions = {}): AsyncIterable<readonly TurnEvent[]> {
    return new EventReader(this.#eventSource, read)
  }

  attend(): () => void {
    return this.#live?.attend() ?? (() => {})
  }

  get #eventSource(): EventSource {
    const { owner, parts, runner, life } = this.#source
    const ref = { owner, sessionId: this.sessionId, turnId: this.turnId }
    return { ref, live: this.#live, parts, runner, life }
  }
}
