import type { Clock } from '../clock.js'
import type { SessionLimits } from '../limits.js'
import type { DeadlineWatch, Watched } from './deadline-watch.js'
import type { LiveTurn } from './live-turn.js'

/** The time-outs of one turn. */
export type TurnTimeouts = Pick<SessionLimits, 'firstChunkTimeoutMs' | 'chunkTimeoutMs' | 'turnTimeoutMs'>

/** What it takes to watch over turns. */
export interface DeadlineParts {
  readonly clock: Clock
  readonly limits: TurnTimeouts
  readonly deadlines: DeadlineWatch
}

/**
 * The three time-outs of a turn: to the first chunk, between chunks, in all. A chunk only moves the deadline; where it is
 * gets looked at when it may be over. So a chunk costs no timer. Stops the turn when its time is over.
 */
export class TurnDeadline implements Watched {
  lookAt: number | null = null
  before: Watched | null = null
  after: Watched | null = null
  readonly #turn: LiveTurn
  readonly #parts: DeadlineParts
  readonly #turnEndsAt: number
  #chunkEndsAt: number
  #hasChunks = false

  /** Of a turn whose chat interface is asked now. */
  constructor(turn: LiveTurn, parts: DeadlineParts) {
    this.#turn = turn
    this.#parts = parts
    const { clock, limits, deadlines } = parts
    const now = clock.monotonic()
    this.#turnEndsAt = now + limits.turnTimeoutMs
    this.#chunkEndsAt = now + limits.firstChunkTimeoutMs
    deadlines.add(this, this.#nextLook(now))
  }

  /** Notes that a chunk came; returns when that was. */
  chunk(): number {
    const { clock, limits } = this.#parts
    const now = clock.monotonic()
    this.#chunkEndsAt = now + limits.chunkTimeoutMs
    this.#hasChunks = true
    return now
  }

  /** Until the next chunk, only the whole turn's time counts. */
  pause(): void {
    this.#chunkEndsAt = Number.POSITIVE_INFINITY
  }

  /** Stops watching. */
  clear(): void {
    this.#parts.deadlines.remove(this)
  }

  look(now: number): number | null {
    if (now < this.#turnEndsAt && now < this.#chunkEndsAt) return this.#nextLook(now)
    const error = new Error(`The chat interface yielded ${this.#describeMissing(now)}.`)
    this.#turn.stop({ status: 'failed', code: 'chat_timeout', error })
    return null
  }

  #nextLook(now: number): number {
    // The next chunk may bring the deadline nearer, when chunks may take longer to begin than to follow each other; so it is
    // looked at at least that often.
    return Math.min(this.#chunkEndsAt, this.#turnEndsAt, now + this.#parts.limits.chunkTimeoutMs)
  }

  #describeMissing(now: number): string {
    const { firstChunkTimeoutMs, chunkTimeoutMs, turnTimeoutMs } = this.#parts.limits
    if (now >= this.#turnEndsAt) return `no end within ${turnTimeoutMs} ms`
    return this.#hasChunks
      ? `no further chunk within ${chunkTimeoutMs} ms`
      : `no chunk within ${firstChunkTimeoutMs} ms`
  }
}
