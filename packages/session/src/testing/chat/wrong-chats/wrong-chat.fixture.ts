import type { ChatContext, ChatInterface, Chunk } from '../../../chat-interface.js'
import { type Answering, createRightChat } from './right-chat.fixture.js'

/** What a chat interface does wrong: what it does in its own way, on top of one that does everything right. */
export type Mistake = (right: ChatInterface) => Partial<ChatInterface>

/** Mistakes by what the chat interface does. */
export type Mistakes = Readonly<Record<string, Mistake>>

/** A chat interface that makes a mistake. */
export function createWrongChat(mistake: Mistake): ChatInterface {
  const right = createRightChat()
  return { ...right, ...mistake(right) }
}

/** What may take the place of an answer: chunks of any kind, and what is none. */
type Odd = AsyncIterable<unknown>

/** Answers one message in its own way, and all others rightly. */
export const answering =
  (message: string, reply: (right: Answering, context: ChatContext) => Odd): Mistake =>
  (right) => ({
    reply: (asked, context) => {
      const answer = right.reply(asked, context)
      return (asked === message ? reply(answer as Answering, context) : answer) as AsyncIterable<Chunk>
    },
  })

/** Yields these in place of an answer to a message. */
export const yielding = (message: string, ...chunks: readonly unknown[]): Mistake =>
  answering(message, async function* () {
    yield* chunks
  })

/** Changes every chunk of an answer to a message. */
export const changing = (message: string, change: (chunk: Chunk) => readonly unknown[]): Mistake =>
  answering(message, async function* (right) {
    for await (const chunk of right) {
      yield* typeof chunk === 'string' ? change({ type: 'text', text: chunk }) : change(chunk)
    }
  })

/** Does something in every reply, besides what is right. */
export const besides =
  (deed: (context: ChatContext, message: string) => unknown): Mistake =>
  (right) => ({
    async *reply(message, context) {
      await deed(context, message)
      yield* right.reply(message, context)
    },
  })
