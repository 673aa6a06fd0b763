import type { Clock } from '../clock.js'

/** A timer that waits. */
export interface Timer {
  readonly at: number
  readonly cancel: () => void
}

/** A clock whose timers are known, and can be taken away from those who have set them. */
export function ownTimers(clock: Clock, timers: Set<Timer>): Clock {
  return {
    now: clock.now,
    monotonic: clock.monotonic,
    after(ms, fire, options) {
      const cancelTimer = clock.after(
        ms,
        () => {
          timers.delete(timer)
          fire()
        },
        options,
      )
      const timer = {
        at: clock.now() + Math.max(0, ms),
        cancel: () => {
          timers.delete(timer)
          cancelTimer()
        },
      }
      timers.add(timer)
      return timer.cancel
    },
  }
}
