import type { Clock } from './clock.js'

/**
 * Waits for work, but no longer than `ms` milliseconds.
 *
 * @returns whether it was done in time; work that was not goes on, and how it ends then is nobody's concern
 * @throws what the work rejects with, in time
 */
export async function inTime(work: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  const { promise: timedOut, resolve } = Promise.withResolvers<false>()
  const cancelTimer = clock.after(ms, () => resolve(false))
  try {
    return await Promise.race([work.then(() => true), timedOut])
  } finally {
    cancelTimer()
  }
}
