import type {
  AcceptOutcome,
  AcceptRequest,
  CreateOutcome,
  Lease,
  MessagePage,
  MessagePageRequest,
  NewSession,
  OwnedTurnRef,
  SessionBound,
  SessionChange,
  SessionPage,
  SessionPageRequest,
  SessionRecord,
  SessionRef,
  SessionStore,
  TurnEnd,
  TurnRecord,
  TurnWrite,
  TurnWriteOutcome,
  UpdateOutcome,
} from '../session-store.js'
import type { TurnEvent, TurnRef } from '../turn-event.js'
import { partialMessage, TurnTranscript } from '../turn-transcript.js'
import { ExpiryHeap } from './expiry-heap.js'
import { amongAll, amongOwn, MemorySession, MemoryTurn } from './memory-session.js'
import { RecencyList } from './recency-list.js'
import { sessionPage } from './session-pages.js'

/**
 * Keeps sessions in this process's memory: nothing survives it, and nothing is shared with another.
 * Every operation is O(1), or O(log n) where an expiry moves, in the number of sessions; a page of a list costs what is
 * on it, unless the session that it goes on behind has moved or is gone.
 */
export function createMemoryStore(): SessionStore {
  return new MemoryStore()
}

class MemoryStore implements SessionStore {
  readonly kind = 'memory'
  readonly #sessions = new Map<string, MemorySession>()
  /** The sessions without a live turn: those that can expire. */
  readonly #byExpiry = new ExpiryHeap<MemorySession>()
  /** All sessions. */
  readonly #byActivity = new RecencyList<MemorySession>(amongAll)
  /** The sessions of each owner that has any. */
  readonly #byOwner = new Map<string, RecencyList<MemorySession>>()
  readonly #liveTurns = new Set<MemoryTurn>()

  async createSession(session: NewSession, bound: SessionBound): Promise<CreateOutcome> {
    const evicted = this.#makeRoom(bound)
    if (evicted === null) return { outcome: 'full' }
    return { outcome: 'created', session: this.#add(session).record(), evicted }
  }

  async getSession(session: SessionRef, now: number): Promise<SessionRecord | undefined> {
    return this.#find(session, now)?.record()
  }

  async listSessions(page: SessionPageRequest, now: number): Promise<SessionPage> {
    this.#collect(now, Number.POSITIVE_INFINITY)
    const last = this.#byOwner.get(page.owner)?.last ?? null
    return sessionPage(last, (sessionId) => this.#find({ owner: page.owner, sessionId }, now), page)
  }

  async updateSession(ref: SessionRef, change: SessionChange, now: number): Promise<UpdateOutcome> {
    const session = this.#find(ref, now)
    if (session === undefined) return { outcome: 'session_not_found' }
    const merged = Object.entries({ ...session.metadata, ...change.metadata })
    const metadata = Object.fromEntries(merged.filter((pair): pair is [string, string] => pair[1] !== null))
    const pairs = Object.keys(metadata).length
    if (pairs > change.maxPairs) return { outcome: 'too_many_pairs', pairs }
    session.metadata = Object.freeze(metadata)
    if (change.ttlMs !== undefined) {
      session.ttlMs = change.ttlMs
      if (session.activeTurn === null) this.#expireAt(session, session.lastActiveAt + change.ttlMs)
    }
    return { outcome: 'updated', session: session.record() }
  }

  async deleteSession(ref: SessionRef, now: number): Promise<boolean> {
    const session = this.#find(ref, now)
    if (session === undefined) return false
    this.#remove(session)
    return true
  }

  async countSessions(now: number): Promise<number> {
    this.#collect(now, Number.POSITIVE_INFINITY)
    return this.#sessions.size
  }

  async listMessages(
    session: SessionRef,
    page: MessagePageRequest,
    now: number,
  ): Promise<MessagePage | undefined> {
    const messages = this.#find(session, now)?.messages
    if (messages === undefined) return undefined
    const { order, limit, after } = page
    if (order === 'asc') {
      const from = after ?? 0
      return { messages: messages.slice(from, from + limit), more: from + limit < messages.length }
    }
    const to = Math.min((after ?? Number.POSITIVE_INFINITY) - 1, messages.length)
    const from = Math.max(0, to - limit)
    return { messages: messages.slice(from, Math.max(from, to)).reverse(), more: from > 0 }
  }

  async acceptTurn(request: AcceptRequest): Promise<AcceptOutcome> {
    const { ref, create, message, now } = request
    let session = this.#find(ref, now)
    let evicted = 0
    if (create !== null) {
      const gone = this.#makeRoom(create.bound)
      if (gone === null) return { outcome: 'full' }
      evicted = gone
      session = this.#add(create.session)
    }
    if (session === undefined) return { outcome: 'session_not_found' }
    if (session.activeTurn !== null)
      return { outcome: 'turn_in_progress', turnId: session.activeTurn.ref.turnId }

    const history = request.historyLimit === 0 ? [] : session.messages.slice(-request.historyLimit)
    const started: TurnEvent = { type: 'turn.started', sessionId: ref.sessionId, turnId: ref.turnId, seq: 1 }
    const turn = new MemoryTurn(
      { sessionId: ref.sessionId, turnId: ref.turnId },
      now,
      request.metadata,
      request.lease,
    )
    turn.events.push(started)
    session.lastActiveAt = now
    this.#toLive(session, turn)
    session.addMessage(message)
    session.addTurn(turn)
    return { outcome: 'accepted', session: session.record(), started, history, state: session.state, evicted }
  }

  async writeTurns(writes: readonly TurnWrite[]): Promise<readonly TurnWriteOutcome[]> {
    return writes.map((write) => {
      const turn = this.#sessions.get(write.ref.sessionId)?.turns?.get(write.ref.turnId)
      if (turn === undefined || turn.end !== null) return 'refused'
      for (const event of write.events) turn.events.push(event)
      if (write.end !== undefined) this.#end(turn, write.end)
      return 'written'
    })
  }

  async getTurn(ref: OwnedTurnRef, now: number): Promise<TurnRecord | undefined> {
    return this.#find(ref, now)?.turns?.get(ref.turnId)?.record()
  }

  async readEvents(
    ref: OwnedTurnRef,
    range: { after: number; limit: number },
    now: number,
  ): Promise<readonly TurnEvent[] | undefined> {
    return this.#find(ref, now)
      ?.turns?.get(ref.turnId)
      ?.events.slice(range.after, range.after + range.limit)
  }

  async renewLeases(lease: Lease): Promise<void> {
    for (const turn of this.#liveTurns) if (turn.lease.instance === lease.instance) turn.lease = lease
  }

  async interruptAbandoned(now: number, reason: string): Promise<readonly TurnRef[]> {
    const abandoned = [...this.#liveTurns].filter((turn) => turn.lease.until <= now)
    for (const turn of abandoned) {
      const transcript = new TurnTranscript()
      for (const event of turn.events) transcript.add(event)
      const seq = turn.events.length + 1
      turn.events.push({ type: 'turn.interrupted', reason, content: transcript.content, seq })
      // The turn's id is unique, and an interrupted turn has one message at most: so this id is unique too.
      const messageId = turn.ref.turnId.replace(/^turn_/, 'msg_')
      const message = partialMessage(transcript, { ref: turn.ref, messageId, at: now })
      this.#end(turn, { status: 'interrupted', endedAt: now, message })
    }
    return abandoned.map((turn) => turn.ref)
  }

  async collectExpired(now: number, limit: number): Promise<number> {
    return this.#collect(now, limit)
  }

  /** The owner's session, unless it has expired; a session with a live turn can't. */
  #find({ owner, sessionId }: SessionRef, now: number): MemorySession | undefined {
    const session = this.#sessions.get(sessionId)
    if (session === undefined || session.owner !== owner) return undefined
    return session.activeTurn !== null || session.expiresAt > now ? session : undefined
  }

  #add(record: NewSession): MemorySession {
    const session = new MemorySession(record)
    this.#sessions.set(session.sessionId, session)
    this.#byExpiry.add(session)
    this.#byActivity.add(session)
    this.#ownListOf(session).add(session)
    return session
  }

  #remove(session: MemorySession): void {
    this.#sessions.delete(session.sessionId)
    this.#byActivity.remove(session)
    const own = this.#ownListOf(session)
    own.remove(session)
    if (own.first === null) this.#byOwner.delete(session.owner)
    this.#byExpiry.remove(session)
    if (session.activeTurn !== null) this.#liveTurns.delete(session.activeTurn)
  }

  #toLive(session: MemorySession, turn: MemoryTurn): void {
    this.#byExpiry.remove(session)
    this.#touch(session)
    session.activeTurn = turn
    this.#liveTurns.add(turn)
  }

  #end(turn: MemoryTurn, end: TurnEnd): void {
    turn.end = { status: end.status, at: end.endedAt }
    this.#liveTurns.delete(turn)
    const session = this.#sessions.get(turn.ref.sessionId)
    if (session === undefined) return
    if (end.message !== null) session.addMessage(end.message)
    if (end.state !== undefined) session.state = end.state
    session.activeTurn = null
    session.lastActiveAt = end.endedAt
    this.#expireAt(session, end.endedAt + session.ttlMs)
    this.#touch(session)
  }

  #touch(session: MemorySession): void {
    this.#byActivity.touch(session)
    this.#ownListOf(session).touch(session)
  }

  #ownListOf({ owner }: MemorySession): RecencyList<MemorySession> {
    let list = this.#byOwner.get(owner)
    if (list === undefined) {
      list = new RecencyList(amongOwn)
      this.#byOwner.set(owner, list)
    }
    return list
  }

  #expireAt(session: MemorySession, at: number): void {
    this.#byExpiry.remove(session)
    session.expiresAt = at
    this.#byExpiry.add(session)
  }

  #collect(now: number, limit: number): number {
    let collected = 0
    while (collected < limit) {
      const session = this.#byExpiry.first
      if (session === undefined || session.expiresAt > now) break
      this.#remove(session)
      collected += 1
    }
    return collected
  }

  /** The least recently active session without a live turn. It passes at most as many others as turns are live. */
  #leastActive(): MemorySession | null {
    let session = this.#byActivity.first
    while (session !== null && session.activeTurn !== null) session = amongAll.after(session)
    return session
  }

  /** Makes room for one session; returns how many were evicted for it, or null when there is no room to make. */
  #makeRoom(bound: SessionBound): number | null {
    let evicted = 0
    while (this.#sessions.size >= bound.maxSessions) {
      if (this.#collect(bound.now, 1) > 0) continue
      const idle = bound.whenFull === 'evict' ? this.#leastActive() : null
      if (idle === null) return null
      this.#remove(idle)
      evicted += 1
    }
    return evicted
  }
}
