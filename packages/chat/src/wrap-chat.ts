import type { ChatInterface } from '@colloquy/session'

/** What a wrapper has of its own. */
export interface Wrapping {
  readonly name: string
  readonly reply: ChatInterface['reply']
}

/** A chat interface that is another one, or a definition of one, but for its name and its reply. */
export function wrapChat(
  chat: Omit<ChatInterface, 'name' | 'reply'>,
  { name, reply }: Wrapping,
): ChatInterface {
  const wrapped: ChatInterface = {
    name,
    // Read each time it is asked for, because `start` may set it.
    get functions() {
      return chat.functions ?? []
    },
    ...(chat.start && { start: chat.start.bind(chat) }),
    ...(chat.stop && { stop: chat.stop.bind(chat) }),
    ...(chat.health && { health: chat.health.bind(chat) }),
    reply,
  }
  if (chat.chats === undefined) return wrapped
  return Object.defineProperty(wrapped, 'chats', { enumerable: true, get: () => chat.chats })
}
