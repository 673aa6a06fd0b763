import type { ChatContext, FinishReason, TraceContext, Usage } from '../chat-interface.js'
import type { JsonValue } from '../json.js'
import type { SessionError } from '../session-error.js'
import type { TurnRequest } from '../session-manager.js'
import type { Beginning, SessionRecord, TurnEnd } from '../session-store.js'
import {
  type FinalTurnEvent,
  isFinal,
  type TurnEvent,
  type TurnEventBody,
  type TurnFailureCode,
  type TurnRef,
} from '../turn-event.js'
import { TurnTranscript } from '../turn-transcript.js'
import type { Batch } from './event-writer.js'
import { TurnContext } from './turn-context.js'
import type { TurnLog } from './turn-log.js'

/** Why a turn was told to stop. */
export type StopReason =
  | { readonly status: 'cancelled'; readonly reason: string }
  | { readonly status: 'interrupted'; readonly reason: string }
  | {
      readonly status: 'failed'
      readonly code: TurnFailureCode
      readonly error: Error
      readonly retryAfterSeconds?: number
    }

/** What a turn was accepted as. */
export interface LiveTurnParts {
  readonly ref: TurnRef
  readonly request: Pick<TurnRequest, 'message' | 'trace' | 'onDisconnect' | 'onEnd'>
  readonly session: SessionRecord
  /** The event that it begins with. */
  readonly first: TurnEvent
  /** When it was accepted, by the clock that never goes back. */
  readonly acceptedMonotonic: number
  /** Begins to wait for a reader that may come back, and returns how to stop waiting. */
  readonly awaitReader: (giveUp: () => void) => () => void
  /** Called when it is over, before anybody who waits for its end. */
  readonly onOver: (turn: LiveTurn) => void
}

const nothing = () => {}

/**
 * A turn that this process runs, or has in line. Events go in at one end (`record`), into the store (by the event writer), and are
 * then published to every reader. It outlives its readers, and its readers may outlive it.
 */
export class LiveTurn {
  readonly ref: TurnRef
  readonly session: SessionRecord
  readonly message: string
  readonly trace: TraceContext | undefined
  /** Is told how it ended; see `TurnRequest`. */
  readonly onEnd: TurnRequest['onEnd']
  /** When it was accepted, by the clock that never goes back. */
  readonly acceptedMonotonic: number
  /** Its signal is the chat interface's. */
  readonly controller = new AbortController()
  readonly transcript = new TurnTranscript()
  /** What readers may see: the store has it. */
  readonly published: TurnEvent[]
  /** What the store does not have yet. */
  pending: TurnEvent[] = []
  /** The batch with which that goes to the store; null when it is in none. */
  batch: Batch | null = null
  /** What is kept with its final event, once there is one. */
  end: TurnEnd | null = null
  usage: Usage | null = null
  finishReason: FinishReason = 'stop'
  /** The session's new state, once a state chunk came. */
  state: JsonValue | undefined
  /** All text so far, in bytes of UTF-8. */
  outputBytes = 0
  /** All other events so far, in UTF-16 code units of their JSON text. */
  eventLength = 0
  /** Its place in line as its readers were told; null when it never waited. */
  position: number | null
  /** When the first event after `turn.started` was made, in milliseconds after that one. */
  firstEventMs: number | null = null
  #begun: { readonly beginning: Beginning; readonly monotonic: number } | null = null
  #stopReason: StopReason | null = null
  #onStop: (() => void) | null = null
  #lastSeq: number
  /** The number of its `turn.started` event, once it has one: those before it told its place in line. */
  #startedSeq = 1
  #isEnding = false
  #isOver = false
  #failure: SessionError | null = null
  #final: FinalTurnEvent | null = null
  /** Made when somebody asks for it: most turns are read, or awaited, and not both. */
  #end: PromiseWithResolvers<FinalTurnEvent> | null = null
  /** How to wake the reader. Most turns have one at most; a set for it would cost more than what it reads. */
  #reader: (() => void) | null = null
  /** How to wake all others. */
  #otherReaders: Set<() => void> | null = null
  /** How many wait for it, reading or not. */
  #attending = 0
  readonly #awaitReader: LiveTurnParts['awaitReader'] | null
  #awaitReaderNoMore = nothing
  readonly #onOver: LiveTurnParts['onOver']

  constructor(parts: LiveTurnParts) {
    const { ref, request, session, first } = parts
    this.ref = ref
    this.session = session
    this.message = request.message
    this.trace = request.trace
    this.onEnd = request.onEnd
    this.acceptedMonotonic = parts.acceptedMonotonic
    this.published = [first]
    this.position = first.type === 'turn.queued' ? first.position : null
    this.#lastSeq = first.seq
    this.#awaitReader = request.onDisconnect === 'cancel' ? parts.awaitReader : null
    this.#onOver = parts.onOver
  }

  /** What its answer needs, and when it began; null while it waits. */
  get begun(): { readonly beginning: Beginning; readonly monotonic: number } | null {
    return this.#begun
  }

  /** Notes that it runs. A turn that waited has its `turn.started` event only now. */
  begin(beginning: Beginning, monotonic: number): void {
    this.#begun = { beginning, monotonic } // as it is: what it holds may be read only when it is asked for
    const { started } = beginning
    this.#startedSeq = started.seq
    if (started.seq === this.#lastSeq) return
    this.#lastSeq = started.seq
    this.publish([started])
  }

  /** Resolves with the final event once it is published; rejects when it could not be kept. */
  get ended(): Promise<FinalTurnEvent> {
    if (this.#end === null) {
      this.#end = Promise.withResolvers()
      this.#end.promise.catch(nothing) // a turn may fail with nobody waiting for it; the runner has logged it
      this.#settle()
    }
    return this.#end.promise
  }

  /** Tells those who wait for the end, as far as there are any, and as there is one. */
  #settle(): void {
    if (this.#final !== null) this.#end?.resolve(this.#final)
    else if (this.#failure !== null) this.#end?.reject(this.#failure)
  }

  #over(): void {
    this.#isOver = true
    this.#awaitReaderNoMore()
    this.#onOver(this)
    this.#settle()
  }

  get stopReason(): StopReason | null {
    return this.#stopReason
  }

  /** The number of the turn's last event, published or not. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** How many events it has had since it began, with the one that says so. */
  get eventCount(): number {
    return this.#lastSeq - this.#startedSeq + 1
  }

  /** Whether readers have nothing more to wait for. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Why readers can't have the rest; null unless the store failed, or somebody else has ended it. */
  get failure(): SessionError | null {
    return this.#failure
  }

  /** Numbers an event and takes it into the transcript; the event writer brings it further. */
  record(body: TurnEventBody): void {
    this.#lastSeq += 1
    const event = { ...body, seq: this.#lastSeq }
    this.pending.push(event)
    this.transcript.add(body)
    if (isFinal(event)) this.#isEnding = true
  }

  /**
   * The same for a text, as nearly all events are: made in one piece, which costs half of `record`, and takes a third less
   * room than a copy that gets one more property.
   */
  say(text: string): void {
    this.#lastSeq += 1
    this.pending.push({ type: 'text.delta', text, seq: this.#lastSeq })
    this.transcript.say(text)
  }

  /** Lets readers see events that the store has. */
  publish(events: readonly TurnEvent[]): void {
    for (const event of events) this.published.push(event)
    const last = events.at(-1)
    if (last !== undefined && isFinal(last)) {
      this.#final = last
      this.#over()
    }
    this.#wakeReaders()
  }

  /** Ends the turn for its readers without a final event: the store does not take its events. */
  abandon(error: SessionError): void {
    if (this.#isOver) return
    this.#stop(
      error.code === 'store_unavailable'
        ? { status: 'failed', code: 'store_unavailable', error }
        : { status: 'interrupted', reason: 'lease_expired' },
    )
    this.#failure = error
    this.#over()
    this.#wakeReaders()
  }

  /**
   * Asks the turn to stop; the first reason counts. False when it has ended by itself or failed, even if no reader knows
   * yet.
   */
  stop(reason: StopReason): boolean {
    if (this.#stopReason === null && (this.#isEnding || this.#isOver)) return false
    const hasFailed = this.#stopReason?.status === 'failed'
    this.#stop(reason)
    return !hasFailed
  }

  #stop(reason: StopReason): void {
    if (this.#stopReason !== null) return
    this.#stopReason = reason
    this.controller.abort(new DOMException(describeStop(reason), 'AbortError'))
    this.#onStop?.()
  }

  /** Calls back when the turn is asked to stop; null takes the wish back. There is one such wish at a time. */
  onStop(callback: (() => void) | null): void {
    this.#onStop = callback
  }

  #wakeReaders(): void {
    this.#reader?.()
    if (this.#otherReaders !== null) for (const wake of this.#otherReaders) wake()
  }

  /**
   * Calls `wake`, a function of this reader's own, whenever there is something new to read; returns how to leave.
   *
   * @param attends whether the reader counts as somebody who waits for the turn
   */
  join(wake: () => void, attends = true): () => void {
    if (this.#reader === null) this.#reader = wake
    else {
      this.#otherReaders ??= new Set()
      this.#otherReaders.add(wake)
    }
    const leave = attends ? this.attend() : () => {}
    return () => {
      if (this.#reader === wake) this.#reader = null
      else this.#otherReaders?.delete(wake)
      leave()
    }
  }

  /** Counts somebody who waits for it; returns how to leave. */
  attend(): () => void {
    let isHere = true
    this.#attending += 1
    this.#awaitReaderNoMore()
    return () => {
      if (!isHere) return
      isHere = false
      this.#attending -= 1
      if (this.#attending > 0 || this.#isOver) return
      this.#awaitReaderNoMore =
        this.#awaitReader?.(() => this.stop({ status: 'cancelled', reason: 'client_disconnected' })) ??
        nothing
    }
  }

  /** What the chat interface is told. */
  context(log: TurnLog): ChatContext {
    const { ref, trace } = this
    if (this.#begun === null) throw new Error('A turn that waits has no context.')
    const { beginning } = this.#begun
    return new TurnContext({ ref, trace, beginning, signal: this.controller.signal, log })
  }
}

function describeStop(reason: StopReason): string {
  // What a chat interface threw may not even be looked at.
  return reason.status === 'failed'
    ? `the turn failed: ${reason.code}`
    : `the turn was ${reason.status}: ${reason.reason}`
}
