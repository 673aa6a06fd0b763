import { z } from 'zod'
import { chatResponse } from './chat.js'
import { described } from './described.js'
import { callId, functionArguments, functionError, functionName, functionResult } from './function-call.js'
import { sessionId, turnId } from './ids.js'
import { jsonValue } from './json.js'
import { turnProblem } from './problem.js'

const seq = z
  .int()
  .min(1)
  .meta({
    description: 'Its number in the turn, from 1 and without a gap: the `id` of its frame.',
    examples: [1],
  })

const dataOf = 'The `data` of its frame, as JSON.'

/** An event of one type. Its type is the `event` of its frame. */
function event<const Type extends string, Data extends z.ZodType>(
  type: Type,
  data: Data,
  about: { readonly id: string; readonly description: string },
) {
  const name = z.literal(type).meta({ description: 'The `event` of its frame.' })
  return z.strictObject({ seq, type: name, data }).meta(about)
}

const partialContent = z.string().meta({
  description: 'The text before the turn ended; it may be empty.',
  examples: ['Here are'],
})

const queued = event(
  'turn.queued',
  z
    .strictObject({
      position: z
        .int()
        .min(1)
        .meta({ description: 'Its place among the turns that wait: 1 is next.', examples: [1] }),
    })
    .meta({ description: dataOf }),
  {
    id: 'TurnQueuedEvent',
    description:
      'The turn waits for others of its session: its first event, and again when its place gets better, or worse ' +
      '(at most once a second). ' +
      '`turn.started` follows when it begins.',
  },
)

const started = event(
  'turn.started',
  z.strictObject({ session_id: sessionId, turn_id: turnId }).meta({ description: dataOf }),
  { id: 'TurnStartedEvent', description: 'The turn has begun: its first event, unless it had to wait.' },
)

const textDelta = event(
  'text.delta',
  z
    .strictObject({
      text: z
        .string()
        .meta({ description: 'What comes after the text of the events before.', examples: ['Here '] }),
    })
    .meta({ description: dataOf }),
  { id: 'TextDeltaEvent', description: 'The next piece of the answer.' },
)

const functionCalled = event(
  'function.called',
  z
    .strictObject({ call_id: callId, name: functionName, arguments: functionArguments })
    .meta({ description: dataOf }),
  { id: 'FunctionCalledEvent', description: 'The chat interface calls a function.' },
)

const functionReturned = event(
  'function.returned',
  z
    .union([
      z.strictObject({ call_id: callId, name: functionName, result: functionResult }),
      z.strictObject({ call_id: callId, name: functionName, error: functionError }),
    ])
    .meta({ description: `${dataOf} Either a result or an error.` }),
  { id: 'FunctionReturnedEvent', description: 'A function that was called has returned, or failed.' },
)

const data = event(
  'data',
  z
    .strictObject({
      name: z
        .string()
        .meta({ description: 'What the chat interface calls it.', examples: ['product_cards'] }),
      data: described(jsonValue, 'What it says: any JSON value.'),
    })
    .meta({ description: dataOf }),
  { id: 'DataEvent', description: 'Anything else that the chat interface wants to send.' },
)

const completed = event('turn.completed', chatResponse, {
  id: 'TurnCompletedEvent',
  description:
    'The answer is whole: the last event of the turn. Its data is what the JSON form answers with.',
})

const failed = event('turn.failed', turnProblem, {
  id: 'TurnFailedEvent',
  description: 'The chat interface, or the server, could not answer: the last event of the turn.',
})

const cancelled = event(
  'turn.cancelled',
  z
    .strictObject({
      reason: z.string().meta({
        description:
          'Why it was stopped: `client_request`, `client_disconnected`, `superseded`, `session_deleted`, or what whoever ' +
          'stopped it says.',
        examples: ['client_request'],
      }),
      content: partialContent,
    })
    .meta({ description: dataOf }),
  { id: 'TurnCancelledEvent', description: 'The turn was stopped: its last event. The text so far is kept.' },
)

const interrupted = event(
  'turn.interrupted',
  z
    .strictObject({
      reason: z.string().meta({
        description: 'Why the server could not go on: `shutdown`, `restart` or `lease_expired`.',
        examples: ['shutdown'],
      }),
      content: partialContent,
    })
    .meta({ description: dataOf }),
  {
    id: 'TurnInterruptedEvent',
    description: 'The server that ran the turn stopped or died: its last event. The text so far is kept.',
  },
)

/** A server-sent event of a turn: `id:` is its number, `event:` its type, `data:` its data. */
export const turnEvent = z
  .discriminatedUnion('type', [
    queued,
    started,
    textDelta,
    functionCalled,
    functionReturned,
    data,
    completed,
    failed,
    cancelled,
    interrupted,
  ])
  .meta({
    id: 'TurnEvent',
    description:
      'One numbered fact about a turn, as a server-sent event: the `id` of its frame is its `seq`, `event` its `type`, ' +
      'and `data` its `data` as JSON.',
  })
