import type { ManagerLife } from '../manager-life.js'
import type { ManagerParts } from '../manager-parts.js'
import { turnNotFound } from '../refusals.js'
import { SessionError } from '../session-error.js'
import type { ReadEventsOptions } from '../session-manager.js'
import type { OwnedTurnRef } from '../session-store.js'
import { isFinal, type TurnEvent } from '../turn-event.js'
import type { LiveTurn } from './live-turn.js'
import { batchSize } from './stored-events.js'
import { storedTurn } from './stored-turn.js'
import type { TurnRunner } from './turn-runner.js'

/** How often the store is asked for more of a turn that another process runs, in milliseconds. */
const pollMs = 250

type Result = IteratorResult<readonly TurnEvent[], undefined>

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** What a turn's events are read from. */
export interface EventSource {
  readonly ref: OwnedTurnRef
  /** The turn, where it is known that this process runs it; it is looked for otherwise. */
  readonly live?: LiveTurn | undefined
  readonly parts: ManagerParts
  readonly runner: TurnRunner
  readonly life: ManagerLife
}

/**
 * Reads a turn's events in batches: from the turn itself where this process runs it, as they are published; from the store
 * otherwise, and when somebody else has ended it. It pulls: a slow reader costs its own place in the log and nothing else.
 * Ends after the final event, when the signal is aborted, or when it is left, and then at once, whatever it waits for.
 *
 * A class and no generator: for each batch there is one promise, and in most streams nothing else.
 */
export class EventReader implements AsyncIterableIterator<readonly TurnEvent[], undefined> {
  readonly #source: EventSource
  readonly #signal: AbortSignal | undefined
  readonly #attends: boolean
  /** Whether the turn was known, and ran, when somebody wanted to read it. */
  readonly #wasRunning: boolean
  /** The number of the last event that was handed out. */
  #position: number
  #state: 'new' | 'live' | 'stored' | 'closed' = 'new'
  /** The turn, while it is read from there; and how to leave it. */
  #turn: LiveTurn | null = null
  #leave: (() => void) | null = null
  /** The `next` that has no answer yet. */
  #waiting: PromiseWithResolvers<Result> | null = null
  /** Ends the wait until the store is asked again. */
  #stopWaiting: (() => void) | null = null

  constructor(source: EventSource, { after = 0, signal, attend = true }: ReadEventsOptions) {
    this.#source = source
    this.#wasRunning = source.live?.isOver === false
    this.#position = after
    this.#signal = signal
    this.#attends = attend
  }

  /**
   * @throws SessionError `turn_not_found`; `invalid_cursor` when `after` is beyond the turn's events; who has left is not
   * told of what fails then
   */
  next(): Promise<Result> {
    if (this.#waiting !== null) {
      const again = () => this.next()
      return this.#waiting.promise.then(again, again)
    }
    if (this.#state === 'new') this.#begin()
    const result = this.#take()
    if (result !== null) return Promise.resolve(result)
    const waiting = Promise.withResolvers<Result>()
    this.#waiting = waiting
    this.#serve()
    return waiting.promise
  }

  return(): Promise<Result> {
    this.#close()
    return Promise.resolve(done)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #begin(): void {
    if (this.#signal?.aborted === true) {
      this.#close()
      return
    }
    this.#signal?.addEventListener('abort', this.#close)
    const { live, life } = this.#source
    if (live === undefined || !this.#wasRunning || !life.isReadable) return
    // One that is over by now is still all there. Who comes later asks the store, which knows whether it was deleted.
    if (live.failure === null && isWithin(this.#position, live.published.length)) this.#join(live)
  }

  /** What can be handed out now; null when there is nothing yet. */
  #take(): Result | null {
    if (this.#state === 'closed') return done
    const turn = this.#turn
    if (turn === null) return null
    const { published } = turn
    if (this.#position < published.length) {
      const events = published.slice(this.#position, this.#position + batchSize)
      this.#position += events.length
      return { done: false, value: events }
    }
    if (!turn.isOver || turn.failure !== null) return null
    this.#close()
    return done
  }

  /** Answers the waiting `next` as soon as there is an answer. */
  #serve(): void {
    if (this.#waiting === null) return
    const result = this.#take()
    if (result !== null) this.#answer(result)
    else if (this.#turn === null) void this.#fetch()
    else if (this.#turn.failure !== null) this.#lose(this.#turn.failure)
  }

  #answer(result: Result): void {
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.resolve(result)
  }

  #fail(error: unknown): void {
    const waiting = this.#waiting
    this.#waiting = null
    this.#close()
    waiting?.reject(error)
  }

  /** Goes on in the store when the turn is not this process's any more: its lease ran out, and somebody else has ended it. */
  #lose(failure: SessionError): void {
    if (failure.code !== 'turn_not_found') {
      this.#fail(failure)
      return
    }
    this.#leave?.()
    this.#leave = null
    this.#turn = null
    this.#state = 'stored'
    this.#serve()
  }

  /** Answers the waiting `next` from the store, once it is known that the turn is not here. */
  async #fetch(): Promise<void> {
    try {
      const turn = this.#state === 'new' ? await this.#find() : undefined
      if (this.#isClosed()) return
      if (turn !== undefined) {
        this.#join(turn)
        this.#serve()
        return
      }
      this.#state = 'stored'
      const events = await this.#readStored()
      if (this.#isClosed()) return
      const last = events?.at(-1)
      if (events === undefined || last === undefined) {
        this.#close()
        return
      }
      this.#position = last.seq
      this.#answer({ done: false, value: events })
      if (isFinal(last)) this.#close()
    } catch (error) {
      if (!this.#isClosed()) this.#fail(error)
    }
  }

  /** The turn, if this process runs it. @throws SessionError see `next` */
  async #find(): Promise<LiveTurn | undefined> {
    const { ref, parts, runner, life } = this.#source
    await life.readable()
    const turn = await runner.find(ref)
    const lastSeq = turn?.published.length ?? (await storedTurn(ref, parts)).lastSeq
    if (!isWithin(this.#position, lastSeq))
      throw new SessionError('invalid_cursor', `The turn has no event ${this.#position}.`, ref)
    return turn
  }

  #join(turn: LiveTurn): void {
    this.#state = 'live'
    this.#turn = turn
    this.#leave = turn.join(() => this.#serve(), this.#attends)
  }

  /** What the store has next, once there is something; undefined at the turn's end. */
  async #readStored(): Promise<readonly TurnEvent[] | undefined> {
    const { ref, parts, runner, life } = this.#source
    while (!this.#isClosed()) {
      await life.readable() // the reader may have been slow, and the manager closed meanwhile
      const events = await parts.storedEvents.read(ref, this.#position)
      if (this.#isClosed()) break
      if (events === undefined) throw turnNotFound(ref)
      if (events.length > 0) return events
      await life.readable() // no call comes after the store was closed
      const { endedAt, lastSeq } = await storedTurn(ref, parts)
      if (endedAt !== null && lastSeq <= this.#position) break
      // Of a turn that nobody runs, the end has to be written, or whoever waits for it would wait in vain.
      if (!(await runner.closeUnclosed(ref.turnId))) await this.#later()
    }
    return undefined
  }

  /** Waits before the store is asked again, or until the reader has gone. */
  async #later(): Promise<void> {
    if (this.#isClosed()) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancelTimer = this.#source.parts.clock.after(pollMs, resolve, { background: true })
    this.#stopWaiting = resolve
    await promise
    this.#stopWaiting = null
    cancelTimer()
  }

  /** Asked each time: it may have been left while the store was waited for. */
  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  readonly #close = (): void => {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#turn = null
    this.#leave?.()
    this.#leave = null
    this.#signal?.removeEventListener('abort', this.#close)
    this.#stopWaiting?.()
    this.#answer(done)
  }
}

/** Whether a number can be that of the last event that was seen. */
function isWithin(after: number, lastSeq: number): boolean {
  return Number.isSafeInteger(after) && after >= 0 && after <= lastSeq
}
