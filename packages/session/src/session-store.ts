/**
 * The port behind which sessions are kept. `@colloquy/session/testing` has the suite that every store must pass.
 *
 * A store promises:
 * 1. Accept is atomic: the session (when it is a new one), the user's message, the turn and its first event become
 *    visible together or not at all. A session has at most one live turn; the store decides which.
 * 2. Written before seen: when `writeTurns` has resolved, what it was given is kept, and `readEvents` returns it. How
 *    lasting that is depends on the store: the memory store keeps it as long as the process lives.
 * 3. One end: a turn ends once, also when several want to end it at the same time. The assistant's message, the state,
 *    the final event, the turn's new status and the session's new expiry become visible together, whoever ends it:
 *    who has seen one of them sees the others from then on. A write to a turn that has ended, or is gone, is refused
 *    and changes nothing.
 * 4. Leases: a live turn belongs to an instance until its lease runs out. `interruptAbandoned` ends every live turn
 *    whose lease has run out exactly once, as `interrupted`, and keeps the text and the function calls so far.
 * 5. Order: messages of a session and events of a turn come back in the order in which they were accepted, without
 *    gaps.
 * 6. Expiry: a session is gone for every call whose `now` is its `expiresAt` or later, collected or not. Collecting
 *    costs in proportion to what expires, not to what exists. Deleting a session deletes everything of it.
 *    A session with a live turn neither expires nor is evicted, however late it is.
 * 7. Bounds: making a session within a `SessionBound` leaves no more sessions than it allows, also when several are
 *    made at the same time.
 * 8. Owners: a session belongs to the owner that it was made for. For every other owner there is no such session and no
 *    such turn, whatever is asked: a wrong owner can't be told from an unknown id, and changes nothing.
 *
 * A store never looks at a clock of its own: every `now` comes from the caller, in milliseconds since 1970. What it
 * is given it keeps as it is: a value that is absent is something else than one that is null, empty, 0 or false. What
 * it returns is how things were at that moment: it must not be changed, and what happens later does not change it.
 * When it can't work, a call rejects.
 */
import type { FunctionCall, HealthReport } from './chat-interface.js'
import type { JsonValue } from './json.js'
import type { TurnEndStatus, TurnEvent, TurnRef, TurnStatus } from './turn-event.js'

/** A store of sessions. See the promises above. */
export interface SessionStore {
  /** What kind of store it is, in a word: `memory`. */
  readonly kind: string
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
  listMessages(session: SessionRef, page: MessagePageRequest, now: number): Promise<MessagePage | undefined>
  /** Takes a user's message and makes it the session's live turn. */
  acceptTurn(request: AcceptRequest): Promise<AcceptOutcome>
  /**
   * Writes what happened in turns, each turn once. Every write stands for itself: a refused one keeps none of the
   * others back. The outcomes come in the order of the writes.
   */
  writeTurns(writes: readonly TurnWrite[]): Promise<readonly TurnWriteOutcome[]>
  getTurn(ref: OwnedTurnRef, now: number): Promise<TurnRecord | undefined>
  /** Up to `limit` events with a `seq` greater than `after`; undefined when there is no such turn. */
  readEvents(
    ref: OwnedTurnRef,
    range: { after: number; limit: number },
    now: number,
  ): Promise<readonly TurnEvent[] | undefined>
  /** Renews the leases of all live turns of an instance: now they run out at the lease's `until`. */
  renewLeases(lease: Lease): Promise<void>
  /**
   * Ends, at `now`, the live turns whose lease's `until` is `now` or earlier; returns which, in any order. Each gets a
   * `turn.interrupted` event with the reason and the text so far, and its session, when there is text, a `partial`
   * message of it with the function calls so far, as `partialMessage` makes it, under an id that no other message has.
   * The session's state stays as it was.
   */
  interruptAbandoned(now: number, reason: string): Promise<readonly TurnRef[]>
  /** Removes up to `limit` expired sessions; returns how many there were. Fewer than `limit` means that none is left. */
  collectExpired(now: number, limit: number): Promise<number>
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
  readonly metadata: Readonly<Record<string, string>>
}

/** A session as it is. Times are milliseconds since 1970. */
export interface SessionRecord extends NewSession {
  /** When it was made, or its last turn accepted or ended, whichever came last. */
  readonly lastActiveAt: number
  /** When it ends; null while a turn is live. */
  readonly expiresAt: number | null
  readonly messageCount: number
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

/** Whether a session was made, and how many others were evicted for it; expired ones don't count. */
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

/** Which messages to return. */
export interface MessagePageRequest {
  readonly order: 'asc' | 'desc'
  readonly limit: number
  /** The position before the page: greater ones follow in ascending, smaller ones in descending order. */
  readonly after?: number
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
  readonly lease: Lease
  /** How many of the latest earlier messages to return. */
  readonly historyLimit: number
  readonly now: number
}

/** Whether a message was accepted, and what its answer needs. */
export type AcceptOutcome =
  | {
      readonly outcome: 'accepted'
      readonly session: SessionRecord
      /** The turn's first event, `turn.started`. */
      readonly started: TurnEvent
      readonly history: readonly MessageRecord[]
      readonly state: JsonValue
      readonly evicted: number
    }
  | { readonly outcome: 'session_not_found' }
  | { readonly outcome: 'turn_in_progress'; readonly turnId: string }
  | { readonly outcome: 'full' }

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
  /** The session's new state; left out when it stays as it was. */
  readonly state?: JsonValue
}

/** `refused` when the turn has already ended or is gone. */
export type TurnWriteOutcome = 'written' | 'refused'

/** A turn as it is. Times are milliseconds since 1970. */
export interface TurnRecord extends TurnRef {
  readonly status: TurnStatus
  /** When its message was accepted. */
  readonly createdAt: number
  /** When it began, which is when its message was accepted. */
  readonly startedAt: number
  /** When it ended; null while it is live. */
  readonly endedAt: number | null
  readonly metadata: Readonly<Record<string, string>>
  /** The number of its last event. */
  readonly lastSeq: number
}
