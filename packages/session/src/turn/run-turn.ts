import type { ChatInterface } from '../chat-interface.js'
import type { Clock } from '../clock.js'
import type { IdSource } from '../ids.js'
import type { SessionLimits } from '../limits.js'
import { SessionError } from '../session-error.js'
import type { SafeObserver, TurnReport } from '../session-observer.js'
import type { SessionStore } from '../session-store.js'
import type { DeadlineWatch } from './deadline-watch.js'
import { endOf, type TurnOutcome } from './end-turn.js'
import type { EventWriter } from './event-writer.js'
import type { LiveTurn } from './live-turn.js'
import { logTurnEnd } from './log-turn-end.js'
import { Reply } from './reply.js'
import { reportOf } from './report-of.js'
import type { SessionLines } from './session-lines.js'
import type { TurnLog } from './turn-log.js'
import type { UnclosedTurns } from './unclosed-turns.js'
import { waitInLine } from './wait-in-line.js'

/** What a turn needs to run. */
export interface TurnRuntime {
  readonly chat: ChatInterface
  readonly store: SessionStore
  readonly writer: EventWriter
  readonly deadlines: DeadlineWatch
  readonly limits: SessionLimits
  readonly clock: Clock
  readonly ids: IdSource
  readonly observer: SafeObserver
  /** Names this process in its leases. */
  readonly instance: string
  readonly lines: SessionLines
  readonly unclosed: UnclosedTurns
}

/**
 * Runs a turn to its end: waits in line when it has to, asks the chat interface, records what it says, and ends the turn
 * in exactly one way. Never rejects.
 */
export async function runTurn(turn: LiveTurn, runtime: TurnRuntime, log: TurnLog): Promise<void> {
  const { clock, observer, writer } = runtime
  try {
    if (turn.begun === null) {
      observer.turnQueued()
      await waitInLine(turn, runtime)
    }
    if (turn.begun !== null) {
      observer.turnStarted({ hasWaited: turn.position !== null })
      // It may have been stopped while the store let it run.
      if (turn.stopReason === null) {
        const reply = new Reply(turn, runtime, log)
        await reply.take()
        reply.close()
        if (turn.stopReason !== null) await reply.letGo()
      }
    }
  } catch (error) {
    abandon(turn, error)
  }
  // Whoever was told that it stops has to find it stopped.
  let outcome = turn.stopReason ?? outcomeOf(turn)
  if (!turn.isOver) recordEnd(turn, outcome, runtime)
  while (!turn.isOver) await writer.written(turn)
  if (turn.failure !== null) outcome = await leaveUnclosed(turn, turn.failure, runtime)
  const report = reportOf(turn, outcome, clock.monotonic())
  observer.turnEnded(report)
  if (!isToldElsewhere(turn, report)) logTurnEnd(report, outcome, log)
}

/** Whether whoever began a turn that completed tells of that in a line of their own. */
function isToldElsewhere({ onEnd }: LiveTurn, report: TurnReport): boolean {
  try {
    return onEnd?.(report) === true && report.status === 'completed'
  } catch {
    return false
  }
}

/** How a turn ended that nobody stopped. */
function outcomeOf({ begun }: LiveTurn): TurnOutcome {
  return begun === null ? { status: 'interrupted', reason: 'shutdown' } : { status: 'completed' }
}

/** Ends a turn for its readers and in the store. */
function recordEnd(turn: LiveTurn, outcome: TurnOutcome, { clock, ids, writer }: TurnRuntime): void {
  const at = { now: clock.now(), monotonic: clock.monotonic(), messageId: ids('msg') }
  const { event, end } = endOf(turn, outcome, at)
  turn.record(event)
  writer.schedule(turn, end)
}

/** Leaves it for later to end a turn in the store. Returns how it ended, which the store may have decided. */
async function leaveUnclosed(
  turn: LiveTurn,
  error: SessionError,
  { unclosed }: TurnRuntime,
): Promise<TurnOutcome> {
  const stop = turn.stopReason ?? ({ status: 'failed', code: 'store_unavailable', error } as const)
  await unclosed.add(turn, stop)
  return stop
}

/** Gives up a turn that can't begin. */
function abandon(turn: LiveTurn, cause: unknown): void {
  const error =
    cause instanceof SessionError
      ? cause
      : new SessionError('store_unavailable', 'The turn broke down.', { cause, ...turn.ref })
  turn.abandon(error)
}
