import type { Client } from '../client.js'
import type { SessionChatInput } from '../options.js'
import type { ChatState } from './chat.js'
import type { CreateChatOptions } from './chat-options.js'
import type { KeptSession } from './kept-session.js'
import { type ShownTurn, shownMessage } from './shown-turn.js'

/** What is said in one session. A chat that is reset gets another one, and what goes on in this one shows no more. */
export interface Talk {
  sessionId: string | undefined
  /** Whether the page has chosen the session: then another one is never taken in its place. */
  readonly isChosen: boolean
  turns: readonly ShownTurn[]
  error: Error | undefined
  /** Whether its messages are still to be read. */
  isLoading: boolean
  loaded?: Promise<void> | undefined
  made?: Promise<string> | undefined
}

/** What everything that is done in a chat needs. */
export interface Parts {
  readonly client: () => Client
  readonly options: CreateChatOptions
  readonly kept: KeptSession
  /** Whether the chat has not been reset since. */
  readonly isCurrent: (talk: Talk) => boolean
  /** Whether turns are followed: not while nobody looks. */
  readonly isFollowed: (talk: Talk) => boolean
  /** Says something as a new turn. */
  readonly say: (input: SessionChatInput) => Promise<void>
  /** Shows what has changed: `soon` with the next frame. */
  readonly show: (when: 'now' | 'soon') => void
}

/** A session of which nothing has been read. */
export function newTalk(sessionId: string | undefined, isChosen = false): Talk {
  return { sessionId, isChosen, turns: [], error: undefined, isLoading: sessionId !== undefined }
}

/** What is shown of it. */
export function stateOf(
  { sessionId, turns, error, isLoading }: Talk,
  { initialMessages = [] }: CreateChatOptions,
): ChatState {
  const said = turns.flatMap(({ user, answer }) => [user, answer]).filter((message) => message !== undefined)
  const initial = initialMessages
    .map((message, index) => shownMessage({ id: `initial-${index}`, createdAt: '', ...message }))
    .filter(({ id }) => !said.some((message) => message.id === id))
  const live = turns.filter(({ isLive }) => isLive)
  const isStreaming = live.some(({ answer }) => answer?.status === 'streaming')
  const rest = isLoading ? 'loading' : error ? 'error' : 'idle'
  const status = isStreaming ? 'streaming' : live.length > 0 ? 'submitted' : rest
  return { messages: [...initial, ...said], status, error, sessionId }
}

/** Says that something went wrong in it. */
export function fail({ options, show }: Parts, talk: Talk, error: unknown): void {
  if (talk.error === error) return
  talk.error = error instanceof Error ? error : new Error('The chat failed', { cause: error })
  show('now')
  tell(options.onError, talk.error)
}

/** Calls what the page has given. What it throws is the page's fault, and must not stop the chat. */
export function tell<Value>(listener: ((value: Value) => void) | undefined, value: Value): void {
  try {
    listener?.(value)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
