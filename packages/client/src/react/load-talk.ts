import type { ChatSession } from '../client.js'
import type { Message } from '../contract-types.js'
import { followLive } from './follow-turn.js'
import { isLost, loseSession } from './lost-session.js'
import { turnsOf } from './shown-turn.js'
import type { Parts, Talk } from './talk.js'

/** The most that the server gives in one page. */
const longestPage = 200

/** Reads the messages of a talk's session, once; anew when that has failed. Turns that go on are then live. */
export function loadTalk(parts: Parts, talk: Talk): Promise<void> {
  talk.loaded ??= load(parts, talk).finally(() => {
    if (talk.isLoading) talk.loaded = undefined
    talk.isLoading = false
    parts.show('now')
  })
  return talk.loaded
}

async function load(parts: Parts, talk: Talk): Promise<void> {
  const { sessionId } = talk
  if (sessionId === undefined) return
  talk.isLoading = true
  try {
    const session = await parts.client().sessions.get(sessionId)
    const turns = turnsOf(sessionId, await readLatest(session, parts.options.history ?? longestPage))
    markLive(turns, session)
    talk.turns = [...turns, ...talk.turns]
    followLive(parts, talk)
  } catch (error) {
    if (talk.isChosen || !isLost(error)) throw error
    loseSession(parts, talk, sessionId)
  }
  talk.isLoading = false
}

async function readLatest(session: ChatSession, history: number): Promise<Message[]> {
  const messages: Message[] = []
  if (history <= 0) return messages
  const limit = Math.min(history, longestPage)
  for await (const message of session.messages({ order: 'desc', limit })) {
    messages.unshift(message)
    if (messages.length >= history) break
  }
  return messages
}

/**
 * The running turn and those that wait behind it go on; unless one has got its answer since. Between two turns, none
 * runs, and the session tells by having no end that it is busy all the same.
 */
function markLive(turns: ReturnType<typeof turnsOf>, session: ChatSession): void {
  const { active_turn_id: active, expires_at } = session
  const index = turns.findIndex(({ ref }) => ref?.turn_id === active)
  const live = index >= 0 ? turns.slice(index) : expires_at === null ? turns.slice(-1) : []
  for (const turn of live) turn.isLive = turn.answer === undefined
}
