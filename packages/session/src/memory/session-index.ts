import type { SessionBound, SessionPage, SessionPageRequest, SessionRef } from '../session-store.js'
import { ExpiryHeap } from './expiry-heap.js'
import { amongAll, amongOwn, type MemorySession } from './memory-session.js'
import { RecencyList } from './recency-list.js'
import { sessionPage } from './session-pages.js'

/** All sessions: by their ids, by when they expire, and by when they were last active, of all owners and of each. */
export class SessionIndex {
  readonly #sessions = new Map<string, MemorySession>()
  /** The sessions that are not live: those that can expire. */
  readonly #byExpiry = new ExpiryHeap<MemorySession>()
  /** All sessions. */
  readonly #byActivity = new RecencyList<MemorySession>(amongAll)
  /** The sessions of each owner that has any. */
  readonly #byOwner = new Map<string, RecencyList<MemorySession>>()
  readonly #onRemove: (session: MemorySession) => void

  /** @param onRemove is told of each session that is removed */
  constructor(onRemove: (session: MemorySession) => void) {
    this.#onRemove = onRemove
  }

  /** The owner's session, unless it has expired; a live one can't. */
  find({ owner, sessionId }: SessionRef, now: number): MemorySession | undefined {
    const session = this.#sessions.get(sessionId)
    if (session === undefined || session.owner !== owner) return undefined
    return session.hasExpired(now) ? undefined : session
  }

  /** The session of this id, whoever owns it, also when it has expired and is still kept. */
  at(sessionId: string): MemorySession | undefined {
    return this.#sessions.get(sessionId)
  }

  /** The ids of all that are kept, in ascending order. */
  ids(): readonly string[] {
    return [...this.#sessions.keys()].sort()
  }

  page(page: SessionPageRequest, now: number): SessionPage {
    const last = this.#byOwner.get(page.owner)?.last ?? null
    const known = page.after && this.#sessions.get(page.after.sessionId)
    return sessionPage({ last, known: known?.owner === page.owner ? known : undefined }, page, now)
  }

  /** How many have not expired. */
  count(now: number): number {
    return this.#sessions.size - this.#byExpiry.countExpired(now)
  }

  add(session: MemorySession): MemorySession {
    this.#sessions.set(session.sessionId, session)
    this.#byExpiry.add(session)
    this.#byActivity.add(session)
    this.#ownListOf(session).add(session)
    return session
  }

  remove(session: MemorySession): void {
    this.#sessions.delete(session.sessionId)
    this.#byActivity.remove(session)
    const own = this.#ownListOf(session)
    own.remove(session)
    if (own.isEmpty) this.#byOwner.delete(session.owner)
    this.#byExpiry.remove(session)
    this.#onRemove(session)
  }

  /** Notes that a session has been active. */
  touch(session: MemorySession): void {
    this.#byActivity.touch(session)
    this.#ownListOf(session).touch(session)
  }

  /** Notes that a session has a live turn: it can't expire. */
  toLive(session: MemorySession): void {
    this.#byExpiry.remove(session)
    this.touch(session)
  }

  /** Notes that a session has no live turn any more. */
  toIdle(session: MemorySession, expiresAt: number): void {
    this.expireAt(session, expiresAt)
    this.touch(session)
  }

  expireAt(session: MemorySession, at: number): void {
    this.#byExpiry.remove(session)
    session.expiresAt = at
    this.#byExpiry.add(session)
  }

  /** Removes up to `limit` expired sessions; returns how many there were. */
  collect(now: number, limit: number): number {
    let collected = 0
    while (collected < limit) {
      const session = this.#byExpiry.first
      if (session === undefined || session.expiresAt > now) break
      this.remove(session)
      collected += 1
    }
    return collected
  }

  /**
   * Makes room for one session; returns how many were evicted for it, or null when there is no room to make: then none was
   * removed.
   */
  makeRoom(bound: SessionBound): number | null {
    const tooMany = this.#sessions.size + 1 - bound.maxSessions
    if (tooMany > 1 && tooMany > this.#countRemovable(bound)) return null
    let evicted = 0
    while (this.#sessions.size >= bound.maxSessions) {
      if (this.collect(bound.now, 1) > 0) continue
      const idle = bound.whenFull === 'evict' ? this.#leastActive() : null
      if (idle === null) return null
      this.remove(idle)
      evicted += 1
    }
    return evicted
  }

  /** How many may give way. */
  #countRemovable({ whenFull, now }: SessionBound): number {
    return whenFull === 'evict' ? this.#byExpiry.size : this.#byExpiry.countExpired(now)
  }

  /** The least recently active session that is not live. It passes at most as many others as turns are live. */
  #leastActive(): MemorySession | null {
    let session = this.#byActivity.first
    while (session?.isLive === true) session = amongAll.after(session)
    return session
  }

  #ownListOf({ owner }: MemorySession): RecencyList<MemorySession> {
    let list = this.#byOwner.get(owner)
    if (list === undefined) {
      list = new RecencyList(amongOwn)
      this.#byOwner.set(owner, list)
    }
    return list
  }
}
