import type { Clock } from '@colloquy/session'

/**
 * Waits for work, until a signal is aborted. Leaves no listener behind.
 *
 * @throws what the work rejects with; the signal's reason. How the work ends then is nobody's concern
 */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([aborted, work])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Waits some milliseconds. Leaves no timer behind. @throws the signal's reason, as soon as it is aborted */
export async function pause(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const cancelTimer = clock.after(ms, resolve)
  try {
    await untilAborted(over, signal)
  } finally {
    cancelTimer()
  }
}
