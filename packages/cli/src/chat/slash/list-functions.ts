import type { Status } from '@colloquy/client'
import { inColumns } from '../../output/in-columns.js'
import type { Talk } from '../talk.js'

/** Lists the functions that the chat of the session can call. */
export async function listFunctions(talk: Talk): Promise<void> {
  const { connection, screen } = talk
  const status = await connection.client.status()
  const { name, available_functions: functions } = chatOf(status, await chatName(talk))
  screen.note(
    functions.length === 0
      ? `${name} has no functions that it tells of.`
      : inColumns(
          functions.map(({ name, description }) => [name, description.replaceAll(/\s+/g, ' ')]),
        ).trimEnd(),
  )
}

/** The name of the chat that answers in the session; undefined where there is no choice. */
export async function chatName({ connection, session }: Talk): Promise<string | undefined> {
  const id = session.id()
  if (id === undefined) return session.chat()
  return (await connection.client.sessions.get(id)).chat ?? undefined
}

/** What a server tells of one of its chats; without a name, of its first. */
export function chatOf({ chat, chats }: Status, name: string | undefined): Status['chat'] {
  return chats.find((one) => one.name === name) ?? chats[0] ?? chat
}
