import { ColloquyError } from '@colloquy/client'
import type { ShownTurn } from './shown-turn.js'
import { fail, type Parts, type Talk } from './talk.js'

/** Asks the server to stop the live turns of a talk. The newest come first, or stopping one would let the next begin. */
export async function stopTurns(parts: Parts, talk: Talk): Promise<void> {
  await talk.loaded?.catch(() => undefined)
  const live = talk.turns.filter(({ isLive }) => isLive)
  await Promise.all(live.reverse().map((turn) => stopTurn(parts, talk, turn)))
}

async function stopTurn(parts: Parts, talk: Talk, turn: ShownTurn): Promise<void> {
  // Until the server has taken the message, nobody can say which turn it is.
  if (!turn.ref) await turn.taken
  if (!turn.ref || !turn.isLive) return
  try {
    await parts.client().session(turn.ref.session_id).turns.cancel(turn.ref.turn_id)
  } catch (error) {
    const hasEnded = error instanceof ColloquyError && error.code === 'turn_not_cancellable'
    if (!hasEnded) fail(parts, talk, error)
  }
}
