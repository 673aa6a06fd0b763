import type { Status } from '@colloquy/client'
import type { Talk } from '../talk.js'
import { twoColumns } from '../two-columns.js'

/** Lists the functions that the chat of the session can call. */
export async function listFunctions(talk: Talk): Promise<void> {
  const { connection, screen } = talk
  const status = await connection.client.status()
  const { name, available_functions: functions } = chatOf(status, await chatName(talk))
  if (functions.length === 0) return screen.note(`${name} tells of no functions.`)
  const rows = functions.map(({ name, description }) => [name, description] as const)
  screen.note(twoColumns(rows, screen.columns()))
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
