import { backoffMs } from './backoff.js'
import { ColloquyError } from './colloquy-error.js'
import type { Connection } from './connection.js'
import { mayPass } from './may-pass.js'

/** How long to wait before the first repetition, in milliseconds. */
const baseMs = 500

/** Makes an attempt, and up to `maxRetries` more while what goes wrong may pass. Fails as the last attempt does. */
export async function retry<Result>(
  { wait, random }: Connection,
  maxRetries: number,
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (retries >= maxRetries || !mayPass(error) || isAboutTurn(error)) throw error
      const { retryAfterSeconds } = error
      const ms = backoffMs({ attempt: retries + 1, baseMs, retryAfterSeconds, chance: random() })
      await wait(ms, signal).catch((stop: unknown) => {
        // What the server said tells more than that there was no time to wait for better.
        throw stop instanceof ColloquyError && stop.code === 'timeout' ? error : stop
      })
    }
  }
}

/** Whether a turn was made, and is what went wrong: the same key would get the same end of it. */
function isAboutTurn({ problem }: ColloquyError): boolean {
  return problem?.turn_id !== undefined
}
