import type { Writable } from 'node:stream'
import { lineOf } from './line-of.js'

/** A line that waits to be written. */
export interface WaitingLine {
  /** Whether it has been handed over. */
  readonly isSent: boolean
  /** Takes it back, if it still waits. */
  withdraw(): void
}

/** Writes lines to a program. */
export interface LineWriter {
  /** Writes a short line at once, whatever waits. */
  now(line: object): void
  /** Writes a line when those before it have been read, as far as a pipe tells. It is made only then. */
  later(line: () => object): WaitingLine
}

/** Makes what writes lines to a program, with no more in memory than a pipe holds, and one line. */
export function createLineWriter(stdin: Writable): LineWriter {
  const waiting = new Set<() => void>()
  const flush = () => {
    for (const send of waiting) {
      if (stdin.writableNeedDrain) return
      waiting.delete(send)
      send()
    }
  }
  stdin.on('drain', flush)
  return {
    now: (line) => void stdin.write(lineOf(line)),
    later(line) {
      let isSent = false
      const send = () => {
        isSent = true
        stdin.write(lineOf(line()))
      }
      waiting.add(send)
      flush()
      return {
        get isSent() {
          return isSent
        },
        withdraw: () => void waiting.delete(send),
      }
    },
  }
}
