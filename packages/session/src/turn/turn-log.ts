import type { Logger } from '../logger.js'
import type { TurnRef } from '../turn-event.js'

/** The log of one turn. */
export class TurnLog {
  /** For lines that name the turn themselves. */
  readonly parent: Logger
  readonly #ref: TurnRef
  #child: Logger | undefined

  constructor(parent: Logger, ref: TurnRef) {
    this.parent = parent
    this.#ref = ref
  }

  /** A logger whose every line names the turn. It is made when it is first asked for: most turns never do. */
  get logger(): Logger {
    this.#child ??= this.parent.child(this.ids)
    return this.#child
  }

  /** The turn, as lines name it. */
  get ids(): { readonly session_id: string; readonly turn_id: string } {
    return { session_id: this.#ref.sessionId, turn_id: this.#ref.turnId }
  }
}
