import type { LiveTurn } from './live-turn.js'

/** What a stoppable wait answers when the turn was asked to stop first. */
export const stopped = Symbol('stopped')

/**
 * Waits for a step of the chat interface, or for the turn to be asked to stop, whichever comes first. Unlike
 * `Promise.race` with one long-lived promise, it leaves nothing behind when the step comes first.
 */
export function stoppable<T>(turn: LiveTurn, step: Promise<T>): Promise<T | typeof stopped> {
  if (turn.stopReason !== null) {
    step.catch(() => {}) // nobody wants its answer any more
    return Promise.resolve(stopped)
  }
  return new Promise((resolve, reject) => {
    turn.onStop(() => resolve(stopped))
    step.then(resolve, reject)
  })
}
