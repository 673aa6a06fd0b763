import type { Clock } from '../clock.js'
import type { SessionLimits } from '../limits.js'

/** The time-outs of one turn. */
export type TurnTimeouts = Pick<SessionLimits, 'firstChunkTimeoutMs' | 'chunkTimeoutMs' | 'turnTimeoutMs'>

/**
 * Watches over the three time-outs of a turn with one timer: to the first chunk, between chunks, in all. A chunk only
 * moves the deadline; the timer looks where it is when it fires. So a chunk costs no timer.
 */
export class TurnDeadline {
  readonly #clock: Clock
  readonly #timeouts: TurnTimeouts
  readonly #onTimeout: (message: string) => void
  readonly #turnEndsAt: number
  #chunkEndsAt: number
  #hasChunks = false
  #cancel: () => void

  constructor(clock: Clock, timeouts: TurnTimeouts, onTimeout: (message: string) => void) {
    this.#clock = clock
    this.#timeouts = timeouts
    this.#onTimeout = onTimeout
    const now = clock.monotonic()
    this.#turnEndsAt = now + timeouts.turnTimeoutMs
    this.#chunkEndsAt = now + timeouts.firstChunkTimeoutMs
    this.#cancel = this.#arm(now)
  }

  /** Notes that a chunk came. */
  chunk(): void {
    this.#chunkEndsAt = this.#clock.monotonic() + this.#timeouts.chunkTimeoutMs
    this.#hasChunks = true
  }

  /** Until the next chunk, only the whole turn's time counts. */
  pause(): void {
    this.#chunkEndsAt = Number.POSITIVE_INFINITY
  }

  /** Stops watching. */
  clear(): void {
    this.#cancel()
  }

  #arm(now: number): () => void {
    // The next chunk may bring the deadline nearer than this timer, when chunks may take longer to begin than to
    // follow each other; so it never sleeps longer than the shortest of them.
    const next = Math.min(this.#chunkEndsAt, this.#turnEndsAt) - now
    return this.#clock.after(Math.min(next, this.#timeouts.chunkTimeoutMs), () => this.#check())
  }

  #check(): void {
    const now = this.#clock.monotonic()
    if (now >= this.#turnEndsAt) this.#onTimeout(`no end within ${this.#timeouts.turnTimeoutMs} ms`)
    else if (now >= this.#chunkEndsAt) this.#onTimeout(this.#describeSilence())
    else this.#cancel = this.#arm(now)
  }

  #describeSilence(): string {
    return this.#hasChunks
      ? `no further chunk within ${this.#timeouts.chunkTimeoutMs} ms`
      : `no chunk within ${this.#timeouts.firstChunkTimeoutMs} ms`
  }
}
