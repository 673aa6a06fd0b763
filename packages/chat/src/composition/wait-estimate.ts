import type { Clock } from '@colloquy/session'

/** Guesses how long somebody has to wait for a place. */
export interface WaitEstimate {
  /** Notes that a reply has begun. Returns how to note that it has ended. */
  begin(): () => void
  /** When there may be a place for one more, in whole seconds. */
  secondsFor(waiting: number): number
}

/** Each reply that ends counts so much in the mean; those before it, the rest. */
const weight = 0.2

const longestSeconds = 60

/** Makes a guess from how long the latest replies took. */
export function createWaitEstimate({ max, clock }: { max: number; clock: Clock }): WaitEstimate {
  let meanMs: number | null = null
  return {
    begin() {
      const begun = clock.monotonic()
      return () => {
        const tookMs = clock.monotonic() - begun
        meanMs = meanMs === null ? tookMs : meanMs + weight * (tookMs - meanMs)
      }
    },
    secondsFor(waiting) {
      const seconds = Math.ceil(((meanMs ?? 0) * (waiting + 1)) / max / 1000)
      return Math.min(longestSeconds, Math.max(1, seconds))
    },
  }
}
