import type { Output } from '../main-options.js'

const tolerant = new WeakSet<Output>()

/**
 * Keeps an output whose reader has left (`colloquy … | head`) from ending the process with an error. The listener
 * stays: such errors come late, also after the command has ended.
 */
export function tolerateClosedPipe(output: Output): void {
  if (tolerant.has(output)) return
  tolerant.add(output)
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
