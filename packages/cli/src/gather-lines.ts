import { type Clock, systemClock } from '@colloquy/session'
import type { Output } from './main-options.js'

/** Where pino writes lines to; `flush` writes those that wait. */
export interface LineGatherer {
  /** Asks pino to tell the level of each line here. */
  readonly [metadata]: true
  lastLevel: number
  write(line: string): void
  flush(written?: () => void): void
}

// https://github.com/pinojs/pino/blob/main/docs/api.md#metadata
const metadata: unique symbol = Symbol.for('pino.metadata') as never

/** pino's number for errors. */
const errorLevel = 50

/** So many UTF-16 code units wait at most. */
const maxWaiting = 65_536

/** How long a line waits for others, in milliseconds. */
const waitMs = 10

/**
 * Gathers the lines that are logged within a hundredth of a second, and writes them together: a busy server would otherwise
 * spend a system call on each. Errors and worse are written at once, with all before them: the process may be about to
 * end. Warnings wait: a server that has too much to do tells of each refusal by one.
 */
export function gatherLines(output: Output, clock: Pick<Clock, 'after'> = systemClock): LineGatherer {
  let waiting = ''
  let cancelTimer: (() => void) | null = null
  const flush = (written?: () => void): void => {
    cancelTimer?.()
    cancelTimer = null
    const lines = waiting
    waiting = ''
    if (lines !== '') output.write(lines)
    written?.()
  }
  return {
    [metadata]: true,
    lastLevel: 0,
    write(line) {
      waiting += line
      if (this.lastLevel >= errorLevel || waiting.length > maxWaiting) flush()
      else cancelTimer ??= clock.after(waitMs, flush)
    },
    flush,
  }
}
