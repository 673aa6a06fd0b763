/** How a timer behaves. */
export interface TimerOptions {
  /** Whether the process may end while the timer waits. Default: false. */
  readonly background?: boolean
}

/** Where time comes from. Tests inject one that they move by hand. */
export interface Clock {
  /** The wall clock, in milliseconds since 1970 (UTC). */
  now(): number
  /** Milliseconds on a clock that never goes back; only differences mean something. */
  monotonic(): number
  /** Calls `fire` once after `ms` milliseconds, unless the returned function was called before. */
  after(ms: number, fire: () => void, options?: TimerOptions): () => void
}

/** The time between two readings of a monotonic clock, in milliseconds, to a hundredth. */
export function elapsed(from: number, to: number): number {
  return Math.round((to - from) * 100) / 100
}

/** The longest time that `setTimeout` can wait; it takes any longer one for none at all. */
const longestTimer = 2 ** 31 - 1

/** The machine's own clock. A timer of more than 24 days fires after 24 days. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fire, { background = false } = {}) {
    const timer = setTimeout(fire, Math.min(ms, longestTimer))
    if (background) timer.unref()
    return () => clearTimeout(timer)
  },
}
