import type { Surroundings } from '../main-options.js'

/** Lets a command that takes long be stopped. */
export interface Stop {
  /** Aborted as soon as it is to stop. */
  readonly signal: AbortSignal
  /** Stops listening. */
  release(): void
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Npm hands on a Ctrl-C to a process that the terminal has already sent it to, so a second SIGINT within this time, in
 * milliseconds, is the same Ctrl-C.
 */
const echoMs = 500

/** Listens for SIGINT, SIGTERM, and the abort of the caller's signal. A second signal ends the process at once. */
export function stopBySignal(
  { process, signal: given }: Pick<Surroundings, 'process' | 'signal'>,
  now: () => number = () => performance.now(),
): Stop {
  const controller = new AbortController()
  let first: number | undefined
  const stop = () => controller.abort()
  const onSignal = (name: keyof typeof exitCodes) => {
    if (first === undefined) {
      first = now()
      stop()
    } else if (name === 'SIGTERM' || now() - first > echoMs) {
      process?.exit(exitCodes[name])
    }
  }
  const onInterrupt = () => onSignal('SIGINT')
  const onTerminate = () => onSignal('SIGTERM')
  process?.on('SIGINT', onInterrupt)
  process?.on('SIGTERM', onTerminate)
  given?.addEventListener('abort', stop, { once: true })
  if (given?.aborted) stop()
  return {
    signal: controller.signal,
    release() {
      process?.off('SIGINT', onInterrupt)
      process?.off('SIGTERM', onTerminate)
      given?.removeEventListener('abort', stop)
    },
  }
}
