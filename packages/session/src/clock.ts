/** Where time comes from. Tests inject one that they move by hand. */
export interface Clock {
  /** The wall clock, in milliseconds since 1970 (UTC). */
  now(): number
  /** Milliseconds on a clock that never goes back; only differences mean something. */
  monotonic(): number
  /** Calls `fire` once after `ms` milliseconds, unless the returned function was called before. */
  after(ms: number, fire: () => void): () => void
}

/** The machine's own clock. Its timers never keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fire) {
    const timer = setTimeout(fire, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
