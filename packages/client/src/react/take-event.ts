import { TurnError } from '@colloquy/client'
import type { TurnEvent } from '../contract-types.js'
import type { ChatMessage } from './chat.js'
import { type ShownTurn, shownMessage } from './shown-turn.js'

/** What a turn's messages are after an event. */
export function takeEvent(turn: ShownTurn, event: TurnEvent): Pick<ShownTurn, 'user' | 'assistant'> {
  const { type, data } = event
  const turnId = turn.ref?.turn_id
  const status = type === 'turn.queued' ? 'queued' : 'complete'
  const user =
    turn.user && turn.user.status !== status
      ? ({ ...turn.user, turnId, status } satisfies ChatMessage)
      : turn.user
  const before =
    turn.assistant ?? shownMessage({ id: `${turn.key}-answer`, turnId, role: 'assistant', content: '' })
  const { content, functionsCalled } = before
  const answered = (change: Partial<ChatMessage>) => ({
    user,
    assistant: { ...before, status: 'streaming', ...change } satisfies ChatMessage,
  })
  if (type === 'text.delta') return answered({ content: content + data.text })
  if (type === 'function.called') return answered({ functionsCalled: [...functionsCalled, data] })
  if (type === 'function.returned') {
    const returned = functionsCalled.map((call) =>
      call.call_id === data.call_id ? { ...call, ...data } : call,
    )
    return answered({ functionsCalled: returned })
  }
  if (type === 'turn.completed') {
    const { content, functions_called: functionsCalled, timestamp: createdAt } = data
    return answered({ content, functionsCalled, createdAt, status: 'complete' })
  }
  // Of a turn that ended without a text the server keeps no answer, either.
  if (isFinal(event) && (turn.assistant || event.data.content)) {
    return answered({ content: event.data.content, status: 'partial' })
  }
  return { user, assistant: turn.assistant }
}

/** The last event of a turn. */
export type FinalTurnEvent = Extract<
  TurnEvent,
  { type: 'turn.completed' | 'turn.failed' | 'turn.cancelled' | 'turn.interrupted' }
>

/** Whether an event is the final one of its turn. */
export function isFinal(event: TurnEvent): event is FinalTurnEvent {
  return /^turn\.[cfi]/.test(event.type)
}

/** Why a turn ended without its answer, by its final event; undefined when it has one, or somebody wanted it to end. */
export function endFault({ type, data }: FinalTurnEvent): Error | undefined {
  if (type === 'turn.completed' || type === 'turn.cancelled') return undefined
  const { code, detail, status } =
    type === 'turn.failed'
      ? data
      : { code: 'turn_interrupted', detail: `Interrupted: ${data.reason}.`, status: 0 }
  return new TurnError({ code, detail, status, problem: data })
}
