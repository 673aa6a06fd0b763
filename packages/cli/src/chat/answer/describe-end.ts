import type { TurnEvent } from '@colloquy/client'
import { printable } from '../../output/printable.js'

/** How a turn ended, for people. */
export interface TurnEnd {
  /** Nothing, something to know, or something that went wrong. */
  readonly kind: 'whole' | 'note' | 'fault'
  readonly text: string
  /** Whether the turn was stopped because the client had asked for it. */
  readonly isStopped?: boolean
}

/** What the event says of the end of its turn; undefined when it does not end it. */
export function describeEnd(event: TurnEvent): TurnEnd | undefined {
  switch (event.type) {
    case 'turn.completed':
      return describeCompletion(event.data)
    case 'turn.failed': {
      const { detail, retry_after_seconds: seconds } = event.data
      return fault(`${detail}${seconds === undefined ? '' : ` Try again in ${seconds} s.`}`)
    }
    case 'turn.cancelled':
      return describeStop(event.data.reason)
    case 'turn.interrupted':
      return fault(
        `The answer was interrupted, because the server ${interruptions(event.data.reason)}. Ask again.`,
      )
    case 'turn.queued':
    case 'turn.started':
    case 'text.delta':
    case 'function.called':
    case 'function.returned':
    case 'data':
      return undefined
    default:
      return event satisfies never
  }
}

function describeCompletion({
  content,
  finish_reason: reason,
}: Extract<TurnEvent, { readonly type: 'turn.completed' }>['data']): TurnEnd {
  if (reason === 'length')
    return { kind: 'note', text: 'The answer is cut off: it is as long as it may be. Ask it to go on.' }
  if (reason === 'content_filter')
    return { kind: 'note', text: 'A filter of the model has cut the answer off.' }
  return content === '' ? { kind: 'note', text: '(The answer is empty.)' } : { kind: 'whole', text: '' }
}

function describeStop(reason: string): TurnEnd {
  switch (reason) {
    case 'client_request':
      return { kind: 'note', text: 'stopped', isStopped: true }
    case 'superseded':
      return fault('The answer was stopped: another message to the session took its place.')
    case 'session_deleted':
      return fault('The answer was stopped: the session was deleted.')
    default:
      return fault(`The answer was stopped (${reason}).`)
  }
}

function interruptions(reason: string): string {
  if (reason === 'shutdown') return 'was stopped'
  return reason === 'restart' || reason === 'lease_expired' ? 'had ended' : `ended it (${reason})`
}

function fault(text: string): TurnEnd {
  return { kind: 'fault', text: printable(text) }
}
