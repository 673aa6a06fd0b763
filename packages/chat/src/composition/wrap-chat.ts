import type { ChatInterface } from '@colloquy/session'

/** What a wrapper has of its own. */
export interface Wrapping {
  /** Default: the name of the one that is wrapped. */
  readonly name: string | undefined
  readonly reply: ChatInterface['reply']
}

/** A chat interface that is another one but for its reply, and for its name where it has one of its own. */
export function wrapChat(chat: ChatInterface, { name, reply }: Wrapping): ChatInterface {
  const wrapped: ChatInterface = {
    name: name || chat.name,
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
