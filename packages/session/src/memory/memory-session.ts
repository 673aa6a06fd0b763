import type { JsonValue } from '../json.js'
import type { Lease, MessageRecord, NewSession, SessionRecord, TurnRecord } from '../session-store.js'
import type { TurnEndStatus, TurnEvent, TurnRef } from '../turn-event.js'
import type { Expiring } from './expiry-heap.js'
import type { Links } from './recency-list.js'

const none: readonly never[] = []

/** A session in memory, with everything of it. Idle ones are many, so it takes no array or map before it needs it. */
export class MemorySession implements Expiring {
  readonly owner: string
  readonly sessionId: string
  readonly createdAt: number
  metadata: Readonly<Record<string, string>>
  ttlMs: number
  lastActiveAt: number
  expiresAt: number
  heapIndex = -1
  beforeInAll: MemorySession | null = null
  afterInAll: MemorySession | null = null
  beforeInOwn: MemorySession | null = null
  afterInOwn: MemorySession | null = null
  state: JsonValue = null
  activeTurn: MemoryTurn | null = null
  turns: Map<string, MemoryTurn> | null = null
  #messages: MessageRecord[] | null = null

  constructor(session: NewSession) {
    this.owner = session.owner
    this.sessionId = session.sessionId
    this.createdAt = session.createdAt
    this.metadata = session.metadata
    this.ttlMs = session.ttlMs
    this.lastActiveAt = session.createdAt
    this.expiresAt = session.createdAt + session.ttlMs
  }

  get messages(): readonly MessageRecord[] {
    return this.#messages ?? none
  }

  addMessage(message: Omit<MessageRecord, 'position'>): void {
    this.#messages ??= []
    this.#messages.push({ ...message, position: this.#messages.length + 1 })
  }

  addTurn(turn: MemoryTurn): void {
    this.turns ??= new Map()
    this.turns.set(turn.ref.turnId, turn)
  }

  record(): SessionRecord {
    return {
      owner: this.owner,
      sessionId: this.sessionId,
      createdAt: this.createdAt,
      lastActiveAt: this.lastActiveAt,
      expiresAt: this.activeTurn === null ? this.expiresAt : null,
      ttlMs: this.ttlMs,
      messageCount: this.messages.length,
      activeTurnId: this.activeTurn?.ref.turnId ?? null,
      metadata: this.metadata,
    }
  }
}

/** A session's place among all sessions. */
export const amongAll: Links<MemorySession> = {
  before: (session) => session.beforeInAll,
  after: (session) => session.afterInAll,
  setBefore(session, before) {
    session.beforeInAll = before
  },
  setAfter(session, after) {
    session.afterInAll = after
  },
}

/** A session's place among those of its owner. */
export const amongOwn: Links<MemorySession> = {
  before: (session) => session.beforeInOwn,
  after: (session) => session.afterInOwn,
  setBefore(session, before) {
    session.beforeInOwn = before
  },
  setAfter(session, after) {
    session.afterInOwn = after
  },
}

/** A turn in memory, with its events. */
export class MemoryTurn {
  readonly ref: TurnRef
  readonly acceptedAt: number
  readonly metadata: Readonly<Record<string, string>>
  readonly events: TurnEvent[] = []
  lease: Lease
  end: { readonly status: TurnEndStatus; readonly at: number } | null = null

  constructor(ref: TurnRef, acceptedAt: number, metadata: Readonly<Record<string, string>>, lease: Lease) {
    this.ref = ref
    this.acceptedAt = acceptedAt
    this.metadata = metadata
    this.lease = lease
  }

  record(): TurnRecord {
    return {
      sessionId: this.ref.sessionId,
      turnId: this.ref.turnId,
      status: this.end?.status ?? 'running',
      createdAt: this.acceptedAt,
      startedAt: this.acceptedAt,
      endedAt: this.end?.at ?? null,
      metadata: this.metadata,
      lastSeq: this.events.length,
    }
  }
}
