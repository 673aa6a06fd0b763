import { latestMessages } from '../current-session.js'
import type { Talk } from '../talk.js'

const usualCount = 20

/** Shows the latest messages of the session. */
export async function showHistory({ connection, screen, session }: Talk, words: string): Promise<void> {
  const id = session.id()
  if (id === undefined) return screen.note('Nothing has been said in this session.')
  if (!/^[1-9]\d{0,5}$|^$/.test(words)) return screen.fault('How many messages? Example: /history 10')
  const count = words === '' ? usualCount : Number(words)
  const messages = await latestMessages(connection.client, id, count)
  for (const { role, content, status } of messages) {
    const end = status === 'partial' ? ' (not whole)' : ''
    screen.note(`${role === 'user' ? '> ' : ''}${content}${end}`)
  }
}
