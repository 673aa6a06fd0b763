import { chatResponseShape } from './answer-shapes.js'
import type { TurnEvent } from './contract-types.js'
import type { Shape } from './shape.js'

export type TurnEventType = TurnEvent['type']

type DataOf<Type extends TurnEventType> = Extract<TurnEvent, { readonly type: Type }>['data']

/** What the data of each type of event is made of. A type that the contract gains is missing here until it is added. */
export const eventShapes: { readonly [Type in TurnEventType]: Shape<DataOf<Type>> } = {
  'turn.queued': { position: 'number' },
  'turn.started': { session_id: 'string', turn_id: 'string' },
  'text.delta': { text: 'string' },
  'function.called': { call_id: 'string', name: 'string', arguments: 'any' },
  'function.returned': { call_id: 'string', name: 'string' },
  data: { name: 'string', data: 'any' },
  'turn.completed': chatResponseShape,
  'turn.failed': {
    type: 'string',
    title: 'string',
    status: 'number',
    detail: 'string',
    code: 'string',
    content: 'string',
  },
  'turn.cancelled': { reason: 'string', content: 'string' },
  'turn.interrupted': { reason: 'string', content: 'string' },
}

export function isKnownEventType(type: string): type is TurnEventType {
  return Object.hasOwn(eventShapes, type)
}

/** Whether an event of this type ends its turn: nothing follows it. */
export function endsTurn(type: string): boolean {
  return (
    type === 'turn.completed' ||
    type === 'turn.failed' ||
    type === 'turn.cancelled' ||
    type === 'turn.interrupted'
  )
}
