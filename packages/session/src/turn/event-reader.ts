import type { TurnEvent } from '../turn-event.js'
import type { LiveTurn } from './live-turn.js'

/**
 * The most events that a reader is handed at once, so that one far behind does not get megabytes in one piece. How long
 * they are makes no difference where the turn has them all the same: what is handed out are the turn's own events.
 */
export const batchSize = 256

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }

/**
 * Reads a running turn's events in batches, as they are published. It pulls: a slow reader costs its own place in
 * the log and nothing else. Ends after the final event, when the signal is aborted, or when it is left.
 */
export class EventReader implements AsyncIterableIterator<readonly TurnEvent[], undefined> {
  readonly #turn: LiveTurn
  readonly #signal: AbortSignal | undefined
  readonly #leave: () => void
  #position: number
  #isClosed = false
  #waiting: {
    resolve(result: IteratorResult<readonly TurnEvent[], undefined>): void
    reject(error: Error): void
  } | null = null

  constructor(turn: LiveTurn, after: number, signal: AbortSignal | undefined) {
    this.#turn = turn
    this.#position = after
    this.#signal = signal
    this.#leave = turn.join(() => this.#serve())
    if (signal?.aborted === true) this.#close()
    else signal?.addEventListener('abort', this.#close)
  }

  next(): Promise<IteratorResult<readonly TurnEvent[], undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#serve()
    })
  }

  async return(): Promise<IteratorResult<readonly TurnEvent[], undefined>> {
    this.#close()
    return done
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Answers a waiting `next` if there is an answer. */
  #serve(): void {
    const waiting = this.#waiting
    if (waiting === null) return
    const { published, isOver, failure } = this.#turn
    if (!this.#isClosed && this.#position < published.length) {
      const events = published.slice(this.#position, this.#position + batchSize)
      this.#position += events.length
      this.#waiting = null
      waiting.resolve({ done: false, value: events })
    } else if (this.#isClosed || isOver) {
      this.#waiting = null
      const failed = !this.#isClosed && failure !== null
      this.#close()
      if (failed) waiting.reject(failure)
      else waiting.resolve(done)
    }
  }

  readonly #close = (): void => {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#leave()
    this.#signal?.removeEventListener('abort', this.#close)
    this.#serve()
  }
}
