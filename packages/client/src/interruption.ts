/** A longer delay would overflow the timer and fire at once. */
const longestDelay = 2 ** 31 - 1

/** The reasons to stop one request, the caller's signal and the time-out, as one signal. */
export interface Interruption {
  /** Aborted with the caller's reason or the time-out's error, whichever comes first. */
  readonly signal: AbortSignal
  /** Ends the time-out, not the caller's say. */
  stopClock(): void
  /** Ends both; nothing is left on the caller's signal. */
  release(): void
}

/** Starts the clock. A `RangeError` is thrown for a time-out that is not above 0. */
export function startInterruption(
  caller: AbortSignal | undefined,
  timeoutMs: number,
  timeoutError: () => Error,
): Interruption {
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs has to be above 0; got ${timeoutMs}`)
  const controller = new AbortController()
  const follow = () => controller.abort(caller?.reason)
  if (caller?.aborted) follow()
  caller?.addEventListener('abort', follow, { once: true })
  const delay = Math.min(timeoutMs, longestDelay)
  const clock = timeoutMs === Infinity ? undefined : setTimeout(() => controller.abort(timeoutError()), delay)
  return {
    signal: controller.signal,
    stopClock: () => clearTimeout(clock),
    release() {
      clearTimeout(clock)
      caller?.removeEventListener('abort', follow)
    },
  }
}
