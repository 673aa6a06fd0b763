import type { Logger } from 'pino'
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

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const
type StopSignal = keyof typeof signalNumbers

/**
 * npm hands on a Ctrl-C to a process that the terminal has already sent it to, so a second SIGINT within this time, in
 * milliseconds, is the same Ctrl-C.
 */
const echoMs = 500

/** Listens for SIGTERM, SIGINT, uncaught errors (a second of these ends the process at once), and the signal's abort. */
export function listenForStop({
  process,
  signal,
  logger,
  now = () => performance.now(),
}: StopSources): StopRequests {
  const { promise, resolve } = Promise.withResolvers<void>()
  let exitCode: 0 | 1 = 0
  let first: { readonly name: StopSignal; readonly at: number } | undefined

  const isEcho = (name: StopSignal, before: { readonly name: StopSignal; readonly at: number }) =>
    name === 'SIGINT' && before.name === 'SIGINT' && now() - before.at <= echoMs
  const onSignal = (name: StopSignal) => {
    if (first === undefined) {
      first = { name, at: now() }
      logger.info({ signal: name }, 'shutting down; a second signal ends the process at once')
      resolve()
    } else if (!isEcho(name, first)) {
      logger.warn({ signal: name }, 'second signal: ending at once')
      process?.exit(128 + signalNumbers[name])
    }
  }
  const onInterrupt = () => onSignal('SIGINT')
  const onTerminate = () => onSignal('SIGTERM')
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

  process?.on('SIGINT', onInterrupt)
  process?.on('SIGTERM', onTerminate)
  process?.on('uncaughtException', onError) // Node makes one of every unhandled rejection
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) resolve()
  return {
    requested: promise,
    exitCode: () => exitCode,
    release() {
      process?.off('SIGINT', onInterrupt)
      process?.off('SIGTERM', onTerminate)
      process?.off('uncaughtException', onError)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}
