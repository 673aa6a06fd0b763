import { isChatError } from '../chat-error.js'
import { elapsed } from '../clock.js'
import type { NewMessage, TurnEnd } from '../session-store.js'
import type { FinalTurnEventBody, TurnFailureCode, TurnRef } from '../turn-event.js'
import { partialMessage, type TurnTranscript } from '../turn-transcript.js'
import type { LiveTurn, StopReason } from './live-turn.js'
import { OutputTooLargeError } from './take-chunk.js'

/** How a turn ended: by itself, or by a reason to stop. */
export type TurnOutcome = { readonly status: 'completed' } | StopReason

/** What a turn's outcome means for those who read it, and for the store. */
export function endOf(
  turn: LiveTurn,
  outcome: TurnOutcome,
  at: { readonly now: number; readonly monotonic: number; readonly messageId: string },
): { readonly event: FinalTurnEventBody; readonly end: TurnEnd } {
  const { ref, transcript } = turn
  if (outcome.status !== 'completed') return stoppedEnd(ref, transcript, outcome, at)
  const { content } = transcript
  const endedAt = at.now
  const functionsCalled = transcript.calls()
  const message: NewMessage = {
    messageId: at.messageId,
    turnId: ref.turnId,
    role: 'assistant',
    content,
    ...(functionsCalled.length > 0 ? { functionsCalled } : {}),
    status: 'complete',
    createdAt: endedAt,
  }
  return {
    event: {
      type: 'turn.completed',
      sessionId: ref.sessionId,
      turnId: ref.turnId,
      messageId: at.messageId,
      content,
      functionsCalled,
      finishReason: turn.finishReason,
      usage: turn.usage,
      durationMs: elapsed(turn.acceptedMonotonic, at.monotonic),
      endedAt,
    },
    end: {
      status: 'completed',
      endedAt,
      message,
      functionsCalled,
      ...(turn.state === undefined ? {} : { state: turn.state }),
    },
  }
}

/** The same for one that was stopped: it may be known by no more than its events. */
export function stoppedEnd(
  ref: TurnRef,
  transcript: TurnTranscript,
  outcome: StopReason,
  at: { readonly now: number; readonly messageId: string },
): { readonly event: FinalTurnEventBody; readonly end: TurnEnd } {
  const message = partialMessage(transcript, { ref, messageId: at.messageId, at: at.now })
  const functionsCalled = transcript.calls()
  return {
    event: stoppedEvent(outcome, transcript.content),
    end: { status: outcome.status, endedAt: at.now, message, functionsCalled },
  }
}

function stoppedEvent(outcome: StopReason, content: string): FinalTurnEventBody {
  switch (outcome.status) {
    case 'cancelled':
      return { type: 'turn.cancelled', reason: outcome.reason, content }
    case 'interrupted':
      return { type: 'turn.interrupted', reason: outcome.reason, content }
    case 'failed': {
      const { code, retryAfterSeconds } = outcome
      return {
        type: 'turn.failed',
        code,
        content,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      }
    }
  }
}

/**
 * What something that the chat interface threw means for its turn. It is somebody else's, and may be anything: also an
 * object that throws when it is looked at.
 */
export function failureOf(thrown: unknown): Extract<TurnOutcome, { status: 'failed' }> {
  try {
    return readFailure(thrown)
  } catch {
    const error = new Error('The chat interface threw something that can not be read.')
    return { status: 'failed', code: 'chat_failed', error }
  }
}

function readFailure(thrown: unknown): Extract<TurnOutcome, { status: 'failed' }> {
  const error =
    thrown instanceof Error
      ? thrown
      : new Error('The chat interface threw what is no Error.', { cause: thrown })
  if (error instanceof OutputTooLargeError) return { status: 'failed', code: 'output_too_large', error }
  if (!isChatError(error)) return { status: 'failed', code: 'chat_failed', error }
  const codes = {
    not_ready: 'not_ready',
    rate_limited: 'overloaded',
    timeout: 'chat_timeout',
    upstream_failed: 'upstream_failed',
    refused: 'upstream_failed',
  } as const satisfies Record<typeof error.code, TurnFailureCode>
  const { code, retryAfterSeconds } = error
  const isTime = typeof retryAfterSeconds === 'number' && retryAfterSeconds >= 0 && retryAfterSeconds < 1e9
  return {
    status: 'failed',
    code: codes[code],
    error,
    ...(isTime ? { retryAfterSeconds: Math.ceil(retryAfterSeconds) } : {}),
  }
}
