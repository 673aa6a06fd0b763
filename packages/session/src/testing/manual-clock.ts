import type { Clock } from '../clock.js'

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Goes on by `ms` milliseconds, firing on the way every timer that is due, in order, and letting what it starts run. */
  advance(ms: number): Promise<void>
  /** How many timers wait. */
  readonly timers: number
}

/** A clock for tests: it begins at `start` (milliseconds since 1970; default 2026-01-01T00:00:00Z). */
export function createManualClock(start: number = Date.UTC(2026, 0, 1)): ManualClock {
  let now = start
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>()

  return {
    now: () => now,
    monotonic: () => now - start,
    after(ms, fire) {
      const timer = { at: now + Math.max(0, ms), fire }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async advance(ms) {
      const until = now + ms
      for (;;) {
        await settle()
        const due = [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        timers.delete(due)
        now = Math.max(now, due.at)
        due.fire()
      }
      now = until
      await settle()
    },
    get timers() {
      return timers.size
    },
  }
}

/** Lets everything run that is ready to, and what that makes ready. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve))
}
