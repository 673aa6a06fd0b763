import { ChatError, type FunctionDefinition } from '@colloquy/session'
import type { Remote } from './remote.js'
import { remoteFailure } from './remote-failure.js'

/**
 * The functions of the chat that is asked at a remote server: the one that was chosen, or else the first. It tells their names
 * and descriptions, and not their parameters: those are objects.
 *
 * @throws ChatError where the server can't be reached, refuses the key, is no Colloquy server, or has no such chat
 */
export async function readFunctions(
  { client, who, chat: name, startTimeoutMs }: Remote,
  signal: AbortSignal,
): Promise<readonly FunctionDefinition[]> {
  try {
    const { chat, chats } = await client.status({ signal, timeout: startTimeoutMs })
    const asked = name === undefined ? (chats[0] ?? chat) : chats.find((one) => one.name === name)
    if (asked === undefined) throw noSuchChat(who, name ?? '', chats)
    return asked.available_functions.map(({ name, description }) => ({
      name,
      description,
      parameters: { type: 'object' },
    }))
  } catch (error) {
    signal.throwIfAborted()
    throw remoteFailure(who, error)
  }
}

/** So many chats are named at most, and of each name so many characters. */
const most = 20
const longest = 64

function noSuchChat(who: string, name: string, chats: readonly { readonly name: string }[]): ChatError {
  const isMissing = `${who} has no chat ${shown(name)}`
  if (chats.length === 0)
    return new ChatError('refused', `${isMissing}: it has one only. Leave the option "chat" out.`)
  const names = chats.slice(0, most).map((chat) => shown(chat.name))
  if (chats.length > most) names.push(`and ${chats.length - most} more`)
  return new ChatError(
    'refused',
    `${isMissing}. It has: ${names.join(', ')}. Give one of them in the option "chat", or none for the first.`,
  )
}

/** It is whatever the server says: it is cut, and can not break the line. */
function shown(name: string): string {
  return JSON.stringify(name.length <= longest ? name : `${name.slice(0, longest - 1)}…`.toWellFormed())
}
