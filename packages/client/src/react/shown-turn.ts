import type { Message } from '../contract-types.js'
import type { SessionChatInput, TurnRef } from '../options.js'
import type { ChatMessage, ChatMessageStatus } from './chat.js'

/** A turn as it is shown: one user message, and what has come of the answer. */
export interface ShownTurn {
  /** The idempotency key of its message. */
  readonly key: string
  /** What was said. */
  readonly input: Exclude<SessionChatInput, string>
  user?: ChatMessage | undefined
  assistant?: ChatMessage | undefined
  /** What it is at the server; undefined until that has taken the message. */
  ref?: TurnRef | undefined
  /** Whether it is sent, waits or runs, as far as is known here. */
  isLive: boolean
  /** The number of the last event that was seen of it. */
  seq: number
  /** Resolves when the server has taken the message. */
  taken?: Promise<void>
  /** Resolves when it is no longer followed. */
  followed?: Promise<void>
  /** Leaves the stream of its events; undefined while nobody reads one. */
  leave?: (() => void) | undefined
  /** Does again what went wrong with it. */
  again?: (() => Promise<void>) | undefined
}

/** A turn of which the server does not know yet. */
export function newTurn(given: SessionChatInput): ShownTurn {
  const input = typeof given === 'string' ? { message: given } : given
  // Not `randomUUID`: a page that came over plain http has none.
  const key = crypto.getRandomValues(new Uint32Array(4)).join('-')
  const user = shownMessage({ id: key, role: 'user', content: input.message, status: 'sending' })
  return { key, input, user, isLive: true, seq: 0 }
}

/** The turns of a session's messages, as they were read from the server, in the order of their first ones. */
export function turnsOf(session_id: string, messages: readonly Message[]): ShownTurn[] {
  const turns = new Map<string, ShownTurn>()
  for (const { turn_id, message_id: id, role, content, status, ...message } of messages) {
    const ref = { session_id, turn_id }
    const turn = turns.get(turn_id) ?? {
      key: turn_id,
      ref,
      input: { message: content },
      isLive: false,
      seq: 0,
    }
    turns.set(turn_id, turn)
    const { functions_called: functionsCalled = [], created_at: createdAt } = message
    turn[role] = { id, turnId: turn_id, role, content, status, functionsCalled, createdAt }
  }
  return [...turns.values()]
}

/** A message with what is not said of it. */
export function shownMessage(
  message: Pick<ChatMessage, 'id' | 'role' | 'content'> & Partial<ChatMessage>,
): ChatMessage {
  return { status: 'complete', functionsCalled: [], createdAt: new Date().toISOString(), ...message }
}

/** Says how one of a turn's messages stands now, where there is one, and whether the turn is live. */
export function mark(
  turn: ShownTurn,
  role: ChatMessage['role'],
  status: ChatMessageStatus,
  isLive: boolean,
): void {
  turn.isLive = isLive
  const message = turn[role]
  if (message) turn[role] = { ...message, status }
}
