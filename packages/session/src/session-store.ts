/**
 * The port behind which sessions are kept. `@colloquy/session/testing` has the suite that every store must pass.
 *
 * A store promises:
 * 1. Accept is atomic: the session (when it is a new one), the user's message, the turn, its first event and its key
 *    become visible together or not at all. A session runs one turn at a time; the store decides which, and in which
 *    order the others wait. Of all requests of one owner with one key, one makes a turn, also when they come at once.
 * 2. Written before seen: when `writeTurns` has resolved, what it was given is kept, and `readEvents` returns it. How
 *    lasting that is depends on the store: the memory store keeps it as long as the process lives.
 * 3. One end: a turn ends once, also when several want to end it at the same time. The assistant's message, the state,
 *    the final event, the turn's new status and the session's new expiry become visible together, whoever ends it:
 *    who has seen one of them sees the others from then on. A write to a turn that has ended, or is gone, is refused
 *    and changes nothing.
 * 4. Leases: a live turn, running or waiting, belongs to an instance until its lease runs out. `interruptAbandoned` ends every live turn
 *    whose lease has run out exactly once, as `interrupted`, and keeps the text and the function calls so far.
 * 5. Order: messages and turns of a session and events of a turn come back in the order in which they were accepted,
 *    without gaps. A turn's history has the messages of the turns that ended before it began, in the order in which
 *    those ended: what waits is not part of it.
 * 6. Expiry: a session is gone for every call whose `now` is its `expiresAt` or later, collected or not. Collecting
 *    costs in proportion to what expires, not to what exists. Whoever only looks collects nothing: how many sessions have
 *    expired is told once, by whoever collects them. Deleting a session deletes everything of it.
 *    A session with a live turn neither expires nor is evicted, however late it is.
 * 7. Bounds: making a session within a `SessionBound` leaves no more sessions than it allows, also when several are
 *    made at the same time. Where there would be too many all the same, none is made, and none gives way.
 * 8. Owners: a session belongs to the owner that it was made for. For every other owner there is no such session and no
 *    such turn, whatever is asked: a wrong owner can't be told from an unknown id, and changes nothing.
 *
 * A store never looks at a clock of its own: every `now` comes from the caller, in milliseconds since 1970. What it
 * is given it keeps as it is: a value that is absent is something else than one that is null, empty, 0 or false. Nobody
 * changes what a store was given, nor what is in it. What it returns is how things were at that moment: what happens later
 * does not change it, and whoever changes it changes it for nobody else, because it is frozen, or made for this call alone;
 * only of what it was given it may hand out the thing itself. When it can't work, a call rejects.
 */
import type { FunctionCall, HealthReport } from './chat-interface.js'
import type { JsonValue } from './json.js'
import type { ExportOptions, ImportOptions, ImportOutcome, SessionExport } from './session-export.js'
import type { FinalTurnEvent, TurnEndStatus, TurnEvent, TurnRef, TurnStatus } from './turn-event.js'

/** A store of sessions. See the promises above. */
export interface SessionStore {
  /** What kind of store it is, in a word: `memory`. */
  readonly kind: string
  /**
   * Whether one process at a time has it: whatever is live when it is opened was left by a process that is gone, and is
   * ended at once. Default: false, leases have to run out first.
   */
  readonly isExclusive?: boolean
  /** Makes it ready, before anything else; may be called again after a rejection, and never otherwise. */
  open?(): Promise<void>
  /** Makes a session, within the bound. Its id is new, or that of a deleted session: the caller vouches for it. */
  createSession(session: NewSession, bound: SessionBound): Promise<CreateOutcome>
  getSession(session: SessionRef, now: number): Promise<SessionRecord | undefined>
  /** A page of an owner's sessions: the most recently active first, those of one moment by their ids in ascending order. */
  listSessions(page: SessionPageRequest, now: number): Promise<SessionPage>
  /** Changes a session, all at once or not at all. Its life is counted anew from its last activity, also when it shortens. */
  updateSession(session: SessionRef, change: SessionChange, now: number): Promise<UpdateOutcome>
  /** Deletes a session with everything of it; false when there was none. */
  deleteSession(session: SessionRef, now: number): Promise<boolean>
  /** How many sessions exist, of all owners. */
  countSessions(now: number): Promise<number>
  /** A page of a session's messages; undefined when there is no such session. */
  listMessages(session: SessionRef, page: PageRequest, now: number): Promise<MessagePage | undefined>
  /**
   * Takes a user's message and makes a turn of it: one that runs at once, or one that waits. The key is looked at before
   * everything else: for a request that is repeated nothing is made, and nothing gives way.
   */
  acceptTurn(request: AcceptRequest): Promise<AcceptOutcome>
  /**
   * Writes what happened in turns, each turn once. Every write stands for itself: a refused one keeps none of the
   * others back. The outcomes come in the order of the writes.
   */
  writeTurns(writes: readonly TurnWrite[]): Promise<readonly TurnWriteOutcome[]>
  /**
   * Lets a turn that waits run, when it is the first in line and none runs: its `turn.started` event follows those it
   * has. Otherwise it tells the turn's place.
   */
  startTurn(ref: TurnRef, start: StartRequest): Promise<StartOutcome>
  getTurn(ref: OwnedTurnRef, now: number): Promise<TurnRecord | undefined>
  /** The turn that a key of an owner stands for, as `acceptTurn` finds it; undefined when it stands for none. */
  getKeyedTurn(owner: string, key: TurnKey, now: number): Promise<KeyedTurn | undefined>
  /** A page of a session's turns, of whatever status; undefined when there is no such session. */
  listTurns(session: SessionRef, page: PageRequest, now: number): Promise<TurnPage | undefined>
  /**
   * The events after one, from the next on: as many as there are and as the range has room for, but one at least where
   * there is one, however long it is; undefined when there is no such turn.
   */
  readEvents(ref: OwnedTurnRef, range: EventRange, now: number): Promise<readonly TurnEvent[] | undefined>
  /** Renews the leases of all live turns of an instance: now they run out at the lease's `until`. */
  renewLeases(lease: Lease): Promise<void>
  /**
   * Ends, at `now`, the live turns whose lease's `until` is `leasesUntil` (default: `now`) or earlier; returns which, in any order. Those of
   * a session end in the order in which they were accepted, and so do their messages stand in its history. Those that
   * waited behind one of them and have a lease go on waiting. Each gets a
   * `turn.interrupted` event with the reason and the text so far, and its session, when there is text, a `partial`
   * message of it with the function calls so far, under an id that no other message has: as `interruptedEnd` makes them.
   * The session's state stays as it was.
   */
  interruptAbandoned(now: number, reason: string, leasesUntil?: number): Promise<readonly TurnRef[]>
  /** Removes up to `limit` expired sessions; returns how many there were. Fewer than `limit` means that none is left. */
  collectExpired(now: number, limit: number): Promise<number>
  /**
   * Goes through the sessions that have not expired, with everything of each but leases and keys that have run out, in
   * ascending order of their ids: for backups, and to move to another store. A session is told as it is at one moment, with
   * its live turns as they stand; one that is made or removed meanwhile may be told or not. No more than one is held at a
   * time. A store that has this call has the next one, too.
   */
  exportSessions?(options: ExportOptions, now: number): AsyncIterable<SessionExport>
  /**
   * Takes in a session of another store, with everything of it, all at once or not at all, and whatever bound there is:
   * from then on it is as if all of it had happened here, and has the rest of its life before it. Turns that were live are
   * ended as `endLiveTurns` does it, with the reason `restart`. A key that stands for a turn of the store already goes on
   * standing for that one, and one that has run out is left out. The caller vouches for the ids of turns and messages, and
   * that the export is one: nothing in it contradicts itself.
   */
  importSession?(session: SessionExport, options: ImportOptions): Promise<ImportOutcome>
  /** Tells how it is doing. */
  health?(): Promise<HealthReport>
  /** Keeps what is to be kept and frees the rest. No call comes after it. */
  close?(): Promise<void>
}

/** Names a session, and the owner on whose behalf it is asked for. */
export interface SessionRef {
  /** Who owns it: any text, also an empty one. */
  readonly owner: string
  readonly sessionId: string
}

/** Names a turn, and the owner on whose behalf it is asked for. */
export interface OwnedTurnRef extends SessionRef, TurnRef {}

/** How many sessions may exist, and what gives way when there are that many: an expired session always does. */
export interface SessionBound {
  readonly maxSessions: number
  /** `evict`: the least recently active session without a live turn gives way. `reject`: none does. */
  readonly whenFull: 'evict' | 'reject'
  readonly now: number
}

/** A session to be made. */
export interface NewSession extends SessionRef {
  readonly createdAt: number
  /** How long it lives after its last activity, in milliseconds. */
  readonly ttlMs: number
  /** When it ends however active it is; null: never. With a live turn, it ends with that turn. */
  readonly endsAt: number | null
  readonly metadata: Readonly<Record<string, string>>
  /** Which of several chat interfaces answers in it; null where there was no choice. */
  readonly chat: string | null
}

/** A session as it is. Times are milliseconds since 1970. */
export interface SessionRecord extends NewSession {
  /** When it was made, or its last turn accepted or ended, whichever came last. */
  readonly lastActiveAt: number
  /** When it ends; null while a turn runs or waits. */
  readonly expiresAt: number | null
  readonly messageCount: number
  /** The turn that runs. */
  readonly activeTurnId: string | null
}

/** Which sessions to return. */
export interface SessionPageRequest {
  readonly owner: string
  readonly limit: number
  /** The last session before the page, as it was then: it may have been active since, or be gone. */
  readonly after?: { readonly lastActiveAt: number; readonly sessionId: string }
}

/** Some sessions, and whether more follow. */
export interface SessionPage {
  readonly sessions: readonly SessionRecord[]
  readonly more: boolean
}

/** What to change in a session. */
export interface SessionChange {
  /** Merged key by key; null removes a key. */
  readonly metadata?: Readonly<Record<string, string | null>>
  readonly ttlMs?: number
  /** How many pairs the metadata may have afterwards. */
  readonly maxPairs: number
}

/** Whether a session was changed. `too_many_pairs` when its metadata would have more than it may; it stays as it was. */
export type UpdateOutcome =
  | { readonly outcome: 'updated'; readonly session: SessionRecord }
  | { readonly outcome: 'session_not_found' }
  | { readonly outcome: 'too_many_pairs'; readonly pairs: number }

/**
 * Whether a session was made, and how many others were evicted for it; expired ones don't count. `full` when there is no
 * room to make for it: then nothing has changed.
 */
export type CreateOutcome =
  | { readonly outcome: 'created'; readonly session: SessionRecord; readonly evicted: number }
  | { readonly outcome: 'full' }

/** A message to be kept. */
export interface NewMessage {
  readonly messageId: string
  readonly turnId: string
  readonly role: 'user' | 'assistant'
  readonly content: string
  readonly functionsCalled?: readonly FunctionCall[]
  /** `partial` when the turn ended before the message was whole. */
  readonly status: 'complete' | 'partial'
  readonly createdAt: number
}

/** A message as it is kept: never changed. */
export interface MessageRecord extends NewMessage {
  /** Its number in the session, from 1, without a gap. */
  readonly position: number
}

/** Which messages, or turns, of a session to return. */
export interface PageRequest {
  readonly order: 'asc' | 'desc'
  readonly limit: number
  /** The position before the page: greater ones follow in ascending, smaller ones in descending order. */
  readonly after?: number
}

/** Which events of a turn to return. */
export interface EventRange {
  /** The `seq` of the event before them; 0: from the first on. */
  readonly after: number
  /** How many at most. */
  readonly limit: number
  /**
   * How long they may be together: the sum of what each is as JSON (`JSON.stringify`), in UTF-16 code units. Default: as
   * long as they are.
   */
  readonly maxLength?: number
}

/** Some turns, and whether more follow. */
export interface TurnPage {
  readonly turns: readonly TurnRecord[]
  readonly more: boolean
}

/** Some messages, and whether more follow. */
export interface MessagePage {
  readonly messages: readonly MessageRecord[]
  readonly more: boolean
}

/** Which instance runs a turn, and until when it is believed to. */
export interface Lease {
  readonly instance: string
  readonly until: number
}

/** A user's message that wants an answer. */
export interface AcceptRequest {
  readonly ref: OwnedTurnRef
  /** The session to make first, of the same owner, within the bound; null when it has to exist already. */
  readonly create: { readonly session: NewSession; readonly bound: SessionBound } | null
  readonly message: NewMessage
  /** Kept on the turn. */
  readonly metadata: Readonly<Record<string, string>>
  readonly onBusy: BusyRule
  /** What the request is known by; null when it may be repeated at will. */
  readonly key: TurnKey | null
  readonly lease: Lease
  /** How many of the latest earlier messages to return. */
  readonly historyLimit: number
  readonly now: number
}

/**
 * What happens to a message when its session runs a turn, or has turns that wait:
 * - `reject`: it is refused with `turn_in_progress`
 * - `queue`: its turn waits behind all others, unless as many wait as may
 * - `interrupt`: its turn waits before all others; the caller is told which turns it supersedes, and stops them
 */
export type BusyRule =
  | { readonly kind: 'reject' }
  | { readonly kind: 'queue'; readonly limit: number }
  | { readonly kind: 'interrupt' }

/** What a request is known by, among those of its owner. */
export interface TurnKey {
  readonly key: string
  /** Stands for all that the request says: another one under the same key is not the same request. */
  readonly fingerprint: string
  /** Until when the key stands for the turn, unless the session is gone before. */
  readonly until: number
}

/** A turn that a key stands for. */
export interface KeyedTurn {
  readonly ref: TurnRef
  /** Whether it was the same request that made it: whether the fingerprints are the same. */
  readonly isSame: boolean
}

/** What an answer needs. */
export interface Beginning {
  readonly session: SessionRecord
  /** The turn's event `turn.started`. */
  readonly started: TurnEvent
  /** May be read only when it is first asked for, and is then as it was when the turn began, as long as its session exists. */
  readonly history: readonly MessageRecord[]
  readonly state: JsonValue
}

/** Whether a message was accepted, and what became of it. */
export type AcceptOutcome =
  | (Beginning & { readonly outcome: 'accepted'; readonly evicted: number })
  | {
      readonly outcome: 'queued'
      readonly session: SessionRecord
      /** The turn's first event, `turn.queued`, with its place. */
      readonly queued: TurnEvent
      /** The turns that are to stop for it: the one that runs, and those that wait because they were to interrupt it. */
      readonly supersedes: readonly string[]
    }
  /** The key stands for a turn already, of the same request or of another one. */
  | { readonly outcome: 'repeated' | 'key_reused'; readonly ref: TurnRef }
  | { readonly outcome: 'session_not_found' }
  | { readonly outcome: 'turn_in_progress'; readonly turnId: string }
  | { readonly outcome: 'queue_full' }
  | { readonly outcome: 'full' }

/** A turn that is to begin. */
export interface StartRequest {
  readonly lease: Lease
  readonly historyLimit: number
  readonly now: number
}

/** Whether a turn that waited has begun: `gone` when it waits no more, or there is no such turn. */
export type StartOutcome =
  | (Beginning & { readonly outcome: 'started' })
  /** Its place in line, from 1. */
  | { readonly outcome: 'waiting'; readonly position: number }
  | { readonly outcome: 'gone' }

/** What happened in a turn. */
export interface TurnWrite {
  readonly ref: TurnRef
  /** The next events, in order, without a gap to those already written. */
  readonly events: readonly TurnEvent[]
  /** The turn's end, when the last of the events is its final one. */
  readonly end?: TurnEnd
}

/** What is kept together with a turn's final event. */
export interface TurnEnd {
  readonly status: TurnEndStatus
  readonly endedAt: number
  /** The assistant's message; null when there is none. */
  readonly message: NewMessage | null
  /** The functions that were called in the turn, however it ended. */
  readonly functionsCalled: readonly FunctionCall[]
  /** The session's new state; left out when it stays as it was. */
  readonly state?: JsonValue
}

/** `refused` when the turn has already ended or is gone. */
export type TurnWriteOutcome = 'written' | 'refused'

/** A turn as it is. Times are milliseconds since 1970. */
export interface TurnRecord extends TurnRef {
  /** Its number in the session, from 1, without a gap. */
  readonly position: number
  readonly status: TurnStatus
  /** When its message was accepted. */
  readonly createdAt: number
  /** When it began; null when it has not, or ended before it could. */
  readonly startedAt: number | null
  /** When it ended; null while it is live. */
  readonly endedAt: number | null
  readonly metadata: Readonly<Record<string, string>>
  /** The number of its last event. */
  readonly lastSeq: number
  /** Its final event; null while it is live. */
  readonly final: FinalTurnEvent | null
  /** The functions that were called in it; none while it is live. */
  readonly functionsCalled: readonly FunctionCall[]
}
