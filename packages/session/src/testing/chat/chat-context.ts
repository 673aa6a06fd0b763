import type { ChatContext, HistoryMessage, TraceContext } from '../../chat-interface.js'
import { randomIds } from '../../ids.js'
import { freezeJson, type JsonValue } from '../../json.js'
import { silentLogger } from '../../logger.js'

/** What a chat interface is told of a turn, where that matters. */
export interface Told {
  /** Default: a session that nobody else has. */
  readonly sessionId?: string
  readonly metadata?: Readonly<Record<string, string>>
  /** Which of its chats the session has chosen. Default: the first one, where there is a choice. */
  readonly chat?: string | null
  readonly history?: readonly HistoryMessage[]
  readonly state?: JsonValue
  readonly trace?: TraceContext
}

/** Names a session as the session manager does: many chat interfaces may stand before one thing that remembers sessions. */
export function newSessionId(): string {
  return randomIds('sess')
}

/** Makes a context of a new turn. All in it that is read-only is a copy, and frozen with all that is in it. */
export function chatContext(
  { sessionId = newSessionId(), metadata = {}, chat = null, history = [], state = null, trace }: Told,
  signal: AbortSignal,
): ChatContext {
  const session = { id: sessionId, metadata, chat }
  return {
    ...freezeJson(structuredClone({ history, session, state })),
    turnId: randomIds('turn'),
    signal,
    ...(trace === undefined ? {} : { trace: Object.freeze({ ...trace }) }),
    logger: silentLogger,
  }
}
