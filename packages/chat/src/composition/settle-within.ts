import type { Clock } from '@colloquy/session'

/**
 * Waits for work, but no longer than `ms` milliseconds.
 *
 * @returns what it resolves to; undefined when it takes longer: then it goes on, and how it ends is nobody's concern
 * @throws what the work rejects with, in time
 */
export async function settleWithin<Result>(
  work: Promise<Result>,
  ms: number,
  clock: Clock,
): Promise<Result | undefined> {
  const { promise: timedOut, resolve } = Promise.withResolvers<undefined>()
  const cancelTimer = clock.after(ms, () => resolve(undefined))
  try {
    return await Promise.race([work, timedOut])
  } finally {
    cancelTimer()
  }
}
