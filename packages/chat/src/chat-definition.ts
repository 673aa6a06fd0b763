import type { ChatContext, ChatInterface, Chunk, FunctionDefinition } from '@colloquy/session'

/** A piece of an answer: text, or a chunk of another kind. */
export type ReplyPart = string | Chunk

/** An answer: one piece, or a sequence of them. A string is one piece, however long it is. */
export type Reply = ReplyPart | Iterable<ReplyPart> | AsyncIterable<ReplyPart>

/** A function that answers a message: at once, later, or piece by piece. */
export type ChatFunction = (message: string, context: ChatContext) => Reply | PromiseLike<Reply>

/** A chat interface as one writes it: only `reply` is needed, and it may answer in any of the forms of {@link Reply}. */
export interface ChatDefinition extends Pick<ChatInterface, 'start' | 'stop' | 'health' | 'chats'> {
  /** What answers, in a word or two. Default: the name of the object's class, or `chat`. */
  readonly name?: string
  /** The functions that it can call while it answers. Read each time it is asked for, so `start` may set it. */
  readonly functions?: readonly FunctionDefinition[]
  reply(message: string, context: ChatContext): Reply | PromiseLike<Reply>
}
