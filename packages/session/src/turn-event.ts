import type { FinishReason, FunctionCall, Usage } from './chat-interface.js'
import type { JsonValue } from './json.js'

/** Names one turn. */
export interface TurnRef {
  readonly sessionId: string
  readonly turnId: string
}

/** Where a turn stands: it waits, it runs, or it has ended in one of four ways. */
export type TurnStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'interrupted'

/** How a turn can end. */
export type TurnEndStatus = Exclude<TurnStatus, 'queued' | 'running'>

/** A turn's status: how it ended, or whether it has begun. */
export function turnStatus(ended: TurnEndStatus | null, startedAt: number | null): TurnStatus {
  return ended ?? (startedAt === null ? 'queued' : 'running')
}

/**
 * Why a turn failed:
 * - `chat_failed`: the chat interface threw, returned nothing, or yielded what is no chunk
 * - `chat_timeout`: it took too long to the first chunk, between two chunks, or in all
 * - `output_too_large`: it yielded more than the limits allow
 * - `not_ready`, `overloaded`, `upstream_failed`: it said so itself, by a `ChatError`
 * - `store_unavailable`: what it said could not be kept
 */
export type TurnFailureCode =
  | 'chat_failed'
  | 'chat_timeout'
  | 'output_too_large'
  | 'not_ready'
  | 'overloaded'
  | 'upstream_failed'
  | 'store_unavailable'

/** The answer is whole. */
export interface TurnCompleted {
  readonly type: 'turn.completed'
  readonly sessionId: string
  readonly turnId: string
  readonly messageId: string
  readonly content: string
  readonly functionsCalled: readonly FunctionCall[]
  readonly finishReason: FinishReason
  readonly usage: Usage | null
  /** From the acceptance of the message to this event, in milliseconds. */
  readonly durationMs: number
  /** When the turn ended, in milliseconds since 1970. */
  readonly endedAt: number
}

/** The answer could not be made. */
export interface TurnFailed {
  readonly type: 'turn.failed'
  readonly code: TurnFailureCode
  /** The text before the failure. */
  readonly content: string
  readonly retryAfterSeconds?: number
}

/** Somebody stopped the turn. */
export interface TurnCancelled {
  readonly type: 'turn.cancelled'
  readonly reason: string
  /** The text before the stop. */
  readonly content: string
}

/** The process that ran the turn stopped or died. */
export interface TurnInterrupted {
  readonly type: 'turn.interrupted'
  readonly reason: string
  /** The text before the interruption. */
  readonly content: string
}

/** The event that ends a turn: exactly one per turn, and nothing follows it. */
export type FinalTurnEventBody = TurnCompleted | TurnFailed | TurnCancelled | TurnInterrupted

/** What happened in a turn, without its number. */
export type TurnEventBody =
  /**
   * The turn waits for others of its session; 1 is next. Told again when its place gets better, and when it gets worse
   * (a message that interrupts is put before it), then at most once a second.
   */
  | { readonly type: 'turn.queued'; readonly position: number }
  | { readonly type: 'turn.started'; readonly sessionId: string; readonly turnId: string }
  | { readonly type: 'text.delta'; readonly text: string }
  | {
      readonly type: 'function.called'
      readonly callId: string
      readonly name: string
      readonly arguments: JsonValue
    }
  | {
      readonly type: 'function.returned'
      readonly callId: string
      readonly name: string
      readonly result: JsonValue
    }
  | {
      readonly type: 'function.returned'
      readonly callId: string
      readonly name: string
      readonly error: string
    }
  | { readonly type: 'data'; readonly name: string; readonly data: JsonValue }
  | FinalTurnEventBody

/**
 * A fact about a turn, with its number in the turn: from 1, without a gap. It is never changed once it is made, and whoever
 * is given it must not change it: all who read the turn are given the same one.
 */
export type TurnEvent = TurnEventBody & { readonly seq: number }

/** The event that ends a turn, with its number. */
export type FinalTurnEvent = FinalTurnEventBody & { readonly seq: number }

/** Tells whether an event ends its turn. */
export function isFinal(event: TurnEvent): event is FinalTurnEvent {
  switch (event.type) {
    case 'turn.completed':
    case 'turn.failed':
    case 'turn.cancelled':
    case 'turn.interrupted':
      return true
    case 'turn.queued':
    case 'turn.started':
    case 'text.delta':
    case 'function.called':
    case 'function.returned':
    case 'data':
      return false
  }
}
