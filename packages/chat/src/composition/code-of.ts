import { type ChatErrorCode, isChatError } from '@colloquy/session'

/** The code of an error; for one that has none `chat_failed`, which a turn that fails with it gets. */
export function codeOf(error: unknown): ChatErrorCode | 'chat_failed' {
  return isChatError(error) ? error.code : 'chat_failed'
}
