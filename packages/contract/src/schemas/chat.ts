import { z } from 'zod'
import { chatName } from './chat-name.js'
import { described } from './described.js'
import { functionCall } from './function-call.js'
import { messageId, sessionId, turnId } from './ids.js'
import { metadata } from './metadata.js'
import { optional } from './optional.js'
import { text } from './text.js'
import { timestamp } from './timestamp.js'

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
        description: `The user's message: 1 to ${maxMessageLength} characters, counted in Unicode code points.`,
        examples: ['Show me some chairs'],
      }),
      session_id: optional(sessionId).meta({
        description: 'The session that the message belongs to. Left out, a session is created.',
      }),
      chat: optional(chatName).meta({
        description:
          'Of a message that creates a session: which of the chats of the server answers in it, by its name in `chats` of the status. ' +
          'Default: the first of them. With a `session_id` there is no choice, and any name is `validation_failed` (422); so is one that ' +
          'is none of them. A session whose chat the server no longer has answers `not_ready`.',
      }),
      stream: optional(z.boolean()).meta({
        description:
          'True streams the events of the turn, false answers with JSON. Left out, the header `Accept` decides: ' +
          '`text/event-stream` streams.',
        examples: [true],
      }),
      metadata: optional(described(metadata, 'Kept on the turn.')),
      on_busy: optional(z.enum(['reject', 'queue', 'interrupt'])).meta({
        description:
          'What happens when the session has a turn that runs or waits. `reject`: the message is refused with ' +
          '`turn_in_progress`. `queue`: its turn waits for those before it. `interrupt`: the turn that runs is cancelled ' +
          'with the reason `superseded`, and this one takes its place, however many wait. Left out: what the server is set to, `reject` ' +
          'unless configured.',
        examples: ['queue'],
      }),
      on_disconnect: optional(z.enum(['continue', 'cancel'])).meta({
        description:
          'What happens when the last reader of the turn has gone, and none comes back within 5 seconds, unless ' +
          'configured. `continue`: the turn goes on. `cancel`: it is cancelled with the reason `client_disconnected`. ' +
          'Default: `continue`.',
        examples: ['cancel'],
      }),
    })
    .meta({ id: 'ChatRequest', description: 'A message to be answered.' })
}

/** The headers of `POST /api/v1/chat`. */
export const chatHeaders = z.object({
  'Idempotency-Key': optional(
    z.string().regex(/^[!-~]{1,255}$/, 'Must have 1 to 255 visible ASCII characters, such as order-42.retry'),
  ).meta({
    description:
      'Stands for this request: 1 to 255 visible ASCII characters, new for each message, such as a random UUID. When the ' +
      'request is repeated with it, by the same caller, the answer is that of the same turn, and no other turn begins: as ' +
      'long as the session of the turn lives, and for 24 hours at most, unless configured. A turn that has failed is not tried ' +
      'again: another attempt wants a new key.',
    examples: ['3c9e6a1b-58d2-4f70-9b1e-2d4c6f8a0e13'],
  }),
})

/** Why an answer ended. */
export const finishReason = z.enum(['stop', 'length', 'content_filter', 'other']).meta({
  id: 'FinishReason',
  description:
    'Why the answer ended: it was whole (`stop`), as long as it may be (`length`), held back (`content_filter`), or ' +
    'for another reason.',
})

/** What an answer cost. */
export const usage = z
  .strictObject({
    input_tokens: z
      .int()
      .min(0)
      .meta({ description: 'Tokens that were read: the message and its history.', examples: [12] }),
    output_tokens: z
      .int()
      .min(0)
      .meta({ description: 'Tokens that were written.', examples: [34] }),
  })
  .meta({ id: 'Usage', description: "What an answer cost, in the chat interface's own tokens." })

/** The answer to a chat request. */
export const chatResponse = z
  .strictObject({
    session_id: sessionId,
    turn_id: turnId,
    message_id: messageId.meta({ description: "The id of the assistant's message." }),
    content: z.string().meta({
      description: 'The whole text of the answer; it may be empty.',
      examples: ['Here are three chairs.'],
    }),
    functions_called: z
      .array(functionCall)
      .meta({ description: 'Every function that was called, in the order of the calls.' }),
    finish_reason: finishReason,
    // A union, because the generator loses the null of a nullable component.
    usage: z
      .union([usage, z.null()])
      .meta({ description: 'What the answer cost; null when the chat interface does not say.' }),
    duration_ms: z
      .number()
      .min(0)
      .meta({
        description: 'From the acceptance of the message to the end of the turn, in milliseconds.',
        examples: [41.2],
      }),
    timestamp: timestamp.meta({
      description: 'When the turn ended (RFC 3339, in UTC, with milliseconds).',
    }),
  })
  .meta({ id: 'ChatResponse', description: 'The answer to a message.' })
