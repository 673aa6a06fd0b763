import type { TurnEvent } from '../contract-types.js'
import type { TurnRef } from '../options.js'
import type { ChatMessage } from './chat.js'
import { followTurn } from './follow-turn.js'
import { loadTalk } from './load-talk.js'
import { isLost, loseSession } from './lost-session.js'
import { openSession } from './open-session.js'
import type { ShownTurn } from './shown-turn.js'
import { fail, type Parts, type Talk } from './talk.js'

/** Sends the message of a turn, as the last of its talk, and follows the turn. Never rejects. */
export async function sayTurn(parts: Parts, talk: Talk, turn: ShownTurn): Promise<void> {
  turn.isLive = true
  markUser(turn, 'sending')
  talk.turns = [...talk.turns.filter((other) => other !== turn), turn]
  parts.show('now')
  const begun = accepted(parts, talk, turn).then(({ ref, events }) => {
    turn.ref = ref
    return { end: followTurn(parts, talk, turn, events) }
  })
  const ignore = () => undefined
  turn.taken = begun.then(ignore, ignore)
  try {
    await (await begun).end
  } catch (error) {
    turn.isLive = false
    turn.again = () => sayTurn(parts, talk, turn)
    markUser(turn, 'failed')
    parts.show('now')
    fail(parts, talk, error)
  }
}

/** What the server makes of the message. A session that turns out to be gone gives way to a new one. */
async function accepted(parts: Parts, talk: Talk, turn: ShownTurn): Promise<Accepted> {
  await loadTalk(parts, talk)
  const { sessionId } = talk
  try {
    return await post(parts, talk, turn)
  } catch (error) {
    if (sessionId === undefined || talk.isChosen || !isLost(error)) throw error
    loseSession(parts, talk, sessionId)
    return post(parts, talk, turn)
  }
}

interface Accepted {
  readonly ref: TurnRef
  readonly events: AsyncIterable<TurnEvent>
}

async function post(parts: Parts, talk: Talk, { key, input }: ShownTurn): Promise<Accepted> {
  const session = await openSession(parts, talk)
  const { on_busy } = parts.options
  const events = session.stream({ ...(on_busy && { on_busy }), ...input }, { idempotencyKey: key })
  return { ref: { session_id: session.session_id, turn_id: await events.turnId }, events }
}

function markUser(turn: ShownTurn, status: ChatMessage['status']): void {
  if (turn.user) turn.user = { ...turn.user, status }
}
