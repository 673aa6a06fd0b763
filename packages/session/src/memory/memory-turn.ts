import type { FunctionCall } from '../chat-interface.js'
import type { AcceptRequest, Lease, MessageRecord, TurnEnd, TurnRecord } from '../session-store.js'
import {
  type FinalTurnEvent,
  type TurnEndStatus,
  type TurnEventBody,
  type TurnRef,
  turnStatus,
} from '../turn-event.js'
import { MemoryEvents } from './memory-events.js'
import type { MemorySession } from './memory-session.js'

/** How a turn ended. */
export type MemoryEnd = Pick<TurnEnd, 'status' | 'endedAt' | 'functionsCalled'>

const none: readonly never[] = Object.freeze([])

/** A turn in memory, with its events. */
export class MemoryTurn {
  readonly session: MemorySession
  readonly turnId: string
  readonly position: number
  readonly acceptedAt: number
  readonly metadata: Readonly<Record<string, string>>
  /** The user's message. */
  readonly message: MessageRecord
  /** Whether it waits before all others, to take the place of what runs. */
  readonly isInterrupting: boolean
  readonly events = new MemoryEvents()
  /** Its place among the live turns of the store; -1 when it is none. */
  liveIndex = -1
  /** Null once it has ended. */
  lease: Lease | null
  startedAt: number | null = null
  endedAt: number | null = null
  /** How it ended; null until then. */
  endStatus: TurnEndStatus | null = null
  final: FinalTurnEvent | null = null
  functionsCalled: readonly FunctionCall[] = none

  constructor(
    session: MemorySession,
    message: MessageRecord,
    request: Pick<AcceptRequest, 'ref' | 'now' | 'metadata' | 'onBusy' | 'lease'>,
  ) {
    this.session = session
    this.turnId = request.ref.turnId
    this.position = session.turns.length + 1
    this.acceptedAt = request.now
    this.metadata = request.metadata
    this.message = message
    this.isInterrupting = request.onBusy.kind === 'interrupt'
    this.lease = request.lease
  }

  get ref(): TurnRef {
    return { sessionId: this.session.sessionId, turnId: this.turnId }
  }

  /** Adds an event with the next number. */
  addEvent<Body extends TurnEventBody>(body: Body): Body & { readonly seq: number } {
    const event = { ...body, seq: this.events.length + 1 }
    Object.freeze(event)
    this.events.add(event)
    return event
  }

  /** Adds the event that it begins with. */
  addStarted() {
    const { sessionId, turnId } = this.ref
    const event = { type: 'turn.started', sessionId, turnId, seq: this.events.length + 1 } as const
    this.events.add(event)
    return Object.freeze(event)
  }

  /** Ends it; its final event has been added. An ended turn is kept as long as its session, so it takes no more room than it needs. */
  end(final: FinalTurnEvent, { status, endedAt, functionsCalled }: MemoryEnd): void {
    this.endStatus = status
    this.endedAt = endedAt
    this.final = Object.freeze(final)
    this.functionsCalled = functionsCalled
    this.lease = null
    this.events.end()
  }

  record(): TurnRecord {
    return {
      ...this.ref,
      position: this.position,
      status: turnStatus(this.endStatus, this.startedAt),
      createdAt: this.acceptedAt,
      startedAt: this.startedAt,
      endedAt: this.endedAt,
      metadata: this.metadata,
      lastSeq: this.events.length,
      final: this.final,
      functionsCalled: this.functionsCalled,
    }
  }
}
