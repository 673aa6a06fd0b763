import { factsText } from '../../output/facts-text.js'
import type { Talk } from '../talk.js'
import { chatName, chatOf } from './list-functions.js'

/** Shows what is talked to, and where. */
export async function showStatus(talk: Talk): Promise<void> {
  const { connection, screen, session } = talk
  const status = await connection.client.status()
  const facts = [
    ['server', `${connection.url} (${status.name} ${status.version}${status.ready ? '' : ', not ready'})`],
    ['chat', chatOf(status, await chatName(talk)).name],
    ...(status.chats.length > 1 ? [['chats', status.chats.map(({ name }) => name).join(', ')] as const] : []),
    ['store', status.store.kind],
    ['session', session.id() ?? 'a new one begins with the next message'],
  ] as const
  screen.note(factsText(facts, screen.columns() - 1).trimEnd())
}
