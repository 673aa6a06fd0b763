import type {
  ChatResponse,
  FunctionCall,
  Health,
  Message,
  Session,
  TurnEvent,
  Usage,
} from '@colloquy/contract'
import type {
  FunctionCall as FunctionCallRecord,
  ManagerHealth,
  MessageRecord,
  SessionRecord,
  TurnCompleted,
  TurnEvent as TurnEventRecord,
  TurnFailed,
  TurnRef,
  Usage as UsageRecord,
} from '@colloquy/session'
import { turnProblemFrom } from './problem-from.js'
import { ServerError } from './server-error.js'

/** Seconds that were written lately: since 1970, and as text up to the point. */
const writtenSeconds = new Map<number, string>()

/**
 * A time as it travels; it is given in milliseconds since 1970. Most are of a second that was written before, as is when a
 * session will end that is made now: to write one down as a whole costs half a microsecond.
 */
export function time(given: number): string {
  const ms = Math.trunc(given)
  const second = Math.floor(ms / 1_000)
  return `${writtenSecond(second)}${String(ms - second * 1_000).padStart(3, '0')}Z`
}

function writtenSecond(second: number): string {
  const known = writtenSeconds.get(second)
  if (known !== undefined) return known
  if (writtenSeconds.size >= 64) writtenSeconds.clear()
  const text = new Date(second * 1_000).toISOString().slice(0, -4)
  writtenSeconds.set(second, text)
  return text
}

/** A session as it travels. */
export function wireSession(session: SessionRecord): Session {
  return {
    session_id: session.sessionId,
    created_at: time(session.createdAt),
    last_active_at: time(session.lastActiveAt),
    expires_at: session.expiresAt === null ? null : time(session.expiresAt),
    ttl_seconds: session.ttlMs / 1_000,
    message_count: session.messageCount,
    active_turn_id: session.activeTurnId,
    metadata: session.metadata,
    chat: session.chat,
  }
}

/** A message as it travels. */
export function wireMessage(message: MessageRecord): Message {
  return {
    message_id: message.messageId,
    turn_id: message.turnId,
    role: message.role,
    content: message.content,
    ...(message.functionsCalled === undefined
      ? {}
      : { functions_called: message.functionsCalled.map(wireFunctionCall) }),
    status: message.status,
    created_at: time(message.createdAt),
  }
}

/** The answer to a chat request as it travels. */
export function wireChatResponse(turn: TurnCompleted): ChatResponse {
  return {
    session_id: turn.sessionId,
    turn_id: turn.turnId,
    message_id: turn.messageId,
    content: turn.content,
    functions_called: turn.functionsCalled.map(wireFunctionCall),
    finish_reason: turn.finishReason,
    usage: wireUsage(turn.usage),
    duration_ms: turn.durationMs,
    timestamp: time(turn.endedAt),
  }
}

/** Health as it travels. */
export function wireHealth(health: ManagerHealth, now: number): Health {
  return { status: health.status, components: wireComponents(health), timestamp: time(now) }
}

/** The health of every component as it travels. */
export function wireComponents(health: ManagerHealth): Health['components'] {
  const components = Object.entries(health.components)
  return Object.fromEntries(
    components.map(([name, { latencyMs, ...component }]) => [name, { ...component, latency_ms: latencyMs }]),
  )
}

/** An event as it travels. */
export function wireEvent(event: TurnEventRecord, ref: TurnRef): TurnEvent {
  const { seq } = event
  switch (event.type) {
    case 'text.delta':
      return { seq, type: event.type, data: { text: event.text } }
    case 'turn.queued':
      return { seq, type: event.type, data: { position: event.position } }
    case 'turn.started':
      return { seq, type: event.type, data: { session_id: event.sessionId, turn_id: event.turnId } }
    case 'function.called':
      return {
        seq,
        type: event.type,
        data: { call_id: event.callId, name: event.name, arguments: event.arguments },
      }
    case 'function.returned': {
      const call = { call_id: event.callId, name: event.name }
      return {
        seq,
        type: event.type,
        data: 'error' in event ? { ...call, error: event.error } : { ...call, result: event.result },
      }
    }
    case 'data':
      return { seq, type: event.type, data: { name: event.name, data: event.data } }
    case 'turn.completed':
      return { seq, type: event.type, data: wireChatResponse(event) }
    case 'turn.failed':
      return { seq, type: event.type, data: turnProblemFrom(turnFailure(event, ref)) }
    case 'turn.cancelled':
    case 'turn.interrupted':
      return { seq, type: event.type, data: { reason: event.reason, content: event.content } }
  }
}

/** The error that a failed turn is. */
export function turnFailure(
  { code, content, retryAfterSeconds }: TurnFailed,
  { sessionId, turnId }: TurnRef,
): ServerError {
  return new ServerError(code, { sessionId, turnId, content, retryAfterSeconds })
}

/** What an answer cost as it travels. */
export function wireUsage(usage: UsageRecord | null): Usage | null {
  return usage === null ? null : { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens }
}

/** A function call as it travels. */
export function wireFunctionCall({ callId, ...call }: FunctionCallRecord): FunctionCall {
  return { call_id: callId, ...call }
}
