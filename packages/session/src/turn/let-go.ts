import type { Clock } from '../clock.js'
import type { SessionLimits } from '../limits.js'
import type { Logger } from '../logger.js'
import type { SafeObserver } from '../session-observer.js'

/** What it takes to let go of a chat interface. */
export interface LetGoParts {
  readonly clock: Clock
  readonly limits: Pick<SessionLimits, 'stopTimeoutMs'>
  readonly observer: Pick<SafeObserver, 'chunksDiscarded'>
  readonly logger: Logger
}

/** So many chunks a chat interface may still yield on its way to its end: one that yields more does not mean to end. */
const lastChunks = 100

/**
 * Lets a chat interface that is not wanted any more end by itself, for as long as it may take; then goes on without it.
 * What it still yields is counted and thrown away. It is asked for more only until then: so one that never ends stands
 * still, and nothing holds it.
 */
export async function letGo(
  iterator: AsyncIterator<unknown> | undefined,
  { clock, limits, observer, logger }: LetGoParts,
): Promise<void> {
  const { stopTimeoutMs } = limits
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>()
  let isGivenUp = false
  const giveUp = () => {
    isGivenUp = true
    cancelTimer()
    logger.warn(
      { stop_timeout_ms: stopTimeoutMs },
      'the chat interface did not stop; its turn ends without it',
    )
    leave()
  }
  const cancelTimer = clock.after(stopTimeoutMs, giveUp)

  async function end(): Promise<void> {
    let step = await iterator?.return?.()
    for (let chunks = 1; step !== undefined && step.done !== true; chunks += 1) {
      observer.chunksDiscarded(1)
      if (isGivenUp) return
      if (chunks === lastChunks) return giveUp()
      step = await iterator?.next()
    }
  }

  const settle = () => {
    cancelTimer()
    leave()
  }
  end().then(settle, settle) // what it throws now is nobody's business
  await gone
}
