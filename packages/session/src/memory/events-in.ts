import type { EventRange } from '../session-store.js'
import type { TurnEvent } from '../turn-event.js'

/** Those of a turn's events that are in a range. */
export function eventsIn(
  events: readonly TurnEvent[],
  { after, limit, maxLength = Number.POSITIVE_INFINITY }: EventRange,
): TurnEvent[] {
  const found = events.slice(after, after + limit)
  if (maxLength === Number.POSITIVE_INFINITY) return found
  let length = 0
  const tooMany = found.findIndex((event) => {
    length += JSON.stringify(event).length
    return length > maxLength
  })
  return tooMany === -1 ? found : found.slice(0, Math.max(1, tooMany))
}
