import assert from 'node:assert/strict'
import { SessionError } from '../session-error.js'
import type { SessionScope } from '../session-manager.js'
import type { OwnedTurnRef } from '../session-store.js'
import { isFinal, type TurnEvent } from '../turn-event.js'
import { isThere } from './model-records.fixture.js'
import type { SessionsModel } from './sessions-model.fixture.js'

/** What a reader has to know of the world, and whom it tells. */
export interface ReaderSurroundings {
  readonly model: SessionsModel
  readonly now: () => number
  /** The highest number that anybody has seen of a turn. */
  readonly seen: Map<string, number>
  readonly isClosing: () => boolean
  readonly failed: (error: unknown) => void
}

/** Somebody who reads a turn's events, as slowly as told, and holds each to what the store has. */
export class ModelReader {
  readonly ref: OwnedTurnRef
  /** How many more events it would take. */
  wanted = 0
  isOver = false
  /** Whether it has begun to read, and has neither left nor come to the end. */
  isReading = false
  /** When it left, or came to its end; null while it may read. */
  leftAt: number | null = null
  #seq: number
  readonly #after: number
  #isPulling = false
  #isLeft = false
  #place: number | null = null
  /** How many events somebody had seen when it came. */
  readonly #knownBefore: number
  readonly #controller = new AbortController()
  readonly #iterator: AsyncIterator<TurnEvent>
  readonly #surroundings: ReaderSurroundings

  constructor(scope: SessionScope, ref: OwnedTurnRef, after: number, surroundings: ReaderSurroundings) {
    this.ref = ref
    this.#after = after
    this.#seq = after
    this.#surroundings = surroundings
    this.#knownBefore = surroundings.seen.get(ref.turnId) ?? 0
    const { signal } = this.#controller
    this.#iterator = scope.events(ref, { after, signal })[Symbol.asyncIterator]()
  }

  /** Whether it has all that there is, and has come to the end where there is one. */
  get isUpToDate(): boolean {
    const turn = this.#surroundings.model.everyTurn(this.ref)
    return turn !== undefined && turn.end === null && this.#seq === turn.events.length
  }

  /** Takes up to so many more events, as they come. */
  pull(count: number): void {
    this.wanted += count
    if (this.#isPulling || this.isOver) return
    this.#isPulling = true
    this.isReading = true
    void this.#pull().catch((error: unknown) => this.#surroundings.failed(error))
  }

  /** Leaves: by its signal, or where it does not wait for an event, by returning. */
  leave(how: 'abort' | 'return'): void {
    this.#isLeft = true
    if (this.isReading) this.leftAt = this.#surroundings.now()
    this.isReading = false
    if (how === 'abort' || this.#isPulling) this.#controller.abort()
    else void this.#iterator.return?.()
    if (!this.#isPulling) this.isOver = true
  }

  async #pull(): Promise<void> {
    try {
      while (this.wanted > 0) {
        const { done, value } = await this.#iterator.next()
        if (done === true) {
          this.#end()
          break
        }
        this.wanted -= 1
        this.#take(value)
      }
    } catch (error) {
      this.#over()
      this.#checkError(error)
    } finally {
      this.#isPulling = false
    }
  }

  #take(event: TurnEvent): void {
    const { model, seen } = this.#surroundings
    const { turnId } = this.ref
    assert.equal(event.seq, this.#seq + 1, `${turnId}: the number of the next event`)
    const kept = model.everyTurn(this.ref)?.events[event.seq - 1]
    assert.deepStrictEqual(event, kept, `${turnId}: event ${event.seq} was seen before it was kept`)
    if (event.type === 'turn.queued') {
      assert.notEqual(event.position, this.#place, `${turnId}: told the same place twice`)
      this.#place = event.position
    }
    this.#seq = event.seq
    seen.set(turnId, Math.max(seen.get(turnId) ?? 0, event.seq))
  }

  #end(): void {
    this.#over()
    if (this.#isLeft) return
    const turn = this.#surroundings.model.everyTurn(this.ref)
    const last = turn?.events.at(-1)
    const isEnd = last !== undefined && isFinal(last) && last.seq === this.#seq
    assert(isEnd, `${this.ref.turnId}: a reader was let go after event ${this.#seq}`)
  }

  #over(): void {
    this.isOver = true
    this.wanted = 0
    if (this.isReading) this.leftAt = this.#surroundings.now()
    this.isReading = false
  }

  #checkError(error: unknown): void {
    if (!(error instanceof SessionError)) throw error
    const { model, now, isClosing } = this.#surroundings
    const { turnId, owner } = this.ref
    if (error.code === 'shutting_down' && isClosing()) return
    if (error.code === 'turn_not_found') {
      const session = model.everyTurn(this.ref)?.session
      if (session === undefined || session.made.owner !== owner || !isThere(session, now())) return
    }
    if (error.code === 'invalid_cursor' && this.#after > this.#knownBefore) return
    throw new Error(`${turnId}: a reader behind ${this.#seq} was told ${error.code}`, { cause: error })
  }
}
