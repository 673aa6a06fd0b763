import { ColloquyError, TimeoutError, TurnError } from './colloquy-error.js'
import type { Settings } from './settings.js'
import { anySignal, longestDelay } from './signals.js'

/** Statuses of servers and of the proxies before them that are soon another one. */
const passing = /408|429|50[234]/

/** A server that asks for a longer wait than this, in seconds, is not waited for. */
const longestRetryAfter = 60

/** The longest wait that is not the server's wish, in milliseconds, but for the part that is up to chance. */
const longestBackoff = 30_000

/**
 * Makes an attempt, and up to `maxRetries` more while what goes wrong may pass; the time-out is over all of them. Fails as
 * the last attempt does.
 *
 * @param attempt gets the number of the repetition: 0 for the first attempt
 */
export async function attempts<Result>(
  settings: Settings,
  attempt: (signal: AbortSignal, repetition: number) => Promise<Result>,
): Promise<Result> {
  const { timeout, maxRetries } = settings
  const clock = new AbortController()
  const late = () =>
    clock.abort(new TimeoutError({ code: 'timeout', detail: `No answer within ${timeout} ms.` }))
  const timer = setTimeout(late, Math.min(timeout, longestDelay))
  const signal = anySignal(settings.signal, clock.signal)
  try {
    for (let repetition = 0; ; ) {
      try {
        return await attempt(signal, repetition)
      } catch (error) {
        if (++repetition > maxRetries || !mayPass(error)) throw error
        await waitFor(settings, repetition, 500, error, signal)
        // What the server said tells more than that there was no time to wait for better.
        if (clock.signal.aborted) throw error
      }
    }
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Waits before an attempt, `base` milliseconds before the first that is a repetition, and twice as long before each later
 * one: never less than the server asks for, and up to half of that more, since clients that lost a server in the same
 * moment should not all come back in the same moment.
 */
export async function waitFor(
  { wait, random }: Settings,
  attempt: number,
  base: number,
  { retryAfter = 0 }: ColloquyError,
  signal: AbortSignal,
): Promise<void> {
  const step = Math.min(base * 2 ** (attempt - 1), Math.max(base, longestBackoff))
  await wait(Math.max(step, retryAfter * 1_000) + (step / 2) * random(), signal)
}

/** Whether trying the same again may help. The same key gets the same end of a turn. */
export function mayPass(error: unknown): error is ColloquyError {
  return (
    error instanceof ColloquyError &&
    !(error instanceof TurnError) &&
    !((error.retryAfter as number) > longestRetryAfter) &&
    (error.code === 'network_error' || passing.test(`${error.status}`))
  )
}
