import { expiryAfter } from '../expiry-after.js'
import type { JsonValue } from '../json.js'
import type { MessageRecord, NewMessage, NewSession, SessionRecord } from '../session-store.js'
import type { Expiring } from './expiry-heap.js'
import type { MemoryTurn } from './memory-turn.js'
import type { Links } from './recency-list.js'

const none: readonly never[] = []

/** A session in memory, with everything of it. Idle ones are many, so it takes no array before it needs it. */
export class MemorySession implements Expiring {
  readonly owner: string
  readonly sessionId: string
  readonly createdAt: number
  readonly endsAt: number | null
  readonly chat: string | null
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
  /** The turn that runs. */
  activeTurn: MemoryTurn | null = null
  #waiting: MemoryTurn[] | null = null
  #turns: MemoryTurn[] | null = null
  /** The first of them, as many as were there when one was looked for. */
  #turnsById: Map<string, MemoryTurn> | null = null
  #messages: MessageRecord[] | null = null
  /** The messages of the turns that have ended, in the order in which they did. */
  #history: MessageRecord[] | null = null

  constructor(session: NewSession) {
    this.owner = session.owner
    this.sessionId = session.sessionId
    this.createdAt = session.createdAt
    this.endsAt = session.endsAt
    this.chat = session.chat
    this.metadata = session.metadata
    this.ttlMs = session.ttlMs
    this.lastActiveAt = session.createdAt
    this.expiresAt = this.idleExpiry
  }

  /** The turns that wait, the next one first. */
  get waiting(): readonly MemoryTurn[] {
    return this.#waiting ?? none
  }

  get isLive(): boolean {
    return this.activeTurn !== null || this.waiting.length > 0
  }

  hasExpired(now: number): boolean {
    return this.expiresAt <= now && !this.isLive
  }

  /** Whether it is there only because of turns that are still live. */
  hasEnded(now: number): boolean {
    return this.endsAt !== null && this.endsAt <= now
  }

  get turns(): readonly MemoryTurn[] {
    return this.#turns ?? none
  }

  get messages(): readonly MessageRecord[] {
    return this.#messages ?? none
  }

  get history(): readonly MessageRecord[] {
    return this.#history ?? none
  }

  /** Notes that it has been active. An end may be told late, when others have been accepted since. */
  wasActiveAt(moment: number): void {
    this.lastActiveAt = Math.max(this.lastActiveAt, moment)
  }

  /** When it ends if it is not live and nothing happens any more. */
  get idleExpiry(): number {
    return expiryAfter(this.lastActiveAt, this.ttlMs, this.endsAt)
  }

  /** Keeps a message; it becomes part of the history when its turn has ended. */
  addMessage(message: NewMessage): MessageRecord {
    this.#messages ??= []
    const record = recordOf(message, this.#messages.length + 1)
    this.#messages.push(record)
    return record
  }

  addToHistory(message: MessageRecord): void {
    this.#history ??= []
    this.#history.push(message)
  }

  addTurn(turn: MemoryTurn): void {
    this.#turns ??= []
    this.#turns.push(turn)
  }

  /**
   * A turn by its id. Nearly always it is the one that runs, or the latest. The others are put in order when one of them is
   * asked for: to have all turns of all sessions in one `Map` costs more than the rest of what is kept of a turn.
   */
  findTurn(turnId: string): MemoryTurn | undefined {
    const { turns, activeTurn } = this
    if (activeTurn?.turnId === turnId) return activeTurn
    const latest = turns.at(-1)
    if (latest === undefined || latest.turnId === turnId) return latest
    this.#turnsById ??= new Map()
    for (const turn of turns.slice(this.#turnsById.size)) this.#turnsById.set(turn.turnId, turn)
    return this.#turnsById.get(turnId)
  }

  /** Puts a turn in line: behind all others, or before them. Returns its place, from 1. */
  putInLine(turn: MemoryTurn): number {
    this.#waiting ??= []
    if (!turn.isInterrupting) return this.#waiting.push(turn)
    this.#waiting.unshift(turn)
    return 1
  }

  takeOutOfLine(turn: MemoryTurn): void {
    this.#waiting = this.waiting.filter((other) => other !== turn)
  }

  record(): SessionRecord {
    return {
      owner: this.owner,
      sessionId: this.sessionId,
      createdAt: this.createdAt,
      lastActiveAt: this.lastActiveAt,
      expiresAt: this.isLive ? null : this.expiresAt,
      endsAt: this.endsAt,
      ttlMs: this.ttlMs,
      messageCount: this.messages.length,
      activeTurnId: this.activeTurn?.turnId ?? null,
      metadata: this.metadata,
      chat: this.chat,
    }
  }
}

/** Written out, because an object that is copied and then gets one more property takes half as much memory again. */
function recordOf(message: NewMessage, position: number): MessageRecord {
  const { messageId, turnId, role, content, status, createdAt, functionsCalled } = message
  const record = { messageId, turnId, role, content, status, createdAt, position }
  return Object.freeze(functionsCalled === undefined ? record : { ...record, functionsCalled })
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
