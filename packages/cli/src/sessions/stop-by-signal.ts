import { listenForSignals } from '../listen-for-signals.js'
import type { Surroundings } from '../main-options.js'

/** Lets a command that takes long be stopped. */
export interface Stop {
  /** Aborted as soon as it is to stop. */
  readonly signal: AbortSignal
  /** Stops listening. */
  release(): void
}

/** Listens for SIGINT, SIGTERM, and the abort of the caller's signal. A second signal ends the process at once. */
export function stopBySignal(
  { process, signal: given }: Pick<Surroundings, 'process' | 'signal'>,
  now?: () => number,
): Stop {
  const controller = new AbortController()
  const stop = () => controller.abort()
  const stopListening = listenForSignals(process, { onFirst: stop, now })
  given?.addEventListener('abort', stop, { once: true })
  if (given?.aborted) stop()
  return {
    signal: controller.signal,
    release() {
      stopListening()
      given?.removeEventListener('abort', stop)
    },
  }
}
