import type { Logger } from '../logger.js'
import type { TurnRef } from '../turn-event.js'

/** The logger of one turn, whose every line names it. The logger behind it is made when it is needed: most turns log one line. */
export class TurnLog implements Logger {
  /** For lines that name the turn themselves. */
  readonly parent: Logger
  readonly #ref: TurnRef
  #child: Logger | undefined

  constructor(parent: Logger, ref: TurnRef) {
    this.parent = parent
    this.#ref = ref
  }

  /** The turn, as lines name it. */
  get ids(): { readonly session_id: string; readonly turn_id: string } {
    return { session_id: this.#ref.sessionId, turn_id: this.#ref.turnId }
  }

  debug(fields: object, message: string): void {
    this.#own().debug(fields, message)
  }

  info(fields: object, message: string): void {
    this.#own().info(fields, message)
  }

  warn(fields: object, message: string): void {
    this.#own().warn(fields, message)
  }

  error(fields: object, message: string): void {
    this.#own().error(fields, message)
  }

  child(fields: object): Logger {
    return this.#own().child(fields)
  }

  #own(): Logger {
    this.#child ??= this.parent.child(this.ids)
    return this.#child
  }
}
