import type { Output } from '../main-options.js'

const tolerant = new WeakSet<Output>()
const firstErrors = new WeakMap<Output, NodeJS.ErrnoException>()

/**
 * Keeps an output that can't be written (its reader has left, its terminal has gone, its disk is full) from ending the
 * process with an error: what is written then is dropped. The listener stays: such errors come late, also after the
 * command has ended. It never throws, since whoever logs that error writes to the same output.
 */
export function tolerateOutputErrors(output: Output): void {
  if (tolerant.has(output)) return
  tolerant.add(output)
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (!firstErrors.has(output)) firstErrors.set(output, error)
  })
}

/** The first error of an output since it was made tolerant. */
export function outputError(output: Output): NodeJS.ErrnoException | undefined {
  return firstErrors.get(output)
}
