import type { ManagerLife } from '../manager-life.js'
import type { ManagerParts } from '../manager-parts.js'
import { SessionError } from '../session-error.js'
import type { ReadEventsOptions } from '../session-manager.js'
import type { OwnedTurnRef } from '../session-store.js'
import { storeCall } from '../store-call.js'
import type { TurnEvent } from '../turn-event.js'
import { batchSize, EventReader } from './event-reader.js'
import type { TurnRunner } from './turn-runner.js'

/**
 * Reads a turn's events in batches: from the running turn where this process runs it, from the store otherwise.
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
  await life.readable()
  const turn = await runner.find(ref)
  const lastSeq = turn?.published.length ?? (await storedTurn(ref, parts)).lastSeq
  if (!Number.isSafeInteger(after) || after < 0 || after > lastSeq) {
    throw new SessionError('invalid_cursor', `The turn has no event ${after}.`, ref)
  }
  if (turn !== undefined) yield* new EventReader(turn, after, signal)
  else yield* readStored(ref, after, signal, parts, life)
}

/** The turn as the store has it. @throws SessionError `turn_not_found` */
export async function storedTurn(ref: OwnedTurnRef, { store, clock }: ManagerParts) {
  const record = await storeCall(store.getTurn(ref, clock.now()))
  if (record === undefined) throw new SessionError('turn_not_found', 'There is no such turn.', ref)
  return record
}

async function* readStored(
  ref: OwnedTurnRef,
  after: number,
  signal: AbortSignal | undefined,
  { store, clock }: ManagerParts,
  life: ManagerLife,
): AsyncGenerator<readonly TurnEvent[], void, undefined> {
  let position = after
  while (signal?.aborted !== true) {
    await life.readable() // the reader may have been slow, and the manager closed meanwhile
    const events = await storeCall(store.readEvents(ref, { after: position, limit: batchSize }, clock.now()))
    const last = events?.at(-1)
    if (events === undefined || last === undefined) return
    yield events
    position = last.seq
  }
}

/** The same, event by event. */
export async function* flatten(
  batches: AsyncIterable<readonly TurnEvent[]>,
): AsyncGenerator<TurnEvent, void, undefined> {
  for await (const batch of batches) yield* batch
}
