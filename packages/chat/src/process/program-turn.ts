import type { Chunk, Clock } from '@colloquy/session'
import { ChunkQueue } from './chunk-queue.js'
import type { LineWriter, WaitingLine } from './line-writer.js'

/** What a turn needs of the program that answers it. */
export interface TurnHost {
  readonly writer: LineWriter
  readonly clock: Clock
  readonly cancelGraceMs: number
  /** A number that changes with each sign of life. */
  signsOfLife(): number
  /** Is told that the program wrote nothing since it was told to cancel a turn, and its time is over. */
  fallSilent(): void
  /** Is told that a turn has no room for more chunks, or has room again. */
  setRoom(turn: ProgramTurn, hasRoom: boolean): void
  /** Is told that a turn is over. */
  forget(turn: ProgramTurn): void
}

/** A turn that a program was given. */
export class ProgramTurn {
  readonly id: string
  readonly #host: TurnHost
  readonly #chunks: ChunkQueue
  readonly #line: WaitingLine
  #isOver = false
  #isUnheard = false
  #cancelling: PromiseWithResolvers<void> | undefined
  #stopWaiting: (() => void) | undefined

  constructor(id: string, line: () => object, host: TurnHost) {
    this.id = id
    this.#host = host
    this.#chunks = new ChunkQueue((hasRoom) => host.setRoom(this, hasRoom))
    this.#line = host.writer.later(line)
  }

  /** Whether the program was told of it. */
  get isSent(): boolean {
    return this.#line.isSent
  }

  /** Whether the program ended before it was told of it. */
  get isUnheard(): boolean {
    return this.#isUnheard
  }

  /** Waits for the next chunk; undefined is the end. Throws what the turn failed with. */
  next(): Promise<Chunk | undefined> {
    return this.#chunks.next()
  }

  /** Takes a piece of the answer, which came in a line of this length. */
  push(chunk: Chunk, length: number): void {
    this.#chunks.push(chunk, length)
  }

  /** The program is done with it. */
  end(error?: Error): void {
    this.#chunks.close(error)
    this.#finish()
  }

  /** What the program says of it is wrong: so it need not go on. */
  reject(error: Error): void {
    this.#chunks.close(error)
    if (this.#cancelling === undefined) this.#host.writer.now({ type: 'cancel', turn_id: this.id })
    this.#finish()
  }

  /** The program has ended. */
  lose(error: Error): void {
    this.#line.withdraw()
    this.#isUnheard = !this.isSent
    if (this.isSent) this.#chunks.close(error)
    else this.#chunks.discard()
    this.#finish()
  }

  /**
   * Nobody wants the rest: tells the program so, and waits until it is done with it, for no longer than the grace.
   * Never rejects.
   */
  cancel(): Promise<void> {
    this.#chunks.discard()
    if (!this.#isOver && !this.isSent) {
      this.#line.withdraw()
      this.#finish()
    }
    if (!this.#isOver) this.#cancelling ??= this.#askToEnd()
    return this.#cancelling?.promise ?? Promise.resolve()
  }

  #askToEnd(): PromiseWithResolvers<void> {
    const { writer, clock, cancelGraceMs } = this.#host
    const before = this.#host.signsOfLife()
    writer.now({ type: 'cancel', turn_id: this.id })
    this.#stopWaiting = clock.after(cancelGraceMs, () => {
      if (this.#host.signsOfLife() === before) this.#host.fallSilent()
      this.#finish()
    })
    return Promise.withResolvers()
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stopWaiting?.()
    this.#host.forget(this)
    this.#cancelling?.resolve()
  }
}
