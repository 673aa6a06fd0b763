import { setTimeout as delay } from 'node:timers/promises'
import { type Client, ColloquyError, type Health } from '@colloquy/client'

/** The first and the longest pause between two questions, in milliseconds. */
const firstPauseMs = 100
const longestPauseMs = 1_000

/** How to wait for a server. */
export interface HealthWait {
  /** How long, in milliseconds. */
  readonly forMs: number
  readonly isWanted: (health: Health) => boolean
  /** Is told of each answer that is not wanted, or why there was none. */
  readonly onAnswer: (answer: Health | ColloquyError) => void
  readonly signal: AbortSignal | undefined
}

/**
 * Asks a server how it is doing, again and again, until it is as wanted or the time is over. Then it returns the last answer.
 *
 * @throws ColloquyError why there was no answer last
 */
export async function awaitHealth(client: Client, options: HealthWait): Promise<Health> {
  const { forMs, isWanted, onAnswer, signal } = options
  const deadline = performance.now() + forMs
  let pauseMs = firstPauseMs
  let last: Health | ColloquyError | undefined
  for (;;) {
    const leftMs = deadline - performance.now()
    last = (await askOnce(client, leftMs, signal)) ?? last
    if (last !== undefined && !(last instanceof ColloquyError) && isWanted(last)) return last
    if (last !== undefined) onAnswer(last)
    const restMs = deadline - performance.now()
    if (restMs < firstPauseMs) break
    await delay(Math.min(pauseMs, restMs / 2), undefined, { signal }) // so that it is asked once more at the end
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)
  }
  if (last === undefined)
    throw new ColloquyError({ code: 'timeout', detail: 'The server did not answer in time.' })
  if (last instanceof ColloquyError) throw last
  return last
}

/** Asks once; undefined when the time is over first. */
async function askOnce(
  client: Client,
  leftMs: number,
  signal: AbortSignal | undefined,
): Promise<Health | ColloquyError | undefined> {
  const timeOver = AbortSignal.timeout(Math.max(1, Math.ceil(leftMs)))
  try {
    return await client.health({
      signal: signal === undefined ? timeOver : AbortSignal.any([signal, timeOver]),
    })
  } catch (error) {
    if (error instanceof ColloquyError) return error
    if (timeOver.aborted && signal?.aborted !== true) return undefined
    throw error
  }
}
