import type { Clock } from '../clock.js'

/** Something that is to be looked at by some time. The watch keeps its place in line in it. */
export interface Watched {
  /** When it is to be looked at; null when it is not watched. */
  lookAt: number | null
  before: Watched | null
  after: Watched | null
  /** Looks whether its time is over; returns when to look again, which is later than now, or null for never. */
  look(now: number): number | null
}

/**
 * Looks at many things at their times with one timer. A timer of its own for each turn, which nearly always is taken back,
 * would be 4 % of what a short turn costs.
 *
 * What is added is mostly due after all others, and is then put in line at once.
 */
export class DeadlineWatch {
  readonly #clock: Clock
  #first: Watched | null = null
  #last: Watched | null = null
  /** When the timer fires, infinite when there is none: by the time of the first in line, or earlier. */
  #firesAt = Number.POSITIVE_INFINITY
  #cancelTimer = () => {}
  #isToArm = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Watches something. The timer follows in the next tick: many a turn is over by then, and needs none. */
  add(watched: Watched, lookAt: number): void {
    this.#putInLine(watched, lookAt)
    if (this.#isToArm) return
    this.#isToArm = true
    setImmediate(this.#armNow)
  }

  /** Watches it no more; does nothing when it is not watched. */
  remove(watched: Watched): void {
    this.#takeOutOfLine(watched)
    if (this.#first !== null || this.#firesAt === Number.POSITIVE_INFINITY) return
    this.#cancelTimer()
    this.#firesAt = Number.POSITIVE_INFINITY
  }

  readonly #armNow = (): void => {
    this.#isToArm = false
    this.#arm(this.#clock.monotonic())
  }

  #arm(now: number): void {
    const lookAt = this.#first?.lookAt ?? Number.POSITIVE_INFINITY
    if (lookAt >= this.#firesAt) return
    this.#cancelTimer()
    this.#firesAt = lookAt
    this.#cancelTimer = this.#clock.after(lookAt - now, this.#lookAtAll)
  }

  readonly #lookAtAll = (): void => {
    this.#firesAt = Number.POSITIVE_INFINITY
    const now = this.#clock.monotonic()
    for (let first = this.#first; first !== null && (first.lookAt ?? 0) <= now; first = this.#first) {
      this.#takeOutOfLine(first)
      const again = first.look(now)
      if (again !== null) this.#putInLine(first, again)
    }
    this.#arm(now)
  }

  #putInLine(watched: Watched, lookAt: number): void {
    let before = this.#last
    while (before !== null && (before.lookAt ?? 0) > lookAt) before = before.before
    const after = before === null ? this.#first : before.after
    watched.lookAt = lookAt
    watched.before = before
    watched.after = after
    if (before === null) this.#first = watched
    else before.after = watched
    if (after === null) this.#last = watched
    else after.before = watched
  }

  #takeOutOfLine(watched: Watched): void {
    if (watched.lookAt === null) return
    const { before, after } = watched
    if (before === null) this.#first = after
    else before.after = after
    if (after === null) this.#last = before
    else after.before = before
    watched.lookAt = null
    watched.before = null
    watched.after = null
  }
}
