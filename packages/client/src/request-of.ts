import type { ChatInput } from './options.js'

/** What is said, as a request. */
export function requestOf(input: ChatInput): Exclude<ChatInput, string> {
  return typeof input === 'string' ? { message: input } : input
}
