import type { Message } from '../contract-types.js'
import { newKey } from '../new-key.js'
import type { SessionChatInput, TurnRef } from '../options.js'
import type { ChatMessage } from './chat.js'

/** A turn as it is shown: one user message, and what has come of the answer. */
export interface ShownTurn {
  /** The idempotency key of its message. */
  readonly key: string
  /** What was said. */
  input: Exclude<SessionChatInput, string>
  user: ChatMessage | undefined
  answer: ChatMessage | undefined
  /** What it is at the server; undefined until that has taken the message. */
  ref: TurnRef | undefined
  /** Whether it is sent, waits or runs, as far as is known here. */
  isLive: boolean
  /** The number of the last event that was seen of it. */
  seq: number
  /** Resolves when its id is known, or it has failed. */
  taken?: Promise<void> | undefined
  /** Leaves the stream of its events; undefined while nobody reads one. */
  leave?: (() => void) | undefined
  /** Does again what went wrong with it. */
  again?: (() => Promise<void>) | undefined
}

const blank = {
  input: { message: '' },
  ref: undefined,
  user: undefined,
  answer: undefined,
  isLive: false,
  seq: 0,
} satisfies Partial<ShownTurn>

/** A turn of which the server does not know yet. */
export function newTurn(given: SessionChatInput): ShownTurn {
  const input = typeof given === 'string' ? { message: given } : given
  const key = newKey()
  const user = shownMessage({ id: key, role: 'user', content: input.message, status: 'sending' })
  return { ...blank, key, input, user, isLive: true }
}

/** The turns of a session's messages, as they were read from the server, in the order of their first ones. */
export function turnsOf(session_id: string, messages: readonly Message[]): ShownTurn[] {
  const turns = new Map<string, ShownTurn>()
  for (const { turn_id: turnId, message_id: id, role, content, status, ...message } of messages) {
    const turn: ShownTurn = turns.get(turnId) ?? {
      ...blank,
      key: turnId,
      ref: { session_id, turn_id: turnId },
    }
    turns.set(turnId, turn)
    const { functions_called: functionsCalled = [], created_at: createdAt } = message
    const shown = { id, turnId, role, content, status, functionsCalled, createdAt }
    if (role === 'assistant') turn.answer = shown
    else {
      turn.user = shown
      turn.input = { message: content }
    }
  }
  return [...turns.values()]
}

/** A message with what is not said of it. */
export function shownMessage(
  message: Pick<ChatMessage, 'id' | 'role' | 'content'> & Partial<ChatMessage>,
): ChatMessage {
  return { status: 'complete', functionsCalled: [], createdAt: new Date().toISOString(), ...message }
}
