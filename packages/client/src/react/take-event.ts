import { TurnError } from '@colloquy/client'
import type { TurnEvent } from '../contract-types.js'
import type { ChatMessage } from './chat.js'
import { type ShownTurn, shownMessage } from './shown-turn.js'

/** What a turn's messages are after an event. */
export function takeEvent(turn: ShownTurn, { type, data }: TurnEvent): Pick<ShownTurn, 'user' | 'answer'> {
  const turnId = turn.ref?.turn_id
  const user: ChatMessage | undefined = turn.user && {
    ...turn.user,
    turnId,
    status: type === 'turn.queued' ? 'queued' : 'complete',
  }
  const before =
    turn.answer ?? shownMessage({ id: `${turn.key}-answer`, turnId, role: 'assistant', content: '' })
  const answered = (change: Partial<ChatMessage>) => ({
    user,
    answer: { ...before, status: 'streaming', ...change } satisfies ChatMessage,
  })
  switch (type) {
    case 'text.delta':
      return answered({ content: before.content + data.text })
    case 'function.called':
      return answered({ functionsCalled: [...before.functionsCalled, data] })
    case 'function.returned':
      return answered({
        functionsCalled: before.functionsCalled.map((call) =>
          call.call_id === data.call_id ? { ...call, ...data } : call,
        ),
      })
    case 'turn.completed': {
      const { content, functions_called: functionsCalled, timestamp: createdAt } = data
      return answered({ content, functionsCalled, createdAt, status: 'complete' })
    }
    case 'turn.failed':
    case 'turn.cancelled':
    case 'turn.interrupted':
      // Without a text the server keeps no message of it, either.
      return turn.answer || data.content
        ? answered({ content: data.content, status: 'partial' })
        : { user, answer: undefined }
    case 'turn.queued':
    case 'turn.started':
    case 'data':
      return { user, answer: turn.answer }
  }
}

/** Whether an event is the final one of its turn. */
export function isFinal({ type }: TurnEvent): boolean {
  return /^turn\.(?!queued|started)/.test(type)
}

/** Why a turn ended without its answer, by its final event; undefined when it has one, or somebody wanted it to end. */
export function endFault({ type, data }: TurnEvent): Error | undefined {
  if (type === 'turn.failed') return new TurnError({ ...data, problem: data })
  if (type !== 'turn.interrupted') return undefined
  const { reason, content } = data
  const detail = `The turn was interrupted: ${reason}.`
  return new TurnError({ code: 'turn_interrupted', detail, problem: { content } })
}
