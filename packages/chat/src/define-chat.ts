import type { ChatInterface } from '@colloquy/session'
import type { ChatDefinition, ChatFunction } from './chat-definition.js'
import { hasReply } from './has-reply.js'
import { nameOf } from './name-of.js'
import { openReply } from './open-reply.js'
import { isClass, shapeOf } from './shape-of.js'
import { wrapChat } from './wrap-chat.js'

/** Options of {@link defineChat}. */
export interface DefineChatOptions {
  /** What answers, in a word or two. Default: the name of the function or of the object's class, or `chat`. */
  readonly name?: string
}

/**
 * Makes a chat interface of what answers messages: a function, or an object with a `reply` method and, if it likes,
 * `name`, `functions`, `chats`, `start`, `stop` and `health`. The object's methods are called on the object itself.
 *
 * @throws TypeError when it is neither
 */
export function defineChat(
  chat: ChatFunction | ChatDefinition,
  options: DefineChatOptions = {},
): ChatInterface {
  checkDefinition(chat)
  const name = options.name || nameOf(chat) || 'chat'
  if (typeof chat === 'function') {
    return { name, reply: (message, context) => openReply(() => chat(message, context), name) }
  }
  return wrapChat(chat, {
    name,
    reply: (message, context) => openReply(() => chat.reply(message, context), name),
  })
}

function checkDefinition(chat: unknown): void {
  if (isClass(chat)) {
    throw new TypeError(
      `defineChat() was given the ${shapeOf(chat)}. Give it an instance: defineChat(new ${chat.name}())`,
    )
  }
  if (typeof chat === 'function' || hasReply(chat)) return
  throw new TypeError(
    `defineChat() was given: ${shapeOf(chat)}. Expected: a function (message, context) that answers, ` +
      'or an object with such a function as its method reply.',
  )
}
