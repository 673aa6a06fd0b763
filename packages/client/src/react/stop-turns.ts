import { codeOf, fail, type Talk } from './talk.js'

/** Asks the server to stop the live turns of a talk. The newest come first, or stopping one would let the next begin. */
export async function stopTurns(talk: Talk): Promise<void> {
  const live = talk.turns.filter(({ isLive }) => isLive).reverse()
  const stop = async (turn: Talk['turns'][number]) => {
    try {
      // Until the server has taken the message, nobody can say which turn it is.
      await turn.taken
      const { ref, isLive } = turn
      if (ref && isLive) await talk.client().session(ref.session_id).turns.cancel(ref.turn_id)
    } catch (error) {
      if (codeOf(error) !== 'turn_not_cancellable') fail(talk, error)
    }
  }
  await Promise.all(live.map(stop))
}
