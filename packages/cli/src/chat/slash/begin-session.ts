import type { Status } from '@colloquy/client'
import { nearestName } from '../../config/nearest-name.js'
import type { Talk } from '../talk.js'

/** Begins a new session, with the chat that is named or with the same as before. */
export async function beginSession(
  { connection, screen, session, source }: Talk,
  chat: string,
): Promise<void> {
  if (chat !== '') {
    const fault = chatFault(await connection.client.status(), chat)
    if (fault !== undefined) return screen.fault(fault)
  }
  session.begin(chat === '' ? undefined : chat)
  source.recall([])
  const by = session.chat()
  screen.note(`A new session begins with the next message${by === undefined ? '' : `, with ${by}`}.`)
}

/** Why sessions can't choose a chat of that name; undefined when they can. */
export function chatFault({ chats }: Pick<Status, 'chats'>, name: string): string | undefined {
  const names = chats.map((chat) => chat.name)
  if (names.includes(name)) return undefined
  if (names.length === 0)
    return `There is no chat ${name} to choose: the server has only one, without a name.`
  const nearest = nearestName(name, names)
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  return `There is no chat ${name}. Those there are: ${names.join(', ')}.${hint}`
}
