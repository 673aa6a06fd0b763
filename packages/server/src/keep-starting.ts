import { type Clock, isSessionError, type Logger, type SessionManager } from '@colloquy/session'

/** What a start that is tried again and again works with. */
export interface KeepStartingParts {
  readonly manager: Pick<SessionManager, 'start'>
  readonly clock: Clock
  /** Random numbers from 0 up to, but not including, 1. */
  readonly random: () => number
  readonly logger: Logger
}

/** The longest wait before the second attempt, in milliseconds; it doubles from attempt to attempt. */
const firstWaitMs = 1_000

/** The longest wait of all, in milliseconds. */
const longestWaitMs = 30_000

/**
 * Starts a manager, and tries again and again while that fails, with exponential backoff and full jitter: each wait is
 * random between nothing and the longest that it may be, so that many instances do not try all at once.
 *
 * @returns what stops it; an attempt under way ends when the manager is closed
 */
export function keepStarting(parts: KeepStartingParts): { stop(): void } {
  const { manager, clock, random, logger } = parts
  const since = clock.monotonic()
  let cancelTimer = () => {}
  let isStopped = false
  let lastReason: string | null = null

  function waitAfter(error: unknown, attempt: number): void {
    if (isStopped || isShuttingDown(error)) return
    const waitMs = Math.round(random() * Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1)))
    const component = isSessionError(error) ? error.component : undefined
    const reason = reasonOf(error)
    // The same cause, with its stack, is worth one line.
    const news = reason === lastReason ? {} : { err: error }
    lastReason = reason
    logger.warn({ component, attempt, next_attempt_ms: waitMs, ...news }, 'could not start; trying again')
    cancelTimer = clock.after(waitMs, () => void tryToStart(attempt + 1))
  }

  async function tryToStart(attempt: number): Promise<void> {
    try {
      await manager.start()
    } catch (error) {
      waitAfter(error, attempt)
      return
    }
    const fields = { attempt, degraded_ms: Math.round(clock.monotonic() - since) }
    logger.info(fields, attempt === 1 ? 'ready' : 'ready after all')
  }

  void tryToStart(1)
  return {
    stop() {
      isStopped = true
      cancelTimer()
    },
  }
}

function isShuttingDown(error: unknown): boolean {
  return isSessionError(error) && error.code === 'shutting_down'
}

/** What tells one failure from another. The error is somebody else's, and may not even be readable. */
function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.message} ${reasonOf(error.cause)}` : String(error)
  } catch {
    return ''
  }
}
