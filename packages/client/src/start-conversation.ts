import type { RestOfBody } from './call.js'
import type { Client, Conversation } from './client.js'
import type { ChatInput, ChatOptions, ConversationOptions, StreamChatOptions } from './options.js'

/** A client's ways to say something of whose request a part may be known a little later. */
export interface Saying {
  readonly send: (
    input: ChatInput,
    options?: ChatOptions,
    rest?: RestOfBody,
  ) => ReturnType<Conversation['send']>
  readonly stream: (
    input: ChatInput,
    options?: StreamChatOptions,
    rest?: RestOfBody,
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
  const within =
    (options: ChatOptions | undefined): RestOfBody =>
    async (signal) => {
      // Whoever is stopped waits no longer, and others still do. Whoever waits tries again, as often as it was told.
      if (!sessionId && !signal.aborted)
        await Promise.race([
          (made ??= sessions
            .create(request, { headers: options?.headers, maxRetries: 0 })
            .then((session) => {
              sessionId = session.session_id
            })
            .finally(() => {
              made = undefined
            })),
          new Promise((stop) => {
            // oxlint-disable-next-line unicorn/prefer-add-event-listener -- an attempt has its signal for itself
            signal.onabort = stop
          }),
        ])
      return { session_id: sessionId }
    }
  return {
    get sessionId() {
      return sessionId
    },
    send: (input, options) => send(input, options, within(options)),
    stream: (input, options) => stream(input, options, within(options)),
  }
}
