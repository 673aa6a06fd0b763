import type { Surroundings } from '../main-options.js'
import { progressLine } from './progress-line.js'

/** How long a line stays before it is written again, in milliseconds. */
const stepMs = 100

/** Tells, on a terminal, how far something has come. */
export interface Progress {
  /** Counts one more. @param part how much of all is done then, from 0 to 1. Default: nobody knows */
  add(part?: number): void
  /** Takes away what it shows: for what is said next. */
  clear(): void
}

/** Shows how far something has come in one line of the terminal, which is written again and again; nothing elsewhere. */
export function showProgress(
  { stderr, process }: Pick<Surroundings, 'stderr' | 'process'>,
  label: string,
  { now = () => performance.now() }: { readonly now?: () => number } = {},
): Progress {
  if (stderr.isTTY !== true) return { add() {}, clear() {} }
  const begun = now()
  const width = () => Math.max((stderr.columns ?? 80) - 1, 1) // in the last column, the cursor would stand in the next line
  let count = 0
  let part: number | undefined
  let shown: { readonly length: number; readonly at: number } | undefined

  function draw(): void {
    const line = progressLine({ label, count, part, elapsedMs: now() - begun }, width())
    if (shown === undefined) {
      stderr.on('resize', draw)
      process?.on('exit', clear) // a second signal ends the process at once
    }
    stderr.write(`${wiped()}${line}`)
    shown = { length: line.length, at: now() }
  }

  /** A terminal that has become narrower has broken the line into several. */
  function wiped(): string {
    const rows = shown === undefined ? 1 : Math.ceil(shown.length / (width() + 1))
    return `${rows > 1 ? `\u001b[${rows - 1}A` : ''}\r\u001b[J`
  }

  function clear(): void {
    if (shown === undefined) return
    stderr.write(wiped())
    shown = undefined
    stderr.off('resize', draw)
    process?.off('exit', clear)
  }

  return {
    add(done) {
      count += 1
      part = done
      if (shown === undefined || now() - shown.at >= stepMs) draw()
    },
    clear,
  }
}
