import { expiryAfter } from '../expiry-after.js'
import { interruptedEnd } from '../interrupted-end.js'
import { mergeMetadata } from '../merge-metadata.js'
import {
  type ExportOptions,
  endLiveTurns,
  type ImportOptions,
  type ImportOutcome,
  type SessionExport,
} from '../session-export.js'
import type {
  AcceptOutcome,
  AcceptRequest,
  Beginning,
  CreateOutcome,
  EventRange,
  KeyedTurn,
  Lease,
  MessagePage,
  NewSession,
  OwnedTurnRef,
  PageRequest,
  SessionBound,
  SessionChange,
  SessionPage,
  SessionPageRequest,
  SessionRecord,
  SessionRef,
  SessionStore,
  StartOutcome,
  StartRequest,
  TurnEnd,
  TurnKey,
  TurnPage,
  TurnRecord,
  TurnWrite,
  TurnWriteOutcome,
  UpdateOutcome,
} from '../session-store.js'
import { type FinalTurnEvent, isFinal, type TurnEvent, type TurnRef } from '../turn-event.js'
import { transcriptOf } from '../turn-transcript.js'
import { exportSession } from './export-session.js'
import { importSession } from './import-session.js'
import { inSteps } from './in-steps.js'
import { MemorySession } from './memory-session.js'
import { MemoryTurn } from './memory-turn.js'
import { pageOf } from './page-of.js'
import { SessionIndex } from './session-index.js'
import { TurnKeys } from './turn-keys.js'

/**
 * Keeps sessions in this process's memory: nothing survives it, and nothing is shared with another.
 * Every operation is O(1), or O(log n) where an expiry moves, in the number of sessions; a page of a list costs what is
 * on it, unless the session that it goes on behind has moved or is gone. What has expired and is not collected yet costs a
 * step of every count and page. Imported sessions are put in order when it is next looked at, all together.
 */
export function createMemoryStore(): SessionStore &
  Required<Pick<SessionStore, 'exportSessions' | 'importSession'>> {
  return new MemoryStore()
}

class MemoryStore implements SessionStore {
  readonly kind = 'memory'
  readonly #index = new SessionIndex((session) => this.#forget(session))
  readonly #keys = new TurnKeys()
  /** The turns that run or wait. */
  readonly #liveTurns: MemoryTurn[] = []

  async createSession(session: NewSession, bound: SessionBound): Promise<CreateOutcome> {
    const evicted = this.#index.makeRoom(bound)
    if (evicted === null) return { outcome: 'full' }
    return { outcome: 'created', session: this.#index.add(new MemorySession(session)).record(), evicted }
  }

  async getSession(session: SessionRef, now: number): Promise<SessionRecord | undefined> {
    return this.#index.find(session, now)?.record()
  }

  async listSessions(page: SessionPageRequest, now: number): Promise<SessionPage> {
    return this.#index.page(page, now)
  }

  async updateSession(ref: SessionRef, change: SessionChange, now: number): Promise<UpdateOutcome> {
    const session = this.#index.find(ref, now)
    if (session === undefined) return { outcome: 'session_not_found' }
    const metadata = mergeMetadata(session.metadata, change.metadata)
    const pairs = Object.keys(metadata).length
    if (pairs > change.maxPairs) return { outcome: 'too_many_pairs', pairs }
    session.metadata = metadata
    if (change.ttlMs !== undefined) {
      session.ttlMs = change.ttlMs
      if (!session.isLive) this.#index.expireAt(session, session.idleExpiry)
    }
    return { outcome: 'updated', session: session.record() }
  }

  async deleteSession(ref: SessionRef, now: number): Promise<boolean> {
    const session = this.#index.find(ref, now)
    if (session === undefined) return false
    this.#index.remove(session)
    return true
  }

  async countSessions(now: number): Promise<number> {
    return this.#index.count(now)
  }

  async listMessages(session: SessionRef, page: PageRequest, now: number): Promise<MessagePage | undefined> {
    const messages = this.#index.find(session, now)?.messages
    if (messages === undefined) return undefined
    const { items, more } = pageOf(messages, page)
    return { messages: items, more }
  }

  async acceptTurn(request: AcceptRequest): Promise<AcceptOutcome> {
    const { ref, create, key, now } = request
    const known = key === null ? undefined : this.#keys.find(ref.owner, key, now)
    if (known !== undefined) {
      return { outcome: known.isSame ? 'repeated' : 'key_reused', ref: known.ref }
    }
    let session = this.#index.find(ref, now)
    let evicted = 0
    if (create !== null) {
      const gone = this.#index.makeRoom(create.bound)
      if (gone === null) return { outcome: 'full' }
      evicted = gone
      session = this.#index.add(new MemorySession(create.session))
    }
    if (session === undefined || session.hasEnded(now)) return { outcome: 'session_not_found' }
    if (!session.isLive) {
      const turn = this.#addTurn(session, request)
      return { outcome: 'accepted', ...this.#begin(turn, request), evicted }
    }
    return this.#acceptBusy(session, request)
  }

  async writeTurns(writes: readonly TurnWrite[]): Promise<readonly TurnWriteOutcome[]> {
    return writes.map(({ ref, events, end }) => {
      const turn = this.#findTurn(ref)
      if (turn === undefined || turn.final !== null) return 'refused'
      for (const event of events) turn.events.add(event)
      const final = events.at(-1)
      if (end !== undefined && final !== undefined && isFinal(final)) {
        this.#end(turn, final, end)
        if (end.state !== undefined) turn.session.state = end.state
      }
      return 'written'
    })
  }

  async startTurn(ref: TurnRef, start: StartRequest): Promise<StartOutcome> {
    const turn = this.#findTurn(ref)
    if (turn === undefined || turn.final !== null || turn.startedAt !== null) return { outcome: 'gone' }
    const { session } = turn
    const position = session.waiting.indexOf(turn) + 1
    if (session.activeTurn !== null || position > 1) return { outcome: 'waiting', position }
    session.takeOutOfLine(turn)
    turn.lease = start.lease
    return { outcome: 'started', ...this.#begin(turn, start) }
  }

  async getTurn(ref: OwnedTurnRef, now: number): Promise<TurnRecord | undefined> {
    return this.#index.find(ref, now) && this.#findTurn(ref)?.record()
  }

  async getKeyedTurn(owner: string, key: TurnKey, now: number): Promise<KeyedTurn | undefined> {
    return this.#keys.find(owner, key, now)
  }

  async listTurns(session: SessionRef, page: PageRequest, now: number): Promise<TurnPage | undefined> {
    const turns = this.#index.find(session, now)?.turns
    if (turns === undefined) return undefined
    const { items, more } = pageOf(turns, page)
    return { turns: items.map((turn) => turn.record()), more }
  }

  async readEvents(
    ref: OwnedTurnRef,
    range: EventRange,
    now: number,
  ): Promise<readonly TurnEvent[] | undefined> {
    const turn = this.#index.find(ref, now) && this.#findTurn(ref)
    return turn?.events.in(range, turn.ref)
  }

  async renewLeases(lease: Lease): Promise<void> {
    for (const turn of this.#liveTurns) if (turn.lease?.instance === lease.instance) turn.lease = lease
  }

  async interruptAbandoned(now: number, reason: string, leasesUntil = now): Promise<readonly TurnRef[]> {
    // In the order in which they were accepted: that is the order in which their messages become history.
    const abandoned = this.#liveTurns
      .filter(({ lease }) => lease !== null && lease.until <= leasesUntil)
      .toSorted((one, other) => one.position - other.position)
    for (const turn of abandoned) {
      const { event, end } = interruptedEnd(turn.ref, transcriptOf(turn.events.all(turn.ref)), {
        now,
        reason,
      })
      this.#end(turn, turn.addEvent(event), end)
    }
    return abandoned.map((turn) => turn.ref)
  }

  async *exportSessions({ owner, sessionId }: ExportOptions, now: number): AsyncGenerator<SessionExport> {
    for (const id of sessionId === undefined ? this.#index.ids() : [sessionId]) {
      const of = this.#index.at(id)?.owner
      if (of === undefined || (owner !== undefined && of !== owner)) continue
      const session = this.#index.find({ owner: of, sessionId: id }, now)
      if (session !== undefined) yield exportSession(session, (turn) => this.#keys.of(turn, now))
    }
  }

  async importSession(session: SessionExport, { replace, now }: ImportOptions): Promise<ImportOutcome> {
    const ended = endLiveTurns(session, now, 'restart')
    if (expiryAfter(ended.lastActiveAt, ended.ttlMs, ended.endsAt) <= now) return 'expired'
    const known = this.#index.at(session.sessionId)
    const isThere = known !== undefined && !known.hasExpired(now)
    if (isThere && !(replace && known.owner === session.owner)) return 'exists'
    const imported = importSession(ended)
    if (known !== undefined) this.#index.remove(known)
    this.#index.add(imported)
    for (const [index, turn] of imported.turns.entries()) {
      const key = ended.turns[index]?.key ?? null
      if (key === null || key.until <= now || this.#keys.find(session.owner, key, now) !== undefined) continue
      this.#keys.keep(session.owner, key, turn)
    }
    return 'imported'
  }

  async collectExpired(now: number, limit: number): Promise<number> {
    await inSteps(this.#keys.collector(now), Number.POSITIVE_INFINITY)
    return inSteps((step) => this.#index.collect(now, step), limit)
  }

  #findTurn({ sessionId, turnId }: TurnRef): MemoryTurn | undefined {
    return this.#index.at(sessionId)?.findTurn(turnId)
  }

  #acceptBusy(session: MemorySession, request: AcceptRequest): AcceptOutcome {
    const { activeTurn, waiting } = session
    const { onBusy } = request
    if (onBusy.kind === 'reject') {
      const turnId = (activeTurn ?? waiting[0])?.turnId ?? ''
      return { outcome: 'turn_in_progress', turnId }
    }
    if (onBusy.kind === 'queue' && waiting.length >= onBusy.limit) return { outcome: 'queue_full' }
    const interrupted =
      onBusy.kind === 'queue' ? [] : [activeTurn, ...waiting.filter((turn) => turn.isInterrupting)]
    const turn = this.#addTurn(session, request)
    const queued = turn.addEvent({ type: 'turn.queued', position: session.putInLine(turn) })
    const supersedes = interrupted.flatMap((other) => (other === null ? [] : [other.turnId]))
    return { outcome: 'queued', session: session.record(), queued, supersedes }
  }

  /** Takes the message, the turn and its key; whether it runs or waits is not yet said. */
  #addTurn(session: MemorySession, request: AcceptRequest): MemoryTurn {
    const turn = new MemoryTurn(session, session.addMessage(request.message), request)
    session.addTurn(turn)
    turn.liveIndex = this.#liveTurns.push(turn) - 1
    if (request.key !== null) this.#keys.keep(request.ref.owner, request.key, turn)
    session.wasActiveAt(request.now)
    this.#index.toLive(session)
    return turn
  }

  /** Lets a turn run; returns what its answer needs. */
  #begin(turn: MemoryTurn, { historyLimit, now }: Pick<StartRequest, 'historyLimit' | 'now'>): Beginning {
    const { session } = turn
    const history = historyLimit === 0 ? [] : session.history.slice(-historyLimit)
    const started = turn.addStarted()
    turn.startedAt = now
    session.activeTurn = turn
    return { session: session.record(), started, history, state: session.state }
  }

  /** Ends a turn; its final event has been added. */
  #end(turn: MemoryTurn, final: FinalTurnEvent, end: TurnEnd): void {
    const { session } = turn
    const { endedAt, message } = end
    turn.end(final, end)
    this.#isLiveNoMore(turn)
    if (turn.startedAt === null) session.takeOutOfLine(turn)
    else session.activeTurn = null
    session.addToHistory(turn.message)
    if (message !== null) session.addToHistory(session.addMessage(message))
    session.wasActiveAt(endedAt)
    if (session.isLive) this.#index.touch(session)
    else this.#index.toIdle(session, session.idleExpiry)
  }

  /** Takes a turn out of the live ones: the last of them gets its place. A `Set` would cost more (see `TransientMap`). */
  #isLiveNoMore(turn: MemoryTurn): void {
    const { liveIndex } = turn
    if (liveIndex < 0) return
    turn.liveIndex = -1
    const last = this.#liveTurns.pop()
    if (last === undefined || last === turn) return
    this.#liveTurns[liveIndex] = last
    last.liveIndex = liveIndex
  }

  /** Forgets what belongs to a session that is removed. */
  #forget(session: MemorySession): void {
    for (const turn of session.turns) {
      this.#isLiveNoMore(turn)
      this.#keys.remove(turn)
    }
  }
}
