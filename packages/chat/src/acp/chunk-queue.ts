import { ChatError, type Chunk } from '@colloquy/session'

/** The most that waits for a reader, in UTF-16 code units of text and JSON, with 64 for each chunk: no turn may have as much. */
const mostWaiting = 8_388_608
const costOfChunk = 64

/**
 * The chunks of a turn that nobody has taken yet. All sessions of an agent share one pipe, so a slow reader can't hold the agent
 * back without holding back the others: what waits for it has a bound, and a turn that goes beyond it fails.
 */
export class ChunkQueue {
  readonly #chunks: { chunk: Chunk; readonly cost: number }[] = []
  #taken = 0
  #waiting = 0
  readonly #onFull: () => void
  /** What goes before the first chunk. */
  #held: readonly Chunk[] = []
  #end: { readonly error?: Error } | undefined
  #wake: (() => void) | undefined

  /** @param onFull is told once, when more waits than may */
  constructor(onFull: () => void) {
    this.#onFull = onFull
  }

  /**
   * Holds chunks back that the agent has not said, until the first one that it has: whoever waits for it, to ask another one where it
   * fails or is late, has to see when it begins.
   */
  hold(chunks: readonly Chunk[]): void {
    this.#held = chunks
  }

  /** Adds a chunk; texts that wait become one. Does nothing after the end. */
  push(chunk: Chunk): void {
    if (this.#end !== undefined) return
    const held = this.#held
    this.#held = []
    for (const chunk of held) this.#add(chunk)
    this.#add(chunk)
    if (this.#waiting > mostWaiting) this.#overflow()
    this.#wake?.()
  }

  #add(chunk: Chunk): void {
    const last = this.#chunks.at(-1)
    if (chunk.type === 'text' && last?.chunk.type === 'text') {
      last.chunk = { type: 'text', text: last.chunk.text + chunk.text }
      this.#waiting += chunk.text.length
    } else {
      const cost = costOf(chunk)
      this.#chunks.push({ chunk, cost })
      this.#waiting += cost
    }
  }

  /** Nothing follows what waits. */
  end(): void {
    this.#end ??= {}
    this.#wake?.()
  }

  /** Nothing follows what waits but this error. */
  fail(error: Error): void {
    this.#end ??= { error }
    this.#wake?.()
  }

  /** Ends it, and throws away what waits. */
  drop(): void {
    this.#end = {}
    this.#chunks.length = 0
    this.#taken = 0
    this.#wake?.()
  }

  /** The next chunk; undefined at the end. @throws the error that it ended with */
  async take(): Promise<Chunk | undefined> {
    while (this.#chunks.length === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#wake = undefined
    }
    const next = this.#chunks[this.#taken]
    if (next === undefined) {
      if (this.#end?.error !== undefined) throw this.#end.error
      return undefined
    }
    this.#pass(next)
    return next.chunk
  }

  #overflow(): void {
    const message = `The agent says more than is taken from it: more than ${mostWaiting} characters wait. Its turn was ended.`
    this.fail(new ChatError('upstream_failed', message))
    this.#onFull()
  }

  #pass({ chunk, cost }: { readonly chunk: Chunk; readonly cost: number }): void {
    this.#waiting -= chunk.type === 'text' ? costOf(chunk) : cost
    this.#taken += 1
    // A `shift` for each would copy the rest of a long queue every time.
    if (this.#taken * 2 < this.#chunks.length) return
    this.#chunks.splice(0, this.#taken)
    this.#taken = 0
  }
}

function costOf(chunk: Chunk): number {
  return costOfChunk + (chunk.type === 'text' ? chunk.text.length : JSON.stringify(chunk).length)
}
