import { StringDecoder } from 'node:string_decoder'

/** The end of some output, of so many bytes at most. */
export class TailBuffer {
  readonly #limit: number
  readonly #parts: Buffer[] = []
  #length = 0
  #isTruncated = false

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Whether something that was written is not here any more. */
  get isTruncated(): boolean {
    return this.#isTruncated
  }

  push(part: Buffer): void {
    this.#parts.push(part)
    this.#length += part.length
    while (this.#length > this.#limit) {
      const first = this.#parts[0]
      if (first === undefined) return
      this.#isTruncated = true
      const tooMuch = this.#length - this.#limit
      if (first.length <= tooMuch) this.#parts.shift()
      else this.#parts[0] = first.subarray(tooMuch)
      this.#length -= Math.min(first.length, tooMuch)
    }
  }

  /** As text: without what is left of a character at the beginning, and what is there so far of one at the end. */
  text(): string {
    const bytes = Buffer.concat(this.#parts)
    let from = 0
    if (this.#isTruncated) while (from < 3 && isContinuation(bytes[from])) from += 1
    return new StringDecoder('utf8').write(bytes.subarray(from))
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000
}
