import { ChatError, type Clock } from '@colloquy/session'
import type { RetriedStart } from './retried-start.js'
import { settleWithin } from './settle-within.js'

/** One of those that are started. */
export interface Starting {
  readonly name: string
  readonly start: RetriedStart
}

/** How long they may take. */
export interface StartSomeOptions {
  /** How long the others are waited for when one has started, in milliseconds from the beginning. */
  readonly startTimeoutMs: number
  readonly clock: Clock
}

/**
 * Starts all at the same time. Done when all have tried, or the time is over and one has started; those that have not
 * started by then are tried again in the background.
 *
 * @throws ChatError `not_ready` when none could be started, with all their errors as its cause: then none is tried again
 */
export async function startSome(
  all: readonly Starting[],
  { startTimeoutMs, clock }: StartSomeOptions,
): Promise<void> {
  const attempts = all.map(({ start }) => start.start())
  await settleWithin(Promise.allSettled(attempts), startTimeoutMs, clock)
  try {
    await Promise.any(attempts)
  } catch (cause) {
    const names = all.map(({ name }) => name).join(', ')
    throw new ChatError('not_ready', `None of these chats could be started: ${names}.`, { cause })
  }
  for (const [i, { start }] of all.entries()) {
    const attempt = attempts[i]
    if (attempt !== undefined) start.insist(attempt)
  }
}
