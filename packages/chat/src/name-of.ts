import type { ChatDefinition, ChatFunction } from './chat-definition.js'
import { classNameOf } from './shape-of.js'

/** What a chat, or a class of chats, calls itself; undefined when it has no name of its own. */
export function nameOf(chat: ChatFunction | ChatDefinition | (new () => unknown)): string | undefined {
  if (typeof chat === 'function') return named(chat.name)
  return chat.name || named(classNameOf(chat))
}

/** JavaScript names an anonymous default export "default". */
function named(name: string | undefined): string | undefined {
  return name === 'default' || name === '' ? undefined : name
}
