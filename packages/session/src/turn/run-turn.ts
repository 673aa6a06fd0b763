import type { ChatInterface } from '../chat-interface.js'
import type { Clock } from '../clock.js'
import type { IdSource } from '../ids.js'
import type { SessionLimits } from '../limits.js'
import { SessionError } from '../session-error.js'
import type { SafeObserver } from '../session-observer.js'
import type { SessionStore } from '../session-store.js'
import { endOf, failureOf, type TurnOutcome } from './end-turn.js'
import type { EventWriter } from './event-writer.js'
import { letGo } from './let-go.js'
import type { LiveTurn } from './live-turn.js'
import { logTurnEnd } from './log-turn-end.js'
import { describe, NotAChunkError } from './read-chunk.js'
import type { SessionLines } from './session-lines.js'
import { stoppable, stopped } from './stoppable.js'
import { OutputTooLargeError, takeChunk } from './take-chunk.js'
import { tellTurnEnd } from './tell-turn-end.js'
import { TurnDeadline } from './turn-deadline.js'
import type { TurnLog } from './turn-log.js'
import type { UnclosedTurns } from './unclosed-turns.js'
import { waitInLine } from './wait-in-line.js'

/** What a turn needs to run. */
export interface TurnRuntime {
  readonly chat: ChatInterface
  readonly store: SessionStore
  readonly writer: EventWriter
  readonly limits: SessionLimits
  readonly clock: Clock
  readonly ids: IdSource
  readonly observer: SafeObserver
  /** Names this process in its leases. */
  readonly instance: string
  readonly lines: SessionLines
  readonly unclosed: UnclosedTurns
}

/** So many chunks are taken before the rest of the process gets a turn: a chat interface may never wait for anything. */
const chunksPerTick = 64

/**
 * Runs a turn to its end: waits in line when it has to, asks the chat interface, records what it says, and ends the turn
 * in exactly one way. Never rejects.
 */
export async function runTurn(turn: LiveTurn, runtime: TurnRuntime, log: TurnLog): Promise<void> {
  const { clock, observer } = runtime
  let outcome: TurnOutcome
  try {
    if (turn.begun === null) {
      observer.turnQueued()
      await waitInLine(turn, runtime)
    }
    outcome = turn.begun === null ? stopOf(turn) : await answer(turn, runtime, log)
  } catch (error) {
    outcome = abandoned(turn, error)
  }
  outcome = await end(turn, outcome, runtime)
  logTurnEnd(turn, outcome, clock, log)
  tellTurnEnd(turn, outcome, clock, observer)
}

/** Asks the chat interface, and records what it says, until it has ended or the turn is asked to stop. */
async function answer(turn: LiveTurn, runtime: TurnRuntime, log: TurnLog): Promise<TurnOutcome> {
  const { clock, limits, observer } = runtime
  observer.turnStarted({ hasWaited: turn.position !== null })
  if (turn.stopReason !== null) return turn.stopReason // it was stopped while the store let it run
  const deadline = new TurnDeadline(clock, limits, (message) =>
    turn.stop({
      status: 'failed',
      code: 'chat_timeout',
      error: new Error(`The chat interface yielded ${message}.`),
    }),
  )
  let iterator: AsyncIterator<unknown> | undefined
  try {
    iterator = openReply(runtime.chat, turn, log)
    await takeReply(iterator, turn, runtime, deadline)
  } catch (error) {
    turn.stop(failureOf(error)) // so that nobody can cancel it any more
  }
  deadline.clear()
  turn.onStop(null)
  if (turn.stopReason !== null) await letGo(iterator, { ...runtime, logger: log })
  return turn.stopReason ?? { status: 'completed' }
}

/** Ends a turn for its readers and in the store. Returns how it ended, which the store may have decided. */
async function end(turn: LiveTurn, reached: TurnOutcome, runtime: TurnRuntime): Promise<TurnOutcome> {
  const { clock, ids, writer } = runtime
  // Whoever was told that it stops has to find it stopped.
  const outcome = reached.status === 'completed' ? (turn.stopReason ?? reached) : reached
  if (!turn.isOver) {
    const at = { now: clock.now(), monotonic: clock.monotonic(), messageId: ids('msg') }
    const { event, end } = endOf(turn, outcome, at)
    turn.record(event)
    writer.schedule(turn, end)
    while (!turn.isOver) await writer.written(turn)
  }
  if (turn.failure === null) return outcome
  const { failure: error } = turn
  const stop = turn.stopReason ?? ({ status: 'failed', code: 'store_unavailable', error } as const)
  await runtime.unclosed.add(turn, stop)
  return stop
}

/** Why a turn was stopped before it could begin. */
function stopOf({ stopReason }: LiveTurn): TurnOutcome {
  return stopReason ?? { status: 'interrupted', reason: 'shutdown' }
}

/** Gives up a turn that can't begin. */
function abandoned(turn: LiveTurn, cause: unknown): TurnOutcome {
  const error =
    cause instanceof SessionError
      ? cause
      : new SessionError('store_unavailable', 'The turn broke down.', { cause, ...turn.ref })
  turn.abandon(error)
  return turn.stopReason ?? { status: 'failed', code: 'store_unavailable', error }
}

function openReply(chat: ChatInterface, turn: LiveTurn, log: TurnLog): AsyncIterator<unknown> {
  const reply: unknown = chat.reply(turn.message, turn.context(log))
  if (typeof reply !== 'object' || reply === null || !(Symbol.asyncIterator in reply)) {
    throw new NotAChunkError(`reply() returned ${describe(reply)}, and has to return an async iterable`)
  }
  return (reply as AsyncIterable<unknown>)[Symbol.asyncIterator]()
}

/** Takes chunks until the reply ends or the turn is asked to stop. */
async function takeReply(
  iterator: AsyncIterator<unknown>,
  turn: LiveTurn,
  { clock, limits, writer, observer }: TurnRuntime,
  deadline: TurnDeadline,
): Promise<void> {
  for (let chunks = 1; turn.stopReason === null; chunks += 1) {
    const next = Promise.resolve(iterator.next())
    const step = await stoppable(turn, next)
    if (step === stopped) {
      const count = ({ done }: IteratorResult<unknown>) => {
        if (done !== true) observer.chunksDiscarded(1)
      }
      next.then(count, () => {}) // what it throws now is nobody's business
      return
    }
    if (step.done === true) return
    deadline.chunk()
    if (takeChunk(turn, step.value, limits)) {
      turn.firstEventMs ??= clock.monotonic() - (turn.begun?.monotonic ?? 0)
      writer.schedule(turn)
    }
    // Chunks that make no event have a bound too: they cost time like all others.
    if (chunks > 10 * limits.maxEvents) throw new OutputTooLargeError(`more than ${chunks - 1} chunks`)
    if (chunks % chunksPerTick === 0) {
      deadline.pause() // a slow store is not the chat interface's fault
      await stoppable(turn, writer.written(turn))
      deadline.chunk()
    }
  }
}
