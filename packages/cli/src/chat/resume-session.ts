import type { Message, Session } from '@colloquy/client'
import { latestMessages } from './current-session.js'
import { follow } from './say.js'
import type { Talk } from './talk.js'

/** So many of the latest messages are there to be brought back with Up. */
const recalled = 200

/** So much of what was said last is shown, in characters. */
const longestShown = 2_000

/**
 * Goes on in a session: shows what was said last, lets Up bring back what the user said, and reads on a turn that runs.
 *
 * @throws ColloquyError when there is no such session
 */
export async function resumeSession(talk: Talk, id: string): Promise<void> {
  const { connection, session, source } = talk
  const found = await connection.client.sessions.get(id)
  const messages = await latestMessages(connection.client, id, recalled)
  source.recall(messages.filter(({ role }) => role === 'user').map(({ content }) => content))
  await session.goOn(id)
  showLast(talk, found, messages)
  if (found.active_turn_id === null) return
  await follow(talk, { session_id: id, turn_id: found.active_turn_id })
}

function showLast({ screen }: Talk, { active_turn_id: active }: Session, messages: readonly Message[]): void {
  const last = messages.findLastIndex(
    ({ role, turn_id }) => role === 'user' && (active === null || turn_id === active),
  )
  for (const { role, content } of messages.slice(Math.max(last, 0))) {
    const shown = content.length > longestShown ? `…${content.slice(-longestShown)}` : content
    screen.note(role === 'user' ? `> ${shown}` : shown)
  }
  if (active === null && messages.length > 0) screen.gap()
}
