import { elapsed } from './clock.js'
import { inTime } from './in-time.js'
import type { ManagerParts } from './manager-parts.js'
import { SessionError } from './session-error.js'

/** What a step of the start does. */
export interface StepDeed {
  /** What it is about, as in the log and in health: `store`, `chat`. */
  readonly component: string
  /** What cannot be done, in words: `The store could not be opened`. */
  readonly failure: string
  /** Left out where there is nothing to do. */
  readonly run: (() => Promise<void> | void) | undefined
}

/** A step of the start. Once it is done it stays done, and never does it run twice at a time. */
export class StartStep {
  readonly #deed: StepDeed
  readonly #parts: ManagerParts
  #isDone = false
  #hasFailed = false
  #running: Promise<void> | null = null

  constructor(deed: StepDeed, parts: ManagerParts) {
    this.#deed = deed
    this.#parts = parts
  }

  get isDone(): boolean {
    return this.#isDone
  }

  /** Whether its last attempt failed. */
  get hasFailed(): boolean {
    return this.#hasFailed
  }

  get isUnderWay(): boolean {
    return this.#running !== null
  }

  /** Resolves when no attempt is under way, however it ended. */
  get ended(): Promise<void> {
    return this.#running?.catch(() => {}) ?? Promise.resolve()
  }

  /**
   * Takes the step, unless that was done. Where an attempt still hangs, it waits for that one.
   *
   * @param givenUp rejects when it is not to be waited for any longer
   * @throws SessionError `not_ready`, when it fails or takes longer than the limit `startTimeoutMs`; what `givenUp`
   * rejects with
   */
  async take(givenUp: Promise<never>): Promise<void> {
    if (this.#isDone) return
    const { clock, limits, logger } = this.#parts
    const { component, failure, run } = this.#deed
    const begun = clock.monotonic()
    let isInTime: boolean
    try {
      const running = this.#running ?? this.#begin()
      isInTime = await inTime(Promise.race([running, givenUp]), limits.startTimeoutMs, clock)
    } catch (cause) {
      if (isShuttingDown(cause)) throw cause
      throw this.#failed(`${failure}.`, { cause })
    }
    if (!isInTime) throw this.#failed(`${failure} within ${limits.startTimeoutMs / 1000} seconds.`)
    const fields = { step: component, duration_ms: elapsed(begun, clock.monotonic()) }
    if (run === undefined) logger.debug(fields, `${component} started: it needs nothing`)
    else logger.info(fields, `${component} started`)
  }

  /** Calls `undo` when an attempt that hangs comes to its end after all. */
  whenLate(undo: () => Promise<void> | void): void {
    if (this.#running === null) return
    void this.#running.then(undo).catch(() => {}) // nobody is there any more to be told
  }

  #begin(): Promise<void> {
    const running = this.#run()
    this.#running = running
    const end = () => {
      this.#running = null
    }
    running.then(end, end)
    return running
  }

  async #run(): Promise<void> {
    await this.#deed.run?.()
    this.#isDone = true
    this.#hasFailed = false
  }

  #failed(message: string, cause: { readonly cause?: unknown } = {}): SessionError {
    this.#hasFailed = true
    return new SessionError('not_ready', message, { component: this.#deed.component, ...cause })
  }
}

function isShuttingDown(error: unknown): boolean {
  return error instanceof SessionError && error.code === 'shutting_down'
}
