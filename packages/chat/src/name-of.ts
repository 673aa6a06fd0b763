import type { ChatDefinition, ChatFunction } from './chat-definition.js'
import { classNameOf } from './shape-of.js'

/** What a chat calls itself; undefined when it has no name of its own. */
export function nameOf(chat: ChatFunction | ChatDefinition): string | undefined {
  // JavaScript names an anonymous default export "default".
  if (typeof chat === 'function') return chat.name === 'default' ? undefined : chat.name
  return chat.name || classNameOf(chat)
}
