import { logForeign } from './log-foreign.js'
import type { Logger } from './logger.js'
import type { SessionStore } from './session-store.js'
import type { TurnEndStatus, TurnEvent, TurnFailureCode } from './turn-event.js'

/** A call to a store that a session manager makes. */
export type StoreCall = Exclude<
  keyof SessionStore,
  'kind' | 'isExclusive' | 'exportSessions' | 'importSession'
>

/** A turn that has ended, in numbers. */
export interface TurnReport {
  readonly status: TurnEndStatus
  /** Whether it ran: one that waited may have ended before. */
  readonly hasBegun: boolean
  /** Why it failed; only when it did. */
  readonly code?: TurnFailureCode
  /** From the acceptance of the message to the end, in milliseconds. */
  readonly durationMs: number
  /** From its beginning to the first event that the chat interface made, in milliseconds; null when it made none. */
  readonly firstEventMs: number | null
  /** How many events the turn has, the first and the final one among them. */
  readonly events: number
}

/** A call to the store that has ended. */
export interface StoreCallReport {
  readonly call: StoreCall
  /** In milliseconds. */
  readonly durationMs: number
  readonly failed: boolean
}

/**
 * Is told what a session manager does: for metrics. It gets numbers and names of ours, never what is said or who said
 * it. Every method may be left out. They are called while the manager works, so they have to be quick; one that
 * throws, or returns a promise that rejects, harms nothing: the first failure is logged, later ones are not.
 */
export interface SessionObserver {
  /** A turn was put in line in this process. `turnStarted` follows, or `turnEnded`. */
  turnQueued?(): void
  /** A turn began to run in this process, after it had waited in line or at once. `turnEnded` follows. */
  turnStarted?(turn: { readonly hasWaited: boolean }): void
  /** A turn that ran or waited in this process has ended. */
  turnEnded?(turn: TurnReport): void
  /** Turns of an instance that is gone were ended by this process. It knows no more of them. */
  turnsAbandoned?(count: number): void
  /** A chat interface yielded more although its turn had been stopped, and may have ended; it was thrown away. */
  chunksDiscarded?(count: number): void
  /** The store took so many events of one type. Called once for each type in a write. */
  eventsWritten?(type: TurnEvent['type'], count: number): void
  sessionsCreated?(count: number): void
  /** Expired sessions were collected. (Those that gave way to a new one when there was no room are not among them.) */
  sessionsExpired?(count: number): void
  /** Sessions that had not expired gave way to a new one. */
  sessionsEvicted?(count: number): void
  /** Sessions were deleted on demand. */
  sessionsDeleted?(count: number): void
  /** The store answered, or failed. */
  storeCalled?(call: StoreCallReport): void
}

/** An observer that may be called without a second thought. */
export type SafeObserver = Readonly<Required<SessionObserver>>

/** The observer where there is none. */
export const noObserver: SafeObserver = {
  turnQueued() {},
  turnStarted() {},
  turnEnded() {},
  turnsAbandoned() {},
  chunksDiscarded() {},
  eventsWritten() {},
  sessionsCreated() {},
  sessionsExpired() {},
  sessionsEvicted() {},
  sessionsDeleted() {},
  storeCalled() {},
}

/** Makes an observer, which is somebody else's, one that never throws. Its first failure is logged. */
export function guardObserver(observer: SessionObserver, logger: Logger): SafeObserver {
  let hasFailed = false
  const failed = (err: unknown) => {
    if (hasFailed) return
    hasFailed = true
    const message = 'the observer failed; it is still called, and its later failures are not logged'
    logForeign(logger, 'error', { err }, message)
  }
  const guarded =
    <Args extends readonly unknown[]>(tell: (...args: Args) => unknown) =>
    (...args: Args): void => {
      try {
        const returned = tell(...args)
        if (returned instanceof Promise) returned.catch(failed)
      } catch (err) {
        failed(err)
      }
    }
  return {
    turnQueued: guarded(() => observer.turnQueued?.()),
    turnStarted: guarded((turn) => observer.turnStarted?.(turn)),
    turnEnded: guarded((turn) => observer.turnEnded?.(turn)),
    turnsAbandoned: guarded((count) => observer.turnsAbandoned?.(count)),
    chunksDiscarded: guarded((count) => observer.chunksDiscarded?.(count)),
    eventsWritten: guarded((type, count) => observer.eventsWritten?.(type, count)),
    sessionsCreated: guarded((count) => observer.sessionsCreated?.(count)),
    sessionsExpired: guarded((count) => observer.sessionsExpired?.(count)),
    sessionsEvicted: guarded((count) => observer.sessionsEvicted?.(count)),
    sessionsDeleted: guarded((count) => observer.sessionsDeleted?.(count)),
    storeCalled: guarded((call) => observer.storeCalled?.(call)),
  }
}
