import type { Client, Conversation } from './client.js'
import type { ChatInput, ChatOptions, ConversationOptions, StreamChatOptions } from './options.js'
import { requestOf } from './request-of.js'

/** A client's ways to say something whose request may be known a little later. */
export interface Saying {
  readonly send: (
    input: ChatInput | Promise<ChatInput>,
    options?: ChatOptions,
  ) => ReturnType<Conversation['send']>
  readonly stream: (
    input: ChatInput | Promise<ChatInput>,
    options?: StreamChatOptions,
  ) => ReturnType<Conversation['stream']>
}

/** A conversation. The first message makes the session, and others wait for it, so that they get into the same. */
export function startConversation(
  { send, stream }: Saying,
  sessions: Client['sessions'],
  { session_id, ...request }: ConversationOptions = {},
): Conversation {
  let sessionId = session_id
  let made: Promise<unknown> | undefined
  const make = async () => {
    try {
      sessionId = (await sessions.create(request)).session_id
    } finally {
      made = undefined
    }
  }
  const within = async (input: ChatInput) => {
    if (!sessionId) await (made ??= make())
    return { ...requestOf(input), session_id: sessionId as string }
  }
  return {
    get sessionId() {
      return sessionId
    },
    send: (input, options) => send(within(input), options),
    stream: (input, options) => stream(within(input), options),
  }
}
