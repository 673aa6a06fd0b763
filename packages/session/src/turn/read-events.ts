import type { ManagerLife } from '../manager-life.js'
import type { ManagerParts } from '../manager-parts.js'
import { SessionError } from '../session-error.js'
import type { ReadEventsOptions } from '../session-manager.js'
import type { OwnedTurnRef, TurnRecord } from '../session-store.js'
import { storeCall } from '../store-call.js'
import { type FinalTurnEvent, isFinal, type TurnEvent } from '../turn-event.js'
import { EventReader } from './event-reader.js'
import type { LiveTurn } from './live-turn.js'
import type { TurnRunner } from './turn-runner.js'

/** How often the store is asked for more of a turn that another process runs, in milliseconds. */
const pollMs = 250

/**
 * Reads a turn's events in batches: from the turn itself where this process runs it, from the store otherwise, and when
 * somebody else has ended it.
 *
 * @throws SessionError `turn_not_found`; `invalid_cursor` when `after` is beyond the turn's events
 */
export async function* readBatches(
  ref: OwnedTurnRef,
  { after = 0, signal }: ReadEventsOptions,
  parts: ManagerParts,
  runner: TurnRunner,
  life: ManagerLife,
): AsyncGenerator<readonly TurnEvent[], void, undefined> {
  try {
    await life.readable()
    const turn = await runner.find(ref)
    const lastSeq = turn?.published.length ?? (await storedTurn(ref, parts)).lastSeq
    if (!Number.isSafeInteger(after) || after < 0 || after > lastSeq) {
      throw new SessionError('invalid_cursor', `The turn has no event ${after}.`, ref)
    }
    let position = after
    if (turn !== undefined) {
      try {
        for await (const batch of new EventReader(turn, after, signal)) {
          yield batch
          position = batch.at(-1)?.seq ?? position
        }
        return
      } catch (error) {
        if (!isEndedElsewhere(error)) throw error
      }
    }
    yield* readStored(ref, position, signal, parts, life)
  } catch (error) {
    if (!hasLeft(signal)) throw error // who has left is not told of what fails then
  }
}

/**
 * A turn's final event, once it is there.
 *
 * @param turn the turn, where this process runs it
 * @throws SessionError `turn_not_found`, `store_unavailable`
 */
export async function readEnd(
  ref: OwnedTurnRef,
  turn: LiveTurn | undefined,
  parts: ManagerParts,
  life: ManagerLife,
): Promise<FinalTurnEvent> {
  try {
    if (turn !== undefined) return await turn.ended
  } catch (error) {
    if (!isEndedElsewhere(error)) throw error
  }
  await life.readable() // it is asked for whenever somebody wants to know
  const { final, lastSeq } = await storedTurn(ref, parts)
  if (final !== null) return final
  for await (const batch of readStored(ref, lastSeq, undefined, parts, life)) {
    const last = batch.at(-1)
    if (last !== undefined && isFinal(last)) return last
  }
  throw turnNotFound(ref)
}

/** The turn as the store has it. @throws SessionError `turn_not_found` */
export async function storedTurn(ref: OwnedTurnRef, { store, clock }: ManagerParts): Promise<TurnRecord> {
  const record = await storeCall(() => store.getTurn(ref, clock.now()))
  if (record === undefined) throw turnNotFound(ref)
  return record
}

/** What the store has, and what it gets, until the turn's end. */
async function* readStored(
  ref: OwnedTurnRef,
  after: number,
  signal: AbortSignal | undefined,
  parts: ManagerParts,
  life: ManagerLife,
): AsyncGenerator<readonly TurnEvent[], void, undefined> {
  let position = after
  while (!hasLeft(signal)) {
    await life.readable() // the reader may have been slow, and the manager closed meanwhile
    const events = await parts.storedEvents.read(ref, position)
    if (hasLeft(signal)) return
    if (events === undefined) throw turnNotFound(ref)
    const last = events.at(-1)
    if (last !== undefined) {
      yield events
      position = last.seq
      if (isFinal(last)) return
    } else {
      await life.readable() // no call comes after the store was closed
      const { endedAt, lastSeq } = await storedTurn(ref, parts)
      if (endedAt !== null && lastSeq <= position) return
      await later(parts.clock, signal)
    }
  }
}

/** Waits before the store is asked again, or until the reader has gone. */
async function later(clock: ManagerParts['clock'], signal: AbortSignal | undefined): Promise<void> {
  if (hasLeft(signal)) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const leave = () => resolve()
  const cancelTimer = clock.after(pollMs, leave, { background: true })
  signal?.addEventListener('abort', leave)
  await promise
  signal?.removeEventListener('abort', leave)
  cancelTimer()
}

function hasLeft(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function turnNotFound(ref: OwnedTurnRef): SessionError {
  return new SessionError('turn_not_found', 'There is no such turn.', ref)
}

/** Whether a turn is not this process's any more: its lease ran out, and somebody else has ended it. */
function isEndedElsewhere(error: unknown): boolean {
  return error instanceof SessionError && error.code === 'turn_not_found'
}

/** The same, event by event. */
export async function* flatten(
  batches: AsyncIterable<readonly TurnEvent[]>,
): AsyncGenerator<TurnEvent, void, undefined> {
  for await (const batch of batches) yield* batch
}
