/** One dispatched event of an event stream. */
export interface EventStreamFrame {
  /** The `event` field; empty when there was none. */
  readonly event: string
  /** The `data` fields, joined by line feeds. */
  readonly data: string
  /** The last `id` field up to here, of this frame or of an earlier one. */
  readonly lastEventId: string
  /** The last `retry` field up to here, in milliseconds. */
  readonly retryMs: number | undefined
}

/** An event is longer than the parser was allowed to keep. */
export class EventTooLongError extends Error {
  override readonly name = 'EventTooLongError'
}

/**
 * Interprets an event stream (WHATWG HTML, section 9.2.6). Text may be pushed in pieces of any size; what is left when
 * the stream ends is an incomplete event, which the specification discards. The byte order mark is the decoder's affair.
 */
export class EventStreamParser {
  readonly #maxLength: number
  #unfinishedLine = ''
  #endedInCr = false
  #event = ''
  #data: string[] = []
  #dataLength = 0
  #lastEventId = ''
  #retryMs: number | undefined

  /** `maxLength` bounds one event, in UTF-16 code units. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  /** Yields every frame that the text completes. Throws an `EventTooLongError`. */
  *push(text: string): Generator<EventStreamFrame, void, undefined> {
    if (text === '') return
    // A CR ends its line at once, so that no event waits for the next chunk; the LF of a CRLF is dropped when it comes.
    const start = this.#endedInCr && text.startsWith('\n') ? 1 : 0
    this.#endedInCr = text.endsWith('\r')
    const lines = text.slice(start).split(/\r\n|\n|\r/)
    const unfinished = lines.pop() ?? ''
    for (const end of lines) {
      const line = this.#unfinishedLine + end
      this.#unfinishedLine = ''
      this.#checkLength(line.length)
      if (line !== '') this.#readField(line)
      else if (this.#data.length > 0) yield this.#dispatch()
      else this.#event = ''
    }
    this.#unfinishedLine += unfinished
    this.#checkLength(this.#unfinishedLine.length)
  }

  #readField(line: string): void {
    const colon = line.indexOf(':')
    if (colon === 0) return // a comment
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'data') {
      this.#data.push(value)
      this.#dataLength += value.length + 1
    } else if (name === 'event') this.#event = value
    else if (name === 'id' && !value.includes('\0')) this.#lastEventId = value
    else if (name === 'retry' && /^[0-9]+$/.test(value)) this.#retryMs = Number(value)
  }

  #dispatch(): EventStreamFrame {
    const frame = {
      event: this.#event,
      data: this.#data.join('\n'),
      lastEventId: this.#lastEventId,
      retryMs: this.#retryMs,
    }
    this.#event = ''
    this.#data = []
    this.#dataLength = 0
    return frame
  }

  #checkLength(lineLength: number): void {
    if (this.#dataLength + lineLength > this.#maxLength) {
      throw new EventTooLongError(`An event of the stream is longer than ${this.#maxLength}.`)
    }
  }
}
