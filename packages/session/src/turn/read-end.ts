import { turnNotFound } from '../refusals.js'
import { SessionError } from '../session-error.js'
import { type FinalTurnEvent, isFinal } from '../turn-event.js'
import { EventReader, type EventSource } from './event-reader.js'
import { storedTurn } from './stored-turn.js'

/**
 * A turn's final event, once it is there.
 *
 * @param source of it, `live` is the turn, where this process runs it
 * @throws SessionError `turn_not_found`, `store_unavailable`
 */
export function readEnd(source: EventSource): Promise<FinalTurnEvent> {
  const { live } = source
  if (live === undefined) return readStoredEnd(source)
  return live.ended.catch((error: unknown) => {
    if (!isEndedElsewhere(error)) throw error
    return readStoredEnd(source)
  })
}

async function readStoredEnd(source: EventSource): Promise<FinalTurnEvent> {
  const { ref, parts, life } = source
  await life.readable() // it is asked for whenever somebody wants to know
  const { final, lastSeq } = await storedTurn(ref, parts)
  if (final !== null) return final
  for await (const batch of new EventReader(source, { after: lastSeq })) {
    const last = batch.at(-1)
    if (last !== undefined && isFinal(last)) return last
  }
  throw turnNotFound(ref)
}

/** Whether a turn is not this process's any more: its lease ran out, and somebody else has ended it. */
function isEndedElsewhere(error: unknown): boolean {
  return error instanceof SessionError && error.code === 'turn_not_found'
}
