import { z } from 'zod'
import { jsonValue, timestamp } from './json.js'
import { metadata } from './metadata.js'
import { optional } from './optional.js'
import { text } from './text.js'

/** The limits that a server sets on requests. */
export interface RequestLimits {
  /** The longest message, in Unicode code points. Default: 32,000. */
  readonly maxMessageLength: number
}

/** The body of `POST /api/v1/chat`, within a server's limits. */
export function chatRequest({ maxMessageLength }: RequestLimits = { maxMessageLength: 32_000 }) {
  return z
    .strictObject({
      message: text({ min: 1, max: maxMessageLength }).meta({
        description: "The user's message.",
        example: 'Show me some chairs',
      }),
      session_id: optional(z.string()).meta({
        description: 'The session that it belongs to. Left out, one is created.',
      }),
      stream: optional(z.boolean()).meta({ description: 'True streams the events of the turn.' }),
      metadata: optional(metadata),
    })
    .meta({ id: 'ChatRequest', example: { message: 'Show me some chairs' } })
}

/** A function that was called while an answer was made. */
export const functionCall = z
  .strictObject({
    call_id: z.string(),
    name: z.string(),
    arguments: jsonValue,
    result: optional(jsonValue),
    error: optional(z.string()),
  })
  .meta({
    id: 'FunctionCall',
    description: 'With its result, or its error, or neither when it never returned.',
  })

/** Why an answer ended. */
export const finishReason = z.enum(['stop', 'length', 'content_filter', 'other'])

/** What an answer cost. */
export const usage = z
  .strictObject({ input_tokens: z.int().min(0), output_tokens: z.int().min(0) })
  .meta({ id: 'Usage', description: "What the answer cost, in the chat interface's own tokens." })

/** The answer to a chat request. */
export const chatResponse = z
  .strictObject({
    session_id: z.string(),
    turn_id: z.string(),
    message_id: z.string(),
    content: z.string(),
    functions_called: z.array(functionCall),
    finish_reason: finishReason,
    usage: usage.nullable(),
    duration_ms: z.number().min(0),
    timestamp,
  })
  .meta({ id: 'ChatResponse' })
