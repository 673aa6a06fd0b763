import type { ProcessHooks } from './main-options.js'

/** Who listens for the signals that stop a command. */
export interface SignalListeners {
  /** It is to stop: the first signal. */
  readonly onFirst: (name: StopSignal) => void
  /** The process ends at once: the second signal. Default: without a word. */
  readonly onSecond?: (name: StopSignal) => void
  /** Milliseconds of a clock that never goes back. Default: the machine's. */
  readonly now?: (() => number) | undefined
}

/** A signal that stops a command. */
export type StopSignal = keyof typeof signalNumbers

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const

/**
 * npm hands on a Ctrl-C to a process that the terminal has already sent it to, so a second SIGINT within this time, in
 * milliseconds, is the same Ctrl-C.
 */
const echoMs = 500

/**
 * Listens for SIGTERM and SIGINT. The first one asks a command to stop; a second one ends the process at once, with 128 and
 * its number.
 *
 * @returns what stops listening
 */
export function listenForSignals(
  process: ProcessHooks | undefined,
  { onFirst, onSecond, now = () => performance.now() }: SignalListeners,
): () => void {
  let first: { readonly name: StopSignal; readonly at: number } | undefined
  const isEcho = (name: StopSignal, before: { readonly name: StopSignal; readonly at: number }) =>
    name === 'SIGINT' && before.name === 'SIGINT' && now() - before.at <= echoMs
  const onSignal = (name: StopSignal) => {
    if (first === undefined) {
      first = { name, at: now() }
      onFirst(name)
    } else if (!isEcho(name, first)) {
      onSecond?.(name)
      process?.exit(128 + signalNumbers[name])
    }
  }
  const onInterrupt = () => onSignal('SIGINT')
  const onTerminate = () => onSignal('SIGTERM')
  process?.on('SIGINT', onInterrupt)
  process?.on('SIGTERM', onTerminate)
  return () => {
    process?.off('SIGINT', onInterrupt)
    process?.off('SIGTERM', onTerminate)
  }
}
