import type { Chunk } from '@colloquy/session'

/** So many chunks may wait for their reader, and so many characters of the lines that they came in. */
const mostChunks = 256
const mostLength = 262_144

/** What a program has said of a turn, and its reader has not taken yet. */
export class ChunkQueue {
  readonly #onRoom: (hasRoom: boolean) => void
  #items: { readonly chunk: Chunk; readonly length: number }[] = []
  #taken = 0
  #length = 0
  #isFull = false
  #end: { readonly error?: Error } | undefined
  #wake: (() => void) | undefined

  /** @param onRoom is told when it becomes full, and when half of it has been taken, or all has been thrown away */
  constructor(onRoom: (hasRoom: boolean) => void) {
    this.#onRoom = onRoom
  }

  /** Adds a chunk, which came in a line of this length. */
  push(chunk: Chunk, length: number): void {
    if (this.#end !== undefined) return
    this.#items.push({ chunk, length })
    this.#length += length
    this.#wake?.()
    this.#tellRoom()
  }

  /** Says that no more comes: what waits can still be taken, and then the error is thrown, if there is one. */
  close(error?: Error): void {
    this.#end ??= error === undefined ? {} : { error }
    this.#wake?.()
  }

  /** Throws away what waits, and whatever may come. */
  discard(): void {
    this.#end = {}
    this.#items = []
    this.#taken = 0
    this.#length = 0
    this.#tellRoom()
    this.#wake?.()
  }

  /** Waits for the next chunk: one reader at a time. Undefined is the end. */
  async next(): Promise<Chunk | undefined> {
    for (;;) {
      const item = this.#items[this.#taken]
      if (item !== undefined) {
        this.#take(item.length)
        return item.chunk
      }
      if (this.#end?.error !== undefined) throw this.#end.error
      if (this.#end !== undefined) return undefined
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  #take(length: number): void {
    this.#taken += 1
    this.#length -= length
    // Not one by one: that would move all that wait, each time.
    if (this.#taken >= mostChunks || this.#taken === this.#items.length) {
      this.#items.splice(0, this.#taken)
      this.#taken = 0
    }
    this.#tellRoom()
  }

  #tellRoom(): void {
    const waiting = this.#items.length - this.#taken
    const isFull = this.#isFull
      ? waiting > mostChunks / 2 || this.#length > mostLength / 2
      : waiting >= mostChunks || this.#length >= mostLength
    if (isFull === this.#isFull) return
    this.#isFull = isFull
    this.#onRoom(!isFull)
  }
}
