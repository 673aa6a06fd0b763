import { followLive } from './follow-turn.js'
import { loseSession } from './lost-session.js'
import { turnsOf } from './shown-turn.js'
import { fail, type Talk } from './talk.js'

/** Reads the messages of a talk's session, once; anew when that has failed. Turns that go on are then followed. */
export function loadTalk(talk: Talk): Promise<void> {
  return (talk.loaded ??= load(talk))
}

/** The same, where nobody waits for it. Never rejects. */
export async function openTalk(talk: Talk): Promise<void> {
  await loadTalk(talk).catch((error: unknown) => fail(talk, error))
}

async function load(talk: Talk): Promise<void> {
  const { sessionId } = talk
  if (!sessionId) return
  talk.isLoading = true
  try {
    const session = await talk.client().sessions.get(sessionId)
    const { history: limit = 200 } = talk.options()
    const { data } = await session.messages({ order: 'desc', limit })
    const turns = turnsOf(sessionId, data.toReversed())
    if (session.expires_at === null) {
      // The running turn and those that wait behind it go on, unless one has got its answer since. Between two turns none
      // runs, though there is no end of the session: then the last one waits.
      const running = turns.findIndex(({ ref }) => ref?.turn_id === session.active_turn_id)
      for (const turn of turns.slice(running)) turn.isLive = !turn.assistant
    }
    talk.turns = [...turns, ...talk.turns]
    followLive(talk)
  } catch (error) {
    talk.loaded = undefined
    loseSession(talk, sessionId, error)
  } finally {
    talk.isLoading = false
    talk.show()
  }
}
