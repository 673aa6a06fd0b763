import type { TurnEvent } from './contract-types.js'
import type { Interruption } from './interruption.js'

/**
 * The events, for a reader who may leave at any moment. A generator that was not begun runs none of its `finally`, and
 * one that waits heeds nobody until it has what it waits for: leaving it then has to stop what is behind it.
 *
 * @param interruption stops what the events come from; released when they end
 */
export function leavable(
  events: AsyncGenerator<TurnEvent, void, undefined>,
  interruption: Interruption,
): AsyncIterator<TurnEvent, void, undefined> {
  let isBegun = false
  let waiting = 0
  let hasLeft = false
  return {
    async next() {
      isBegun = true
      waiting += 1
      try {
        const result = await events.next()
        if (result.done === true) interruption.release()
        return result
      } catch (error) {
        interruption.release()
        if (hasLeft) return { done: true, value: undefined }
        throw error
      } finally {
        waiting -= 1
      }
    },
    async return() {
      hasLeft = true
      // In between, the generator closes the connection itself, and leaves one whose stream is over to later requests.
      if (!isBegun || waiting > 0) interruption.abort()
      interruption.release()
      return events.return()
    },
  }
}
