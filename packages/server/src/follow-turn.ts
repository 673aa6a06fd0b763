import { type FinalTurnEvent, isFinal, type Turn, type TurnEvent } from '@colloquy/session'
import { ServerError } from './server-error.js'

/**
 * The events of a turn that this process runs, in batches. When somebody else has ended it, because this process was held
 * up until its lease had run out, the rest comes from the store.
 */
export async function* turnBatches(
  turn: Turn,
  signal: AbortSignal,
): AsyncGenerator<readonly TurnEvent[], void, undefined> {
  let after = 0
  try {
    for await (const batch of turn.eventBatches({ signal })) {
      yield batch
      after = batch.at(-1)?.seq ?? after
    }
  } catch (error) {
    if (!isEndedElsewhere(error)) throw error
    yield* turn.eventBatches({ signal, after })
  }
}

/**
 * How a turn that this process runs has ended; as the store has it when somebody else ended it.
 *
 * @throws ServerError `turn_interrupted` when it was deleted elsewhere, so that nobody can tell how it ended
 */
export async function endOfTurn(turn: Turn): Promise<FinalTurnEvent> {
  try {
    return await turn.ended
  } catch (error) {
    if (!isEndedElsewhere(error)) throw error
    return await storedEnd(turn)
  }
}

async function storedEnd(turn: Turn): Promise<FinalTurnEvent> {
  const { sessionId, turnId } = turn
  let cause: unknown
  try {
    for await (const event of turn.events()) if (isFinal(event)) return event
  } catch (error) {
    if (!isEndedElsewhere(error)) throw error
    cause = error
  }
  throw new ServerError('turn_interrupted', { sessionId, turnId, content: '', cause })
}

/** Whether the turn is not this process's any more. */
function isEndedElsewhere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'turn_not_found'
}
