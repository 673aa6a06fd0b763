import type { Client } from '../client.js'
import type { SessionChatInput } from '../options.js'
import type { ChatMessage, ChatState } from './chat.js'
import type { CreateChatOptions } from './chat-options.js'
import type { KeptSession } from './kept-session.js'
import type { Publisher } from './publisher.js'
import type { ShownTurn } from './shown-turn.js'

/** What is known of a session. */
export interface Said {
  sessionId: string | undefined
  turns: readonly ShownTurn[]
  error?: Error | undefined
  /** Whether its messages are still to be read. */
  isLoading: boolean
  loaded?: Promise<void> | undefined
  made?: Promise<string> | undefined
}

/** What is said in one session. A chat that is reset gets another one, and what goes on in this one shows no more. */
export interface Talk extends Said, Parts {}

/** What everything that is done in a talk needs. */
export interface Parts extends Pick<Publisher<ChatState>, 'show' | 'showSoon'> {
  readonly client: () => Client
  /** As they are now. */
  readonly options: () => CreateChatOptions
  /** Keeps its session's id; nothing any more when the chat was reset. */
  kept: KeptSession
  /** Whether its turns are followed: not while nobody looks, and not when the chat was reset. */
  isFollowed: boolean
  /** Says something as a new turn. */
  readonly say: (input: SessionChatInput) => Promise<void>
}

/** A session of which nothing has been read. */
export function nothingSaid(sessionId?: string): Said {
  return { sessionId, turns: [], isLoading: !!sessionId }
}

/** What is shown of it, behind the messages that a chat begins with. */
export function stateOf(
  { sessionId, turns, error, isLoading }: Said,
  initial: readonly ChatMessage[],
): ChatState {
  const said = turns.flatMap(({ user, assistant }) => [user ?? [], assistant ?? []].flat())
  const live = turns.filter(({ isLive }) => isLive).map(({ assistant }) => assistant?.status)
  const rest = isLoading ? 'loading' : error ? 'error' : 'idle'
  return {
    messages: [...initial.filter(({ id }) => !said.some((message) => message.id === id)), ...said],
    status: live.includes('streaming') ? 'streaming' : live.length > 0 ? 'submitted' : rest,
    error,
    sessionId,
  }
}

/** Says that something went wrong in it. Several may wait for the same, and it goes wrong for all of them. */
export function fail(talk: Talk, error: unknown): void {
  if (talk.error !== error) tell(talk.options().onError, error as Error)
  talk.error = error as Error
  talk.show()
}

/** The code of an error of the client. */
export function codeOf(error: unknown): string {
  return `${(error as { readonly code?: string }).code}`
}

/** Calls what the page has given, where an error that it throws is its own. */
export function tell<Value>(listener: ((value: Value) => void) | undefined, value: Value): void {
  if (listener) queueMicrotask(() => listener(value))
}
