import type { Logger } from 'pino'
import type { ProcessHooks } from '../main-options.js'

/** How long the chat interface, the store and the last connections may take to close after the grace, in milliseconds. */
const closingMs = 10_000

/** How long something left open may keep the process alive once all is closed, in milliseconds. */
const lingerMs = 1_000

/** Ends the process when closing takes longer than it may: a chat interface's `stop` may never return. */
export function endIfStuck(
  process: ProcessHooks | undefined,
  logger: Logger,
  { grace, flush }: { readonly grace: number; readonly flush: () => Promise<void> },
): { release(): void } {
  const timer = setTimeout(() => {
    logger.error({}, 'something did not close in time: ending without it')
    void flush().then(() => process?.exit(1))
  }, grace + closingMs)
  return { release: () => clearTimeout(timer) }
}

/** Ends the process soon if it does not end by itself, as when a module has left a connection open. */
export function endIfKeptAlive(process: ProcessHooks | undefined, exitCode: number): void {
  if (process !== undefined) setTimeout(() => process.exit(exitCode), lingerMs).unref()
}
