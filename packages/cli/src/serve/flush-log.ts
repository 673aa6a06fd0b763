import type { Logger } from 'pino'
import type { Output } from '../main-options.js'

/** How long the last lines may take to go out, in milliseconds: nobody may read them any more. */
const maxFlushMs = 1_000

/** Waits until everything that was written has gone out, or can't any more. It never fails. */
export function flushLog(logger: Pick<Logger, 'flush'>, output: Output, ms = maxFlushMs): Promise<void> {
  logger.flush()
  return new Promise((resolve) => {
    const giveUp = setTimeout(resolve, ms)
    output.write('', () => {
      clearTimeout(giveUp)
      resolve()
    })
  })
}
