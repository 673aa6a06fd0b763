import type { ChatInterface } from './chat-interface.js'

/** Which chat a new session has, when it chose this one: by its name, so that it stays the same when another becomes the first. */
export function chosenChat({ chats = [] }: ChatInterface, chosen: string | undefined): string | null {
  return chosen ?? chats[0]?.name ?? null
}
