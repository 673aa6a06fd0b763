import type { FunctionCall } from '../chat-interface.js'
import type { AcceptRequest, Lease, MessageRecord, TurnRecord } from '../session-store.js'
import {
  type FinalTurnEvent,
  type TurnEndStatus,
  type TurnEvent,
  type TurnEventBody,
  type TurnRef,
  turnStatus,
} from '../turn-event.js'
import type { MemorySession } from './memory-session.js'

/** How a turn ended. */
export interface MemoryEnd {
  readonly status: TurnEndStatus
  readonly at: number
  readonly final: FinalTurnEvent
  readonly functionsCalled: readonly FunctionCall[]
}

/** A turn in memory, with its events. */
export class MemoryTurn {
  readonly session: MemorySession
  readonly ref: TurnRef
  readonly position: number
  readonly acceptedAt: number
  readonly metadata: Readonly<Record<string, string>>
  /** The user's message. */
  readonly message: MessageRecord
  /** Whether it waits before all others, to take the place of what runs. */
  readonly isInterrupting: boolean
  readonly events: TurnEvent[] = []
  lease: Lease
  startedAt: number | null = null
  end: MemoryEnd | null = null

  constructor(
    session: MemorySession,
    message: MessageRecord,
    request: Pick<AcceptRequest, 'ref' | 'now' | 'metadata' | 'onBusy' | 'lease'>,
  ) {
    const { sessionId, turnId } = request.ref
    this.session = session
    this.ref = Object.freeze({ sessionId, turnId })
    this.position = session.turns.length + 1
    this.acceptedAt = request.now
    this.metadata = request.metadata
    this.message = message
    this.isInterrupting = request.onBusy.kind === 'interrupt'
    this.lease = request.lease
  }

  /** Adds an event with the next number. */
  addEvent<Body extends TurnEventBody>(body: Body): Body & { readonly seq: number } {
    const event = { ...body, seq: this.events.length + 1 }
    Object.freeze(event)
    this.events.push(event)
    return event
  }

  record(): TurnRecord {
    const { end } = this
    return {
      sessionId: this.ref.sessionId,
      turnId: this.ref.turnId,
      position: this.position,
      status: turnStatus(end?.status ?? null, this.startedAt),
      createdAt: this.acceptedAt,
      startedAt: this.startedAt,
      endedAt: end?.at ?? null,
      metadata: this.metadata,
      lastSeq: this.events.length,
      final: end?.final ?? null,
      functionsCalled: end?.functionsCalled ?? [],
    }
  }
}
