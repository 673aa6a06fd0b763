/**
 * What happens to a message when a turn of its session runs: it is refused, it waits for those before it, or it takes
 * the place of the one that runs. One that another process runs is not stopped for it: it waits for its end.
 */
export type OnBusy = 'reject' | 'queue' | 'interrupt'

/** The bounds within which a session manager works. Each has a documented default. */
export interface SessionLimits {
  /** How long a session lives after its last turn ended, in milliseconds. Default: 1,800,000 (half an hour). */
  readonly sessionTtlMs: number
  /** How long a session may live however active it is, in milliseconds; null: for ever. Default: null. */
  readonly sessionMaxAgeMs: number | null
  /** How many sessions may exist. Default: 100,000. */
  readonly maxSessions: number
  /**
   * What gives way when there are that many and none has expired: `evict`, the least recently active session without
   * a live turn; `reject`, none. Default: `evict`.
   */
  readonly whenFull: 'evict' | 'reject'
  /** How many of the latest earlier messages a chat interface is given. Default: 200. */
  readonly historyLimit: number
  /** The longest user message, in Unicode code points. Default: 32,000. */
  readonly maxMessageLength: number
  /**
   * How many turns may run or wait at once, over all sessions. When as many do, a message is `overloaded`, also one that is
   * to interrupt a turn: cancelling that one makes room. Default: 1,000.
   */
  readonly maxTurns: number
  /** What happens to a message when a turn of its session runs, where it does not say itself. Default: `reject`. */
  readonly onBusy: OnBusy
  /**
   * How many turns may wait in one session, for a message that is to `queue`. One that is to `interrupt` is taken however many
   * wait, and is one of them while it waits. Default: 10.
   */
  readonly queueLimit: number
  /**
   * How long the key of a request stands for its turn at most, in milliseconds: it goes with the session of the turn.
   * Default: 86,400,000 (a day).
   */
  readonly keyTtlMs: number
  /**
   * How long a turn goes on without a reader that is to be cancelled when its last one leaves, in milliseconds: a reader
   * may come back. Default: 5,000.
   */
  readonly disconnectGraceMs: number
  /** How long a chat interface may take to its first chunk, in milliseconds. Default: 60,000. */
  readonly firstChunkTimeoutMs: number
  /** How long it may take between two chunks, in milliseconds. Default: 60,000. */
  readonly chunkTimeoutMs: number
  /** How long a whole turn may take, in milliseconds. Default: 600,000 (ten minutes). */
  readonly turnTimeoutMs: number
  /**
   * How long the store may take to open, and the chat interface to start, in milliseconds. Default: 60,000.
   */
  readonly startTimeoutMs: number
  /**
   * How long a stopped chat interface may take before its turn ends without it, and how long it may take to stop
   * altogether before the manager closes without it, in milliseconds. Default: 5,000.
   */
  readonly stopTimeoutMs: number
  /** The most text that one turn may yield, in bytes of UTF-8. Default: 1,048,576 (1 MiB). */
  readonly maxOutputBytes: number
  /** The most events that one turn may have from `turn.started` on, with that one. Default: 20,000. */
  readonly maxEvents: number
  /**
   * The largest function or data event, in UTF-16 code units of its JSON text. Default: 262,144. (Text is bounded by
   * `maxOutputBytes`: an event has at most 32,768 code units of it, and the final one all of it.)
   */
  readonly maxEventLength: number
  /** All function and data events of one turn together, measured likewise. Default: 2,097,152. */
  readonly maxTurnLength: number
  /** The largest session state, in UTF-16 code units of its JSON text. Default: 262,144. */
  readonly maxStateLength: number
  /** How often expired sessions are collected, in milliseconds; at least every 10,000. Default: 10,000. */
  readonly sweepIntervalMs: number
  /** How long the store or the chat interface may take to tell its health, in milliseconds. Default: 5,000. */
  readonly healthTimeoutMs: number
}

/** The bounds that hold when nothing else is said. */
export const defaultLimits: SessionLimits = {
  sessionTtlMs: 1_800_000,
  sessionMaxAgeMs: null,
  maxSessions: 100_000,
  whenFull: 'evict',
  historyLimit: 200,
  maxMessageLength: 32_000,
  maxTurns: 1_000,
  onBusy: 'reject',
  queueLimit: 10,
  keyTtlMs: 86_400_000,
  disconnectGraceMs: 5_000,
  firstChunkTimeoutMs: 60_000,
  chunkTimeoutMs: 60_000,
  turnTimeoutMs: 600_000,
  startTimeoutMs: 60_000,
  stopTimeoutMs: 5_000,
  maxOutputBytes: 1_048_576,
  maxEvents: 20_000,
  maxEventLength: 262_144,
  maxTurnLength: 2_097_152,
  maxStateLength: 262_144,
  sweepIntervalMs: 10_000,
  healthTimeoutMs: 5_000,
}

/** The bounds of metadata: a flat object of strings. */
export const metadataLimits = {
  maxPairs: 16,
  /** In Unicode code points; a key has at least one. */
  maxKeyLength: 64,
  /** In Unicode code points. */
  maxValueLength: 512,
} as const

/** How long a session may be told to live, in seconds: from one second to thirty days. */
export const ttlSecondsLimits = { min: 1, max: 2_592_000 } as const

/** How long a turn is believed to run after its instance was last heard of, in milliseconds. */
export const leaseMs = 30_000
