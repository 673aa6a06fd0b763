import { z } from 'zod'
import { chatResponse } from './chat.js'
import { jsonValue } from './json.js'
import { optional } from './optional.js'
import { turnProblem } from './problem.js'

const seq = z.int().min(1)
const stopped = z.strictObject({ reason: z.string(), content: z.string() })

/** A server-sent event of a turn: `id:` is its number, `event:` its type, `data:` its data. */
export const turnEvent = z
  .discriminatedUnion('type', [
    z.strictObject({
      seq,
      type: z.literal('turn.started'),
      data: z.strictObject({ session_id: z.string(), turn_id: z.string() }),
    }),
    z.strictObject({ seq, type: z.literal('text.delta'), data: z.strictObject({ text: z.string() }) }),
    z.strictObject({
      seq,
      type: z.literal('function.called'),
      data: z.strictObject({ call_id: z.string(), name: z.string(), arguments: jsonValue }),
    }),
    z.strictObject({
      seq,
      type: z.literal('function.returned'),
      data: z.strictObject({
        call_id: z.string(),
        name: z.string(),
        result: optional(jsonValue),
        error: optional(z.string()),
      }),
    }),
    z.strictObject({
      seq,
      type: z.literal('data'),
      data: z.strictObject({ name: z.string(), data: jsonValue }),
    }),
    z.strictObject({ seq, type: z.literal('turn.completed'), data: chatResponse }),
    z.strictObject({ seq, type: z.literal('turn.failed'), data: turnProblem }),
    z.strictObject({ seq, type: z.literal('turn.cancelled'), data: stopped }),
    z.strictObject({ seq, type: z.literal('turn.interrupted'), data: stopped }),
  ])
  .meta({ id: 'TurnEvent' })
