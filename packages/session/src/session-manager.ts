import type { ChatInterface, TraceContext } from './chat-interface.js'
import type { Metadata } from './check-input.js'
import type { Clock } from './clock.js'
import type { ManagerHealth } from './health.js'
import type { IdSource } from './ids.js'
import type { OnBusy, SessionLimits } from './limits.js'
import type { Logger } from './logger.js'
import type { SessionObserver, TurnReport } from './session-observer.js'
import type { MessageRecord, SessionRecord, SessionStore, TurnRecord } from './session-store.js'
import type { FinalTurnEvent, TurnEvent, TurnRef } from './turn-event.js'

/** What a session manager is made of. */
export interface SessionManagerOptions {
  /** Where sessions are kept. The manager opens and closes it. */
  readonly store: SessionStore
  /** What answers. The manager starts and stops it. */
  readonly chat: ChatInterface
  /** Default: {@link defaultLimits}. */
  readonly limits?: Partial<SessionLimits>
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Default: random ids. */
  readonly ids?: IdSource
  /** Default: silence. */
  readonly logger?: Logger
  /** Is told what happens, for metrics. Default: nobody is. */
  readonly observer?: SessionObserver
}

/**
 * The sessions and turns of one owner. Those of other owners do not exist in it: they can't be told from unknown ones.
 *
 * Every call may reject with a {@link SessionError}: `not_ready` when the manager could not start, `store_unavailable`
 * when the store fails, `shutting_down` when the manager is closed, and what is said at each call.
 */
export interface SessionScope {
  /** Whose they are. */
  readonly owner: string
  readonly sessions: Sessions
  /**
   * Accepts a message and begins to answer it. When as many turns run or wait as the limit `maxTurns` allows, it is
   * `overloaded`, also where it is to interrupt one: that one can be cancelled first.
   *
   * @throws SessionError `session_not_found`, `turn_in_progress`, `queue_full`, `key_reused`,
   * `session_capacity_reached`, `overloaded`, `invalid_input`, `shutting_down`
   */
  startTurn(request: TurnRequest): Promise<Turn>
  /** A turn as it is. @throws SessionError `turn_not_found` */
  turn(ref: TurnRef): Promise<TurnRecord>
  /** A session's turns, page by page. @throws SessionError `session_not_found`, `invalid_cursor` */
  turns(sessionId: string, options?: ListTurnsOptions): Promise<TurnList>
  /** A turn's events, from the first one after `after`: what is kept, then what comes, until the turn's end. */
  events(ref: TurnRef, options?: ReadEventsOptions): AsyncIterable<TurnEvent>
  /** The same in batches, as they became visible: for those who pass them on in one piece. */
  eventBatches(ref: TurnRef, options?: ReadEventsOptions): AsyncIterable<readonly TurnEvent[]>
  /**
   * Tells a turn to stop, also one that waits. Resolves at once; the turn's final event follows when the chat interface has
   * stopped, or was given up. Cancelling again while it stops changes nothing. Only the process that runs a turn, or has it
   * in line, can stop it: where several share a store, that goes for deleting its session and interrupting it as well.
   *
   * That a turn is to stop is not kept until it has stopped: when the process is killed meanwhile, the turn ends as
   * interrupted (`restart`, or `lease_expired`), and not as cancelled.
   *
   * @throws SessionError `turn_not_found`, `turn_not_cancellable`
   */
  cancelTurn(ref: TurnRef, options?: { readonly reason?: string }): Promise<TurnRecord>
}

/**
 * Keeps conversations, and runs a chat interface over them. A turn runs apart from those who read its events: it
 * goes on when they leave, and any number may join at any time.
 *
 * It is itself the scope of those who have no owner (`''`): where all sessions belong to one application, nothing else
 * is needed. Where callers must not see each other's sessions, each works in a scope of its own: `ownedBy(caller)`.
 */
export interface SessionManager extends SessionScope {
  /** The scope of an owner. It costs next to nothing: there may be one for each request. */
  ownedBy(owner: string): SessionScope
  /** The bounds that hold. */
  readonly limits: SessionLimits
  /** What answers. */
  readonly chat: ChatInterface
  /** What kind of store there is. */
  readonly storeKind: string
  /** `ready` from the end of the start until the beginning of the close. */
  readonly state: ManagerState
  /**
   * Opens the store, starts the chat interface, then asks both for their health: the manager is ready when no component
   * is unhealthy. Calls during an attempt share it.
   *
   * What has succeeded stays: called again after a failure, it tries only what failed, and calls nothing a second time
   * that still hangs. {@link close} closes what is open, also after a failure.
   *
   * Whoever calls it is in charge of the start. From then on until the manager is ready, everything else is refused at
   * once with `not_ready` and starts nothing. Where it is never called, the first call that needs the parts starts them
   * and waits; after a failure, everything is refused for a second, and then the next call tries again.
   *
   * @throws SessionError `not_ready` with the `component` that failed, and with its own error as the cause where it gave
   * one; a part that has not started in the limit `startTimeoutMs` has failed. `shutting_down` when the manager is closed,
   * also meanwhile
   */
  start(): Promise<void>
  /**
   * How the store and the chat interface are doing. Never rejects, and never takes longer than the limit
   * `healthTimeoutMs`. An answer counts for a second, and a component that has not answered is not asked again for half
   * a minute. Until the manager is ready it tells what has been started, and what could not be. Why a component could not
   * tell how it is, and that the whole has turned unhealthy or healthy again, is logged when it is noticed.
   */
  health(): Promise<ManagerHealth>
  /** What is going on. */
  status(): Promise<ManagerStatus>
  /**
   * Takes no more turns, gives the running ones `grace` milliseconds (default 0) to finish, interrupts the rest,
   * stops the chat interface and closes the store. What is still starting, and a chat interface that stops, is waited for
   * no longer than the limit `stopTimeoutMs`, and what fails to stop is logged. Closing again waits for the same end.
   *
   * @throws SessionError `store_unavailable` when the store could not be closed
   */
  close(options?: { readonly grace?: number }): Promise<void>
}

/** The sessions of a manager. Reading one does not extend its life; a turn does. */
export interface Sessions {
  /** @throws SessionError `session_capacity_reached`, `invalid_input`, `shutting_down` */
  create(options?: CreateSessionOptions): Promise<SessionRecord>
  /** @throws SessionError `session_not_found` */
  get(sessionId: string): Promise<SessionRecord>
  /** The owner's sessions, the most recently active first. @throws SessionError `invalid_cursor` */
  list(options?: ListSessionsOptions): Promise<SessionList>
  /**
   * Changes a session's metadata, key by key, and how long it lives, counted from its last activity. That is possible
   * until the end of a close, as reading is.
   *
   * @throws SessionError `session_not_found`, `invalid_input`
   */
  update(sessionId: string, options: UpdateSessionOptions): Promise<SessionRecord>
  /** Cancels its turns that run or wait, then deletes it with everything of it. @throws SessionError `session_not_found` */
  delete(sessionId: string): Promise<void>
  /**
   * A session's messages.
   *
   * @throws SessionError `session_not_found`; `invalid_cursor`, also for a cursor of another session
   */
  messages(sessionId: string, options?: ListMessagesOptions): Promise<MessageList>
}

/** What a new session may be given. */
export interface CreateSessionOptions {
  /** At most 16 pairs; keys of 1 to 64 characters, values of up to 512. Default: none. */
  readonly metadata?: Metadata
  /** How long it lives after its last activity, in milliseconds. Default: the limit `sessionTtlMs`. */
  readonly ttlMs?: number
  /** Which of the chat interface's `chats` answers in it. Default: the first, where there are several. */
  readonly chat?: string
}

/** Which sessions to list. */
export interface ListSessionsOptions {
  /** Default: 50. */
  readonly limit?: number
  /** The `nextCursor` of the page before. Default: the first page. */
  readonly cursor?: string
}

/** Which turns to list. */
export type ListTurnsOptions = ListMessagesOptions

/** A page of turns. */
export interface TurnList {
  readonly data: readonly TurnRecord[]
  /** Leads to the next page; null on the last. */
  readonly nextCursor: string | null
}

/** A page of sessions. */
export interface SessionList {
  readonly data: readonly SessionRecord[]
  /** Leads to the next page; null on the last. */
  readonly nextCursor: string | null
}

/** What to change in a session; what is left out stays as it is. */
export interface UpdateSessionOptions {
  /** Merged key by key; null removes a key. Bounds as for a new session. */
  readonly metadata?: Readonly<Record<string, string | null>>
  /** How long it lives after its last activity, in milliseconds. */
  readonly ttlMs?: number
}

/** Which messages to list. */
export interface ListMessagesOptions {
  /** Default: `asc`, oldest first. */
  readonly order?: 'asc' | 'desc'
  /** Default: 50. */
  readonly limit?: number
  /** The `nextCursor` of the page before. Default: the first page. */
  readonly cursor?: string
}

/** A page of messages. */
export interface MessageList {
  readonly data: readonly MessageRecord[]
  /** Leads to the next page; null on the last. */
  readonly nextCursor: string | null
}

/** A message that wants an answer. */
export interface TurnRequest {
  readonly message: string
  /** Default: a new session is made. */
  readonly sessionId?: string
  /** Of a new session: which of the chat interface's `chats` answers in it. Default: the first, where there are several. */
  readonly chat?: string
  /** Kept on the turn; bounds as for sessions. */
  readonly metadata?: Metadata
  /** The trace that the message is a part of: the chat interface is given it. Default: none. */
  readonly trace?: TraceContext
  /** What to do when the session runs a turn. Default: the limit `onBusy`. */
  readonly onBusy?: OnBusy
  /**
   * What to do when the turn's last reader has left, and none has come back within the limit `disconnectGraceMs`: let
   * it go on, or cancel it with the reason `client_disconnected`. Default: `continue`.
   */
  readonly onDisconnect?: 'continue' | 'cancel'
  /**
   * What the request is known by, among those of its owner: the turn of an earlier request with the same key and the
   * same fingerprint is the answer to this one as well, as long as its session lives, and no longer than the limit
   * `keyTtlMs`. That goes for a turn that has failed, too: whoever wants another attempt gives another key. Default: nothing.
   */
  readonly key?: { readonly key: string; readonly fingerprint: string }
  /** Where the turn's lines go, for instance with the id of the request that began it. Default: the manager's. */
  readonly logger?: Logger
  /**
   * Is told, once, how the turn ended that the request began, as far as this process knows. Returns whether whoever asked
   * tells of that in a line of their own: then one that completed has no line from here. What it throws counts as no. Default:
   * every turn has its line.
   */
  readonly onEnd?: (report: TurnReport) => boolean
}

/** A turn that has begun, or waits. */
export interface Turn extends TurnRef {
  /** Whether it was begun by an earlier request with the same key. */
  readonly isRepeated: boolean
  /** The turn's events from the first; any number may read. */
  events(options?: ReadEventsOptions): AsyncIterable<TurnEvent>
  eventBatches(options?: ReadEventsOptions): AsyncIterable<readonly TurnEvent[]>
  /**
   * Resolves with the turn's final event, however and wherever it ended. Rejects with a {@link SessionError}
   * `store_unavailable` when the store failed, `turn_not_found` when the turn was deleted meanwhile, `shutting_down` when
   * the manager was closed before that could be told.
   */
  readonly ended: Promise<FinalTurnEvent>
  /**
   * Counts as a reader until the returned function is called: for those who wait for the end without reading events.
   */
  attend(): () => void
}

/** Where to begin to read, and when to stop. */
export interface ReadEventsOptions {
  /** The number of the last event already seen. Default: 0, from the first. */
  readonly after?: number
  /**
   * Aborting it ends the iteration, without an error. Of `events`, nothing else ends a wait for the next one: the `return`
   * of its iterator is heard when that has come. `eventBatches` hears it at once.
   */
  readonly signal?: AbortSignal
  /**
   * Whether whoever reads is there for the turn: one that is to be cancelled when its client disconnects goes on as long as
   * somebody is. Default: true.
   */
  readonly attend?: boolean
}

/** Where a manager is in its life. */
export type ManagerState = 'starting' | 'ready' | 'closing'

/** What is going on in a manager. */
export interface ManagerStatus {
  /** Null while nobody can tell: until the manager is ready, and when it has been closed. */
  readonly sessionCount: number | null
  readonly turns: { readonly running: number; readonly queued: number }
}
