/** What is told about an answer while it arrives. Texts are bytes, one a character (latin1). */
export interface AnswerReader {
  /** The status line and the headers have arrived. */
  head(status: number, head: string): void
  /** More of the body has arrived. */
  piece(text: string): void
  /** It is whole. */
  end(): void
  /** It will not be whole. */
  fail(error: Error): void
}

/** What is expected next on a connection. */
type Part = 'head' | 'body' | 'chunkSize' | 'chunk' | 'chunkEnd' | 'trailer'

/**
 * Reads the answers of one HTTP/1.1 connection (RFC 9112), one after another: bodies with a length, or in chunks. It is
 * strict where a wrong answer would otherwise look right, and knows nothing that the servers measured here do not send.
 */
export class AnswerParser {
  readonly #reader: () => AnswerReader
  #part: Part = 'head'
  #rest = ''
  /** So many bytes of the body, or of the chunk, are yet to come. */
  #left = 0

  /** @param reader who is told, asked for when an answer begins and whenever more of it is there */
  constructor(reader: () => AnswerReader) {
    this.#reader = reader
  }

  /**
   * Takes what has arrived.
   *
   * @param text bytes, one a character (latin1)
   * @throws Error when it is no answer
   */
  feed(text: string): void {
    const data = this.#rest === '' ? text : this.#rest + text
    this.#rest = ''
    let at = 0
    while (at < data.length) {
      const next = this.#take(data, at)
      if (next === null) {
        this.#rest = data.slice(at)
        return
      }
      at = next
    }
  }

  /** Takes the next part; returns where the one after it begins, or null when more has to arrive first. */
  #take(data: string, at: number): number | null {
    switch (this.#part) {
      case 'head':
        return this.#takeHead(data, at)
      case 'body':
        return this.#takeBody(data, at, 'head')
      case 'chunkSize':
        return this.#takeChunkSize(data, at)
      case 'chunk':
        return this.#takeBody(data, at, 'chunkEnd')
      case 'chunkEnd':
        return this.#takeLineEnd(data, at, 'chunkSize')
      case 'trailer': {
        const next = this.#takeLineEnd(data, at, 'head')
        if (next !== null) this.#reader().end()
        return next
      }
    }
  }

  #takeHead(data: string, at: number): number | null {
    const end = data.indexOf('\r\n\r\n', at)
    if (end === -1) return null
    const head = data.slice(at, end)
    const status = Number(head.slice(9, 12))
    if (!head.startsWith('HTTP/1.1 ') || !(status >= 200 && status < 600)) {
      throw new Error(`This is no answer: ${JSON.stringify(head.slice(0, 80))}.`)
    }
    const reader = this.#reader()
    reader.head(status, head)
    const length = /\r\ncontent-length: *(\d+)(?:\r|$)/i.exec(head)?.[1]
    if (length !== undefined) this.#left = Number(length)
    else if (/\r\ntransfer-encoding: *chunked(?:\r|$)/i.test(head)) this.#part = 'chunkSize'
    else if (status === 204) this.#left = 0
    else throw new Error('This answer says neither how long it is nor that it comes in chunks.')
    if (this.#part === 'head') {
      if (this.#left > 0) this.#part = 'body'
      else reader.end()
    }
    return end + 4
  }

  #takeBody(data: string, at: number, next: Part): number {
    const end = Math.min(data.length, at + this.#left)
    this.#left -= end - at
    const reader = this.#reader()
    reader.piece(data.slice(at, end))
    if (this.#left === 0) {
      this.#part = next
      if (next === 'head') reader.end()
    }
    return end
  }

  #takeChunkSize(data: string, at: number): number | null {
    const end = data.indexOf('\r\n', at)
    if (end === -1) return null
    const size = data.slice(at, end)
    if (!/^[\da-f]+$/i.test(size)) throw new Error(`This is no size of a chunk: ${JSON.stringify(size)}.`)
    this.#left = Number.parseInt(size, 16)
    this.#part = this.#left === 0 ? 'trailer' : 'chunk'
    return end + 2
  }

  #takeLineEnd(data: string, at: number, next: Part): number | null {
    if (data.length < at + 2) return null
    if (!data.startsWith('\r\n', at)) throw new Error('A chunk is longer than it says.')
    this.#part = next
    return at + 2
  }
}
