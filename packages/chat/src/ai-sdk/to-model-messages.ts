import type { HistoryMessage } from '@colloquy/session'
import type { ModelMessage } from 'ai'
import { callMessages, createHistoryCallIds } from './call-messages.js'

/**
 * The messages that a model is given: the history, and the message to answer. An answer with calls becomes a message with
 * the calls, one with their results, and one with the text, as providers want it.
 *
 * Messages without text are left out, because providers refuse them, and texts of one side that follow each other become
 * one message, because some models want both sides to take turns.
 */
export function toModelMessages(history: readonly HistoryMessage[], message: string): ModelMessage[] {
  const callIds = createHistoryCallIds()
  const messages: ModelMessage[] = []
  for (const { role, content, functionsCalled = [] } of history) {
    if (functionsCalled.length > 0) messages.push(...callMessages(functionsCalled, callIds))
    if (content.trim() !== '') say(messages, role, content)
  }
  say(messages, 'user', message)
  return messages
}

function say(messages: ModelMessage[], role: 'user' | 'assistant', content: string): void {
  const last = messages.at(-1)
  if (last?.role === role && typeof last.content === 'string') {
    messages.pop()
    messages.push({ role, content: `${last.content}\n\n${content}` })
  } else {
    messages.push({ role, content })
  }
}
