import type {
  AcceptOutcome,
  AcceptRequest,
  Beginning,
  CreateOutcome,
  EventRange,
  KeyedTurn,
  Lease,
  MessagePage,
  MessageRecord,
  NewMessage,
  NewSession,
  OwnedTurnRef,
  PageRequest,
  SessionBound,
  SessionChange,
  SessionPage,
  SessionPageRequest,
  SessionRecord,
  SessionRef,
  StartOutcome,
  StartRequest,
  TurnKey,
  TurnPage,
  TurnRecord,
  TurnWrite,
  TurnWriteOutcome,
  UpdateOutcome,
} from '../session-store.js'
import { isFinal, type TurnEvent, type TurnEventBody, type TurnRef } from '../turn-event.js'
import { partialMessage, TurnTranscript } from '../turn-transcript.js'
import {
  isBehind,
  isLive,
  isThere,
  pageOf,
  recordOf,
  type SessionModel,
  type TurnModel,
  turnRecordOf,
} from './model-records.fixture.js'

interface KeyModel {
  readonly owner: string
  readonly key: TurnKey
  readonly turn: TurnModel
}

/**
 * What a store should answer: the promises of the port once more, with nothing but lists that are searched from one end
 * to the other. It forgets nothing: what was deleted or has expired can still be looked up here.
 */
export class SessionsModel {
  readonly sessions: SessionModel[] = []
  readonly turns: TurnModel[] = []
  readonly #keys: KeyModel[] = []

  /** The session, if it is there for this owner at this moment. */
  find({ owner, sessionId }: SessionRef, now: number): SessionModel | undefined {
    return this.sessions.find(
      (each) => each.made.sessionId === sessionId && each.made.owner === owner && isThere(each, now),
    )
  }

  /** The turn, if it is there for this owner at this moment. */
  findTurn(ref: OwnedTurnRef, now: number): TurnModel | undefined {
    return this.find(ref, now)?.turns.find((turn) => turn.ref.turnId === ref.turnId)
  }

  /** A turn of whatever session, also of one that is gone. */
  everyTurn({ turnId }: Pick<TurnRef, 'turnId'>): TurnModel | undefined {
    return this.turns.find((turn) => turn.ref.turnId === turnId)
  }

  createSession(made: NewSession, { maxSessions, now }: SessionBound): CreateOutcome {
    if (this.countSessions(now) >= maxSessions) return { outcome: 'full' }
    return { outcome: 'created', session: recordOf(this.#make(made)), evicted: 0 }
  }

  getSession(ref: SessionRef, now: number): SessionRecord | undefined {
    const session = this.find(ref, now)
    return session && recordOf(session)
  }

  listSessions({ owner, limit, after }: SessionPageRequest, now: number): SessionPage {
    const all = this.sessions
      .filter((each) => each.made.owner === owner && isThere(each, now))
      .map(recordOf)
      .sort((one, other) => (isBehind(one, other) ? 1 : -1))
      .filter((each) => after === undefined || isBehind(each, after))
    return { sessions: all.slice(0, limit), more: all.length > limit }
  }

  updateSession(ref: SessionRef, { metadata, ttlMs, maxPairs }: SessionChange, now: number): UpdateOutcome {
    const session = this.find(ref, now)
    if (session === undefined) return { outcome: 'session_not_found' }
    const merged = Object.entries({ ...session.metadata, ...metadata })
    const kept = merged.filter((pair): pair is [string, string] => pair[1] !== null)
    if (kept.length > maxPairs) return { outcome: 'too_many_pairs', pairs: kept.length }
    session.metadata = Object.fromEntries(kept)
    session.ttlMs = ttlMs ?? session.ttlMs
    return { outcome: 'updated', session: recordOf(session) }
  }

  deleteSession(ref: SessionRef, now: number): boolean {
    const session = this.find(ref, now)
    if (session !== undefined) session.isDeleted = true
    return session !== undefined
  }

  countSessions(now: number): number {
    return this.sessions.filter((each) => isThere(each, now)).length
  }

  listMessages(ref: SessionRef, page: PageRequest, now: number): MessagePage | undefined {
    const session = this.find(ref, now)
    if (session === undefined) return undefined
    const { items, more } = pageOf(session.messages, page)
    return { messages: items, more }
  }

  acceptTurn(request: AcceptRequest): AcceptOutcome {
    const { ref, create, key, onBusy, now } = request
    const known = key === null ? undefined : this.getKeyedTurn(ref.owner, key, now)
    if (known !== undefined) return { outcome: known.isSame ? 'repeated' : 'key_reused', ref: known.ref }
    if (create !== null && this.countSessions(now) >= create.bound.maxSessions) return { outcome: 'full' }
    const session = create === null ? this.find(ref, now) : this.#make(create.session)
    if (session === undefined || (session.made.endsAt ?? Number.POSITIVE_INFINITY) <= now)
      return { outcome: 'session_not_found' }
    const { running, line } = session
    if (running === null && line.length === 0) {
      return { outcome: 'accepted', ...begin(this.#add(session, request), request), evicted: 0 }
    }
    if (onBusy.kind === 'reject') {
      return { outcome: 'turn_in_progress', turnId: (running ?? line[0])?.ref.turnId ?? '' }
    }
    if (onBusy.kind === 'queue' && line.length >= onBusy.limit) return { outcome: 'queue_full' }
    const turn = this.#add(session, request)
    session.line = turn.isInterrupting ? [turn, ...line] : [...line, turn]
    const queued = say(turn, { type: 'turn.queued', position: session.line.indexOf(turn) + 1 })
    const interrupted = [running, ...line.filter((other) => other.isInterrupting)]
    const supersedes = interrupted.flatMap((other) =>
      turn.isInterrupting && other !== null ? [other.ref.turnId] : [],
    )
    return { outcome: 'queued', session: recordOf(session), queued, supersedes }
  }

  writeTurns(writes: readonly TurnWrite[]): readonly TurnWriteOutcome[] {
    return writes.map(({ ref, events, end }) => {
      const turn = this.everyTurn(ref)
      if (turn === undefined || turn.session.isDeleted || turn.end !== null) return 'refused'
      turn.events.push(...events)
      const final = events.at(-1)
      if (end === undefined || final === undefined || !isFinal(final)) return 'written'
      const { status, endedAt, functionsCalled, message, state } = end
      finish(turn, { status, endedAt, final, functionsCalled }, message)
      if (state !== undefined) turn.session.state = state
      return 'written'
    })
  }

  startTurn(ref: TurnRef, start: StartRequest): StartOutcome {
    const turn = this.everyTurn(ref)
    if (turn === undefined || turn.session.isDeleted) return { outcome: 'gone' }
    const { session } = turn
    const position = session.line.indexOf(turn) + 1
    if (position === 0) return { outcome: 'gone' }
    if (session.running !== null || position > 1) return { outcome: 'waiting', position }
    session.line = session.line.slice(1)
    turn.lease = start.lease
    return { outcome: 'started', ...begin(turn, start) }
  }

  getTurn(ref: OwnedTurnRef, now: number): TurnRecord | undefined {
    const turn = this.findTurn(ref, now)
    return turn && turnRecordOf(turn)
  }

  getKeyedTurn(owner: string, { key, fingerprint }: TurnKey, now: number): KeyedTurn | undefined {
    const known = this.#keys.find(
      (each) =>
        each.owner === owner &&
        each.key.key === key &&
        each.key.until > now &&
        isThere(each.turn.session, now),
    )
    return known && { ref: known.turn.ref, isSame: known.key.fingerprint === fingerprint }
  }

  listTurns(ref: SessionRef, page: PageRequest, now: number): TurnPage | undefined {
    const session = this.find(ref, now)
    if (session === undefined) return undefined
    const { items, more } = pageOf(session.turns.map(turnRecordOf), page)
    return { turns: items, more }
  }

  readEvents(
    ref: OwnedTurnRef,
    { after, limit, maxLength = Number.POSITIVE_INFINITY }: EventRange,
    now: number,
  ): readonly TurnEvent[] | undefined {
    const found = this.findTurn(ref, now)?.events.slice(after, after + limit)
    const length = (count: number) =>
      found?.slice(0, count).reduce((sum, event) => sum + JSON.stringify(event).length, 0) ?? 0
    return found?.filter((_, index) => index === 0 || length(index + 1) <= maxLength)
  }

  renewLeases(lease: Lease): void {
    for (const turn of this.turns) if (turn.lease.instance === lease.instance) turn.lease = lease
  }

  /** @param messageIds the ids that the store gave to the messages of what was said so far */
  interruptAbandoned(
    now: number,
    reason: string,
    leasesUntil: number,
    messageIds: ReadonlyMap<string, string>,
  ): readonly TurnRef[] {
    const abandoned = this.turns.filter((turn) => isLive(turn) && turn.lease.until <= leasesUntil)
    for (const turn of abandoned) {
      const said = new TurnTranscript()
      for (const event of turn.events) said.add(event)
      const { content, functionsCalled } = said
      const final = say(turn, { type: 'turn.interrupted', reason, content })
      const messageId = messageIds.get(turn.ref.turnId) ?? 'none'
      const message = partialMessage(said, { ref: turn.ref, messageId, at: now })
      finish(turn, { status: 'interrupted', endedAt: now, final, functionsCalled }, message)
    }
    return abandoned.map(({ ref }) => ref)
  }

  #make(made: NewSession): SessionModel {
    const { metadata, ttlMs, createdAt: lastActiveAt } = made
    const empty = { messages: [], history: [], turns: [], running: null, line: [], state: null }
    const session: SessionModel = { made, metadata, ttlMs, lastActiveAt, isDeleted: false, ...empty }
    this.sessions.push(session)
    return session
  }

  #add(session: SessionModel, request: AcceptRequest): TurnModel {
    const { sessionId, turnId } = request.ref
    const turn: TurnModel = {
      ref: { sessionId, turnId },
      session,
      message: addMessage(session, request.message),
      isInterrupting: request.onBusy.kind === 'interrupt',
      metadata: request.metadata,
      position: session.turns.length + 1,
      createdAt: request.now,
      events: [],
      startedAt: null,
      end: null,
      lease: request.lease,
    }
    session.turns.push(turn)
    this.turns.push(turn)
    if (request.key !== null) this.#keys.unshift({ owner: request.ref.owner, key: request.key, turn })
    session.lastActiveAt = Math.max(session.lastActiveAt, request.now)
    return turn
  }
}

function begin(turn: TurnModel, { historyLimit, now }: { historyLimit: number; now: number }): Beginning {
  const { session, ref } = turn
  const { history, state } = session
  turn.startedAt = now
  session.running = turn
  const started = say(turn, { type: 'turn.started', ...ref })
  return {
    session: recordOf(session),
    started,
    history: history.slice(Math.max(0, history.length - historyLimit)),
    state,
  }
}

function finish(turn: TurnModel, end: NonNullable<TurnModel['end']>, message: NewMessage | null): void {
  const { session } = turn
  turn.end = end
  session.running = session.running === turn ? null : session.running
  session.line = session.line.filter((other) => other !== turn)
  session.history.push(turn.message)
  if (message !== null) session.history.push(addMessage(session, message))
  session.lastActiveAt = Math.max(session.lastActiveAt, end.endedAt ?? 0)
}

function addMessage({ messages }: SessionModel, message: NewMessage): MessageRecord {
  const record = { ...message, position: messages.length + 1 }
  messages.push(record)
  return record
}

function say<Body extends TurnEventBody>({ events }: TurnModel, body: Body): Body & { readonly seq: number } {
  const event = { ...body, seq: events.length + 1 }
  events.push(event)
  return event
}
