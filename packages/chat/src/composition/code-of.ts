import { type ChatErrorCode, isChatError } from '@colloquy/session'

/** What may be told of an error in the log: its code, and nothing that it says. */
export function codeOf(error: unknown): ChatErrorCode | 'chat_failed' {
  return isChatError(error) ? error.code : 'chat_failed'
}
