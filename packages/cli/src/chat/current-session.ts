import type { Client } from '@colloquy/client'

/** The session that a conversation is in. */
export interface CurrentSession {
  /** Undefined until the first message of a new one was taken. */
  id(): string | undefined
  /** The chat that a new one begins with; undefined for the server's default. */
  chat(): string | undefined
  /** The ids that were listed last, the most recently active first. */
  readonly listed: string[]
  /** Begins a new one with the next message. */
  begin(chat?: string): void
  /** Goes on in this one. */
  goOn(id: string): Promise<void>
  /** Where it can be taken up again: whether it was remembered. */
  isRemembered(): boolean
}

/** Makes the session of a conversation. */
export function createCurrentSession(
  chat: string | undefined,
  remember: (id: string) => Promise<boolean>,
): CurrentSession {
  let current: { readonly id: string | undefined; readonly chat: string | undefined } = {
    id: undefined,
    chat,
  }
  let isRemembered = false
  return {
    listed: [],
    id: () => current.id,
    chat: () => current.chat,
    isRemembered: () => current.id !== undefined && isRemembered,
    begin(chat = current.chat) {
      current = { id: undefined, chat }
    },
    async goOn(id) {
      if (current.id === id) return
      current = { ...current, id }
      isRemembered = await remember(id)
    },
  }
}

/** What is said, and where. */
export function chatRequest(session: Pick<CurrentSession, 'id' | 'chat'>, message: string) {
  const id = session.id()
  const chat = session.chat()
  if (id !== undefined) return { message, session_id: id }
  return chat === undefined ? { message } : { message, chat }
}

/** How many messages a page has at most. */
const pageLimit = 200

/** The latest messages of a session, oldest first. */
export async function latestMessages(client: Client, id: string, count: number) {
  const messages = []
  let cursor: string | undefined
  do {
    const limit = Math.min(pageLimit, count - messages.length)
    const page = await client.session(id).messages({ order: 'desc', limit, cursor })
    messages.push(...page.data)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined && messages.length < count)
  return messages.reverse()
}
