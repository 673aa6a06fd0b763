import type { AnswerReader } from './answer-parser.ts'
import { readFrames } from './read-frames.ts'

/** Reads the first events of a stream, and then nothing but comments. */
export class IdleReader implements AnswerReader {
  readonly #events: number
  readonly #onReady: (turnPath: string) => void
  readonly #onFault: (fault: string) => void
  #text = ''
  #turnPath = ''
  #isReady = false
  #isOver = false

  /**
   * @param events how many of them come before there is nothing more
   * @param onReady is told where the turn's events are
   * @param onFault is told when anything else happens
   */
  constructor(events: number, onReady: (turnPath: string) => void, onFault: (fault: string) => void) {
    this.#events = events
    this.#onReady = onReady
    this.#onFault = onFault
  }

  head(status: number, head: string): void {
    const [sessionId, turnId] = [/\r\nx-session-id: (\S+)/i, /\r\nx-turn-id: (\S+)/i].map(
      (pattern) => pattern.exec(head)?.[1] ?? '',
    )
    this.#turnPath = `/api/v1/sessions/${sessionId}/turns/${turnId}/events`
    if (status !== 200) this.#onFault(`status ${status} instead of 200`)
  }

  piece(text: string): void {
    this.#text += text
    if (!this.#text.endsWith('\n\n')) return
    const frames = readFrames(this.#text)
    if (this.#isReady) {
      if (frames.length > 0) this.#onFault(`an event for a reader that is idle: ${frames[0]?.type}`)
      this.#text = ''
    } else if (frames.length >= this.#events) {
      const types = frames.map(({ type }) => type).join(', ')
      if (types !== 'turn.started, text.delta') this.#onFault(`the events are ${types}`)
      this.#isReady = true
      this.#text = ''
      this.#onReady(this.#turnPath)
    }
  }

  end(): void {
    this.fail(new Error('a stream has ended that has no end'))
  }

  fail(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#onFault(error.message)
  }
}
