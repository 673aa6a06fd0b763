import type { LiveTurn } from './live-turn.js'

/**
 * Waits for something, or for the turn to be asked to stop, whichever comes first. Unlike `Promise.race` with one long-lived
 * promise, it leaves nothing behind when the turn is not asked to stop.
 */
export function stoppable(turn: LiveTurn, step: Promise<void>): Promise<void> {
  if (turn.stopReason !== null) {
    step.catch(() => {}) // nobody wants its answer any more
    return Promise.resolve()
  }
  return new Promise((resolve, reject) => {
    turn.onStop(resolve)
    step.then(resolve, reject)
  })
}
