import type { Output } from '../main-options.js'

/** How many are done between two lines: so few that it moves, so many that it costs nothing. */
const step = 100

/** Tells, on a terminal, how far something has come. */
export interface Progress {
  /** Counts one more. */
  add(): void
  /** Takes away what it shows: for what is said next. */
  clear(): void
}

/** Shows `label` with a count on a terminal, in one line that is written again and again; nothing elsewhere. */
export function showProgress(output: Output, label: string): Progress {
  let count = 0
  let isShown = false
  return {
    add() {
      count += 1
      if (output.isTTY !== true || count % step > 0) return
      output.write(`\r${label} ${count} …`)
      isShown = true
    },
    clear() {
      if (isShown) output.write('\r\u001b[K')
      isShown = false
    },
  }
}
