import { exampleIds } from '../schemas/example-ids.js'
import type { TurnEvent } from '../types.js'
import { exampleAnswer } from './answer-examples.js'
import type { Example } from './request-examples.js'

const ids = { session_id: exampleIds.session, turn_id: exampleIds.turn }

const begin: readonly TurnEvent[] = [
  { seq: 1, type: 'turn.started', data: ids },
  { seq: 2, type: 'text.delta', data: { text: 'Here are ' } },
]

const completed: readonly TurnEvent[] = [
  { seq: 1, type: 'turn.started', data: ids },
  {
    seq: 2,
    type: 'function.called',
    data: { call_id: 'call_1', name: 'lookup_products', arguments: { query: 'chair' } },
  },
  {
    seq: 3,
    type: 'function.returned',
    data: { call_id: 'call_1', name: 'lookup_products', result: { total: 3 } },
  },
  { seq: 4, type: 'data', data: { name: 'product_cards', data: [{ product_id: 'P001' }] } },
  { seq: 5, type: 'text.delta', data: { text: 'Here are ' } },
  { seq: 6, type: 'text.delta', data: { text: 'three chairs.' } },
  { seq: 7, type: 'turn.completed', data: exampleAnswer },
]

const failed: readonly TurnEvent[] = [
  ...begin,
  {
    seq: 3,
    type: 'turn.failed',
    data: {
      type: 'urn:colloquy:problem:chat_timeout',
      title: 'Chat time-out',
      status: 504,
      detail: 'The chat interface took too long to answer.',
      code: 'chat_timeout',
      ...ids,
      content: 'Here are ',
    },
  },
]

const cancelled: readonly TurnEvent[] = [
  ...begin,
  { seq: 3, type: 'turn.cancelled', data: { reason: 'client_request', content: 'Here are ' } },
]

const queued: readonly TurnEvent[] = [
  { seq: 1, type: 'turn.queued', data: { position: 2 } },
  { seq: 2, type: 'turn.queued', data: { position: 1 } },
  { seq: 3, type: 'turn.started', data: ids },
  { seq: 4, type: 'text.delta', data: { text: exampleAnswer.content } },
  { seq: 5, type: 'turn.completed', data: { ...exampleAnswer, functions_called: [] } },
]

const interrupted: readonly TurnEvent[] = [
  ...begin,
  { seq: 3, type: 'turn.interrupted', data: { reason: 'shutdown', content: 'Here are ' } },
]

const failedFunction: TurnEvent = {
  seq: 3,
  type: 'function.returned',
  data: { call_id: 'call_1', name: 'lookup_products', error: 'the catalogue is closed' },
}

/** Events of every type, for the schemas of them. */
export const eventExamples: readonly TurnEvent[] = [
  ...queued.slice(0, 1),
  ...completed,
  failedFunction,
  ...[failed, cancelled, interrupted].flatMap((events) => events.slice(-1)),
]

/** Whole streams, by the way that they end; and one of a turn that had to wait. */
export const streamExamples: Readonly<Record<string, Example<string>>> = {
  completed: { summary: 'The answer is whole', value: stream(completed) },
  failed: { summary: 'The chat interface failed', value: stream(failed) },
  cancelled: { summary: 'The turn was stopped', value: stream(cancelled) },
  interrupted: { summary: 'The server shut down', value: stream(interrupted) },
  queued: { summary: 'The turn had to wait', value: stream(queued) },
}

function stream(events: readonly TurnEvent[]): string {
  const frames = events.map(
    ({ seq, type, data }) => `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`,
  )
  return `retry: 1000\n${frames.join('')}`
}
