import { type ChatContext, ChatError, type ChatInterface } from '@colloquy/session'
import type { ChatDefinition, ChatFunction } from './chat-definition.js'
import { defineChat } from './define-chat.js'
import { hasReply } from './has-reply.js'
import { openReply } from './open-reply.js'
import { isClass } from './shape-of.js'

/**
 * A chat of a function without parameters, of which only the result tells what it is: an answer, or a chat, and then it was a
 * factory. It is not called to find that out: one that answers may do anything. The first message does find out. Of a
 * factory, the chat that it makes first is started then, and answers from then on.
 */
export function undecidedChat(ask: Ask, name: string): ChatInterface {
  let isStopped = false
  let starting: Promise<ChatInterface> | undefined
  let made: ChatInterface | undefined

  async function begin(found: ChatFunction | ChatDefinition): Promise<ChatInterface> {
    const chat = defineChat(found, typeof found === 'function' ? { name } : {})
    await chat.start?.()
    made = chat
    return chat
  }

  /** The first that is made counts: other messages may have come while the factory was still making it. */
  function start(found: ChatFunction | ChatDefinition): Promise<ChatInterface> {
    if (isStopped) throw new ChatError('not_ready', `The chat ${name} was stopped before it was made.`)
    starting ??= begin(found).catch((cause: unknown) => {
      starting = undefined // the next message tries again
      throw new ChatError('not_ready', `The chat that ${name} made could not be started.`, { cause })
    })
    return starting
  }

  function settle(result: unknown, message: string, context: ChatContext): unknown {
    if (!isChat(result)) return result
    return start(result).then((chat) => chat.reply(message, context))
  }

  return {
    get name() {
      return made?.name ?? name
    },
    get functions() {
      return made?.functions ?? []
    },
    async stop() {
      isStopped = true
      await (await starting?.catch(() => undefined))?.stop?.()
    },
    health: () => made?.health?.() ?? {},
    reply: (message, context) =>
      made?.reply(message, context) ??
      openReply(() => {
        const result = ask(message, context)
        return result instanceof Promise
          ? result.then((settled) => settle(settled, message, context))
          : settle(result, message, context)
      }, name),
  }
}

/** Declared without parameters, but it may look at `arguments`. */
type Ask = (...args: Parameters<ChatFunction>) => unknown

function isChat(value: unknown): value is ChatFunction | ChatDefinition {
  return hasReply(value) || (typeof value === 'function' && !isClass(value))
}
