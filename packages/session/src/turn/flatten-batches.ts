import type { TurnEvent } from '../turn-event.js'

/** The events of batches, one by one. What all readers share, none of them may change. */
export async function* flattenBatches(
  batches: AsyncIterable<readonly TurnEvent[]>,
): AsyncGenerator<TurnEvent, void, undefined> {
  for await (const batch of batches) for (const event of batch) yield Object.freeze(event)
}
