import type { FunctionCall } from '../contract-types.js'
import type { SessionChatInput } from '../options.js'

/**
 * How a message stands. Of the user's: it is `sending` until the server has taken it, then `queued` while its turn waits,
 * then `complete`; or `failed`, which never reached the server, or was refused. Of an answer: it is `streaming`, then
 * `complete`, or `partial` when its turn ended, or its connection was lost, before it was whole.
 */
export type ChatMessageStatus = 'sending' | 'queued' | 'failed' | 'streaming' | 'complete' | 'partial'

/** A message as it is to be shown. It is never changed: what changes is another object, so that it can be compared. */
export interface ChatMessage {
  /** Stays the same while the page lives; of a message that was read from the server, its `message_id` there. */
  readonly id: string
  /** Its turn at the server; undefined until the server has taken it. */
  readonly turnId?: string | undefined
  readonly role: 'user' | 'assistant'
  readonly content: string
  readonly status: ChatMessageStatus
  /** The functions that were called so far, each with its result or error once it has one. */
  readonly functionsCalled: readonly FunctionCall[]
  /** When it was sent, or answered (RFC 3339). */
  readonly createdAt: string
}

/**
 * What is going on: nothing (`idle`); the messages of the session are read (`loading`); a message was sent, and nothing of
 * its answer has come (`submitted`); an answer comes (`streaming`); nothing, after something went wrong (`error`).
 */
export type ChatStatus = 'idle' | 'loading' | 'submitted' | 'streaming' | 'error'

/** A chat at one moment. It is never changed. */
export interface ChatState {
  /** Oldest first, each answer behind its question. */
  readonly messages: readonly ChatMessage[]
  readonly status: ChatStatus
  /** What went wrong last; gone with the next `send`, `retry` or `reset`. Mostly a `ColloquyError`, with a `code`. */
  readonly error: Error | undefined
  /** The session, once there is one. */
  readonly sessionId: string | undefined
}

/** What can be done in a chat. None of them ever rejects: what goes wrong is the state's `error`. */
export interface ChatActions {
  /**
   * Says something. It is shown at once; the promise resolves when its turn has ended, or has failed, or is no longer
   * followed. While an answer comes, `on_busy` says what happens: the message is refused (`reject`), waits (`queue`), or
   * takes over (`interrupt`).
   */
  readonly send: (input: SessionChatInput) => Promise<void>
  /** Asks the server to stop the turn, and those that wait behind it; what has come of the answer stays, as `partial`. */
  readonly stop: () => Promise<void>
  /**
   * Does again what went wrong: sends a message that failed, by the same idempotency key, so that it is never answered
   * twice; reads on an answer whose connection was lost; says the message of a turn that failed once more, as a new
   * turn, beside which the server keeps the old one; reads the session.
   *
   * @param messageId the message that it is about. Default: the last of which something went wrong
   */
  readonly retry: (messageId?: string) => Promise<void>
  /** Forgets the session and begins anew. Turns that run go on at the server. */
  readonly reset: () => void
}

/** A chat outside of any framework: a store that can be subscribed to, for one component or many. */
export interface Chat extends ChatActions {
  /** The chat as it is now: the same object until something changes. */
  readonly getState: () => ChatState
  /** The chat before anything is known, as a server renders it. */
  readonly getInitialState: () => ChatState
  /**
   * Calls the listener after changes, at most once in a frame while text comes. The first subscription reads the
   * session; when the last is gone, running turns are no longer read, and with the next one they are read on.
   *
   * @returns ends the subscription
   */
  readonly subscribe: (listener: () => void) => () => void
}
