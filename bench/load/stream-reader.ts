import type { AnswerReader } from './answer-parser.ts'

/** An event stream that has ended, and when each part of it arrived. */
export interface WholeStream {
  readonly status: number
  readonly text: string
  /** When it was asked for, as `performance.now()` tells it. */
  readonly askedAt: number
  /** When each piece arrived. */
  readonly times: readonly number[]
  /** Where in the text each piece ended. */
  readonly ends: readonly number[]
}

/** Reads one event stream after another. */
export class StreamReader implements AnswerReader {
  readonly fail: (error: Error) => void
  readonly #tell: (stream: WholeStream) => void
  #status = 0
  #text = ''
  #times: number[] = []
  #ends: number[] = []
  #askedAt = 0

  constructor(tell: (stream: WholeStream) => void, fail: (error: Error) => void) {
    this.#tell = tell
    this.fail = fail
  }

  /** The next stream is asked for now. */
  asked(): void {
    this.#text = ''
    this.#times = []
    this.#ends = []
    this.#askedAt = performance.now()
  }

  head(status: number): void {
    this.#status = status
  }

  piece(text: string): void {
    this.#text += text
    this.#times.push(performance.now())
    this.#ends.push(this.#text.length)
  }

  end(): void {
    this.#tell({
      status: this.#status,
      text: this.#text,
      askedAt: this.#askedAt,
      times: this.#times,
      ends: this.#ends,
    })
  }
}
