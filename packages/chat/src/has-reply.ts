import type { ChatDefinition } from './chat-definition.js'

/** Tells an object with a `reply` method. */
export function hasReply(value: unknown): value is ChatDefinition {
  return typeof value === 'object' && value !== null && 'reply' in value && typeof value.reply === 'function'
}
