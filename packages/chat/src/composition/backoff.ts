/** How long is waited between attempts. */
export interface Backoff {
  /** The longest wait after the first failure, in milliseconds; it doubles with each further one. */
  readonly delayMs: number
  /** The longest wait of all, in milliseconds. */
  readonly maxDelayMs: number
  /** A number from 0 up to 1, which it does not reach. */
  readonly random: () => number
}

/**
 * How long to wait after some failures in a row, in milliseconds: anything up to a bound that doubles each time ("full
 * jitter"), so that those who failed together do not come back together.
 */
export function backoffMs(failures: number, { delayMs, maxDelayMs, random }: Backoff): number {
  return random() * Math.min(maxDelayMs, delayMs * 2 ** (failures - 1))
}
