import type { SessionChatInput } from '../options.js'
import { followTurn } from './follow-turn.js'
import { loadTalk } from './load-talk.js'
import { loseSession } from './lost-session.js'
import { makeSession } from './make-session.js'
import { mark, type ShownTurn } from './shown-turn.js'
import { fail, type Talk } from './talk.js'

/** Sends the message of a turn, as the last of its talk, and follows the turn. Never rejects. */
export async function sayTurn(talk: Talk, turn: ShownTurn): Promise<void> {
  mark(turn, 'user', 'sending', true)
  talk.turns = [...talk.turns.filter((other) => other !== turn), turn]
  talk.show()
  turn.taken = send(talk, turn)
  try {
    await turn.taken
    await turn.followed
  } catch (error) {
    mark(turn, 'user', 'failed', false)
    turn.again = () => sayTurn(talk, turn)
    fail(talk, error)
  }
}

/** A session that turns out to be gone gives way to a new one. */
async function send(talk: Talk, turn: ShownTurn): Promise<void> {
  await loadTalk(talk)
  const { sessionId } = talk
  try {
    await post(talk, turn)
  } catch (error) {
    loseSession(talk, sessionId, error)
    await post(talk, turn)
  }
}

async function post(talk: Talk, turn: ShownTurn): Promise<void> {
  const session_id = talk.sessionId ?? (await (talk.made ??= makeSession(talk)))
  // What is undefined is not sent.
  const input = { on_busy: talk.options().on_busy, ...turn.input } as SessionChatInput
  const events = talk.client().session(session_id).stream(input, { idempotencyKey: turn.key })
  turn.ref = { session_id, turn_id: await events.turnId }
  turn.followed = followTurn(talk, turn, events)
}
