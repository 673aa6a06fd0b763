import type { ServerResponse } from 'node:http'
import type { Clock } from '@colloquy/session'

/** A stream that is kept alive. */
export interface KeptAlive {
  readonly res: ServerResponse
  /** When something was last written, on the clock that never goes back. */
  lastWrite: number
  before: KeptAlive | null
  after: KeptAlive | null
}

/**
 * Sends a comment on each stream on which nothing else was sent for a while, unless what was last written still waits to be
 * taken. Streams are in a list, the longest silent one first, and one timer waits for that: a stream costs no timer of its
 * own.
 */
export class KeepAlive {
  readonly #clock: Clock
  readonly #silenceMs: number
  #first: KeptAlive | null = null
  #last: KeptAlive | null = null
  #cancelTimer: (() => void) | null = null

  /** @param silenceMs after how much silence a comment goes out, in milliseconds */
  constructor(clock: Clock, silenceMs: number) {
    this.#clock = clock
    this.#silenceMs = silenceMs
  }

  /** Begins with a stream; end with `stop`. */
  start(res: ServerResponse): KeptAlive {
    const stream: KeptAlive = { res, lastWrite: this.#clock.monotonic(), before: null, after: null }
    this.#append(stream)
    if (this.#cancelTimer === null) this.#wait(this.#silenceMs)
    return stream
  }

  /** Notes that something was written. */
  hasWritten(stream: KeptAlive): void {
    stream.lastWrite = this.#clock.monotonic()
    if (stream === this.#last) return
    this.#remove(stream)
    this.#append(stream)
  }

  stop(stream: KeptAlive): void {
    this.#remove(stream)
    if (this.#first !== null) return
    this.#cancelTimer?.()
    this.#cancelTimer = null
  }

  #wait(ms: number): void {
    this.#cancelTimer = this.#clock.after(ms, () => this.#look())
  }

  #look(): void {
    const now = this.#clock.monotonic()
    for (let stream = this.#first; stream !== null; stream = this.#first) {
      const left = stream.lastWrite + this.#silenceMs - now
      if (left > 0 || stream.lastWrite === now) {
        this.#wait(left)
        return
      }
      if (stream.res.writableLength === 0) stream.res.write(': keep-alive\n\n')
      stream.lastWrite = now
      this.#remove(stream)
      this.#append(stream)
    }
  }

  #append(stream: KeptAlive): void {
    stream.before = this.#last
    if (this.#last === null) this.#first = stream
    else this.#last.after = stream
    this.#last = stream
  }

  #remove(stream: KeptAlive): void {
    const { before, after } = stream
    if (before === null) this.#first = after
    else before.after = after
    if (after === null) this.#last = before
    else after.before = before
    stream.before = null // a link from one that is gone would keep others from being collected
    stream.after = null
  }
}
