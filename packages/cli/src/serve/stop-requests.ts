import type { Logger } from 'pino'
import { listenForSignals } from '../listen-for-signals.js'
import type { ProcessHooks } from '../main-options.js'

/** Who may stop a server. */
export interface StopSources {
  /** Whose signals and uncaught errors count. */
  readonly process?: ProcessHooks | undefined
  readonly signal?: AbortSignal | undefined
  readonly logger: Logger
  /** Milliseconds of a clock that never goes back. Default: the machine's. */
  readonly now?: () => number
}

/** Waits for whatever stops a server. */
export interface StopRequests {
  /** Resolves at the first request. */
  readonly requested: Promise<void>
  /** What the process ends with: 0, or 1 after an uncaught error. */
  exitCode(): 0 | 1
  /** Stops listening. */
  release(): void
}

/** Listens for SIGTERM, SIGINT, uncaught errors (a second of these ends the process at once), and the signal's abort. */
export function listenForStop({ process, signal, logger, now }: StopSources): StopRequests {
  const { promise, resolve } = Promise.withResolvers<void>()
  let exitCode: 0 | 1 = 0
  const onError = (error: Error) => {
    if (exitCode === 1) {
      process?.exit(1) // without a word: to log may be what fails
      return
    }
    exitCode = 1
    logger.fatal({ err: error }, 'uncaught error: shutting down')
    resolve()
  }
  const onAbort = () => resolve()

  const stopListening = listenForSignals(process, {
    onFirst(name) {
      logger.info({ signal: name }, 'shutting down; a second signal ends the process at once')
      resolve()
    },
    onSecond: (name) => logger.warn({ signal: name }, 'second signal: ending at once'),
    now,
  })
  process?.on('uncaughtException', onError) // Node makes one of every unhandled rejection
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) resolve()
  return {
    requested: promise,
    exitCode: () => exitCode,
    release() {
      stopListening()
      process?.off('uncaughtException', onError)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}
