/** A longer delay would overflow the timer and fire at once. */
const longestDelay = 2 ** 31 - 1

/** The reasons to stop something, the caller's signal and a time-out among them, as one signal. */
export interface Interruption {
  /** Aborted with the caller's reason or the time-out's error, or by `abort`, whichever comes first. */
  readonly signal: AbortSignal
  /** Aborts the signal. */
  abort(): void
  /** Ends the time-out, not the caller's say. */
  stopClock(): void
  /** Ends both; nothing is left on the caller's signal. */
  release(): void
}

/** How long something may take. */
export interface TimeLimit {
  /** In milliseconds; `Infinity` is no limit. */
  readonly timeoutMs: number
  /** What the signal is aborted with then. */
  readonly timeoutError: () => Error
}

/** Starts the clock, if there is one. A `RangeError` is thrown for a time-out that is not above 0. */
export function startInterruption(caller: AbortSignal | undefined, limit?: TimeLimit): Interruption {
  const controller = new AbortController()
  const clock = limit === undefined ? undefined : startClock(limit, controller)
  const follow = () => controller.abort(caller?.reason)
  if (caller?.aborted) follow()
  caller?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    stopClock: () => clearTimeout(clock),
    release() {
      clearTimeout(clock)
      caller?.removeEventListener('abort', follow)
    },
  }
}

function startClock({ timeoutMs, timeoutError }: TimeLimit, controller: AbortController) {
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs has to be above 0; got ${timeoutMs}`)
  if (timeoutMs === Infinity) return undefined
  return setTimeout(() => controller.abort(timeoutError()), Math.min(timeoutMs, longestDelay))
}
