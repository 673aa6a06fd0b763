import { PassThrough, type Readable } from 'node:stream'
import type { Clock } from '@colloquy/session'

/** How long what a program left in a pipe is read after its exit, in milliseconds; without the time in which nobody takes it. */
const readOnMs = 250

/** How much is read after its exit at most, in bytes: more than a pipe holds, so the rest is somebody else's. */
const mostAfterExit = 1_048_576

/** What a program writes into one of its outputs. */
export interface OutputPipe {
  /** Ends when the pipe does. Destroying it lets go of the pipe. */
  readonly stream: Readable
  /** Resolves when all that came has been taken or thrown away. */
  readonly closed: Promise<void>
  /**
   * The program has ended: what it left in the pipe is still read, and then it is over, even where somebody else holds the pipe
   * open, such as a process that it started and that left its group (`setsid`).
   */
  finish(): void
}

/** Reads an output of a program, no faster than it is taken. */
export function readPipe(pipe: Readable, clock: Clock): OutputPipe {
  const stream = new PassThrough()
  let cancelTimer = () => {}

  function stop(): void {
    pipe.unpipe(stream)
    pipe.destroy()
    stream.end()
  }

  /** Waits for as long as what is left takes to read, from when there is room for it. */
  function readOn(): void {
    cancelTimer()
    if (pipe.closed) return
    // What came in the same moment is read first; while nobody takes it, it waits for them.
    cancelTimer = clock.after(readOnMs, () => setImmediate(() => stream.writableNeedDrain || stop()))
  }

  pipe.on('error', () => {}) // `close` follows
  pipe.on('close', () => {
    cancelTimer()
    stream.end()
  })
  pipe.pipe(stream)
  stream.on('error', () => {})
  return {
    stream,
    closed: new Promise((resolve) => {
      stream.on('close', () => {
        cancelTimer()
        pipe.destroy()
        resolve()
      })
    }),
    finish() {
      let length = 0
      pipe.on('data', (bytes: Buffer) => {
        length += bytes.length
        if (length > mostAfterExit) stop()
      })
      stream.on('drain', readOn)
      if (stream.isPaused()) stream.resume() // what is left is little, and its end is to be seen
      readOn()
    },
  }
}
